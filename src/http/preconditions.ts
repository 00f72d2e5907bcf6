import { preconditionFailed } from '../errors';

/** A version as an ETag (RFC 9110 8.8.3). */
export const versionTag = (version: number): string => `"${version}"`;

/** Refuses a change of another version than the one that If-Match names (RFC 9110 13.1.1); without the header all pass. */
export function requireMatch(ifMatch: string | undefined, version: number): void {
  if (ifMatch === undefined) return;
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (tags.includes('*') || tags.includes(versionTag(version))) return;
  throw preconditionFailed(
    `It has changed since: its ETag is ${versionTag(version)} now. Read it again, and decide whether your change still fits.`,
  );
}
