import { createHash } from 'node:crypto';
import { preconditionFailed } from '../errors';

/** A version as an ETag (RFC 9110 8.8.3). */
export const versionTag = (version: number): string => `"${version}"`;

/** The ETag of an answer that has no version: of its content. */
export const contentTag = (answer: unknown): string =>
  `"${createHash('sha256').update(JSON.stringify(answer)).digest('base64url')}"`;

/**
 * Whether a caller has what is answered already (RFC 9110 13.1.2). `Cache-Control: no-cache`, which fetch adds by itself, is for
 * caches on the way.
 */
export const isKnown = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch !== undefined &&
  ifNoneMatch.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));

/**
 * The versions that If-Match or If-None-Match names; none at all is `*`, undefined where there is no such header. Tags that
 * are not ours match nothing: version 0 is never there.
 */
export function readTags(header: string | undefined): number[] | undefined {
  if (header === undefined) return undefined;
  const tags = header.split(',').map((tag) => tag.trim());
  if (tags.includes('*')) return [];
  return tags.map((tag) => Number(/^(?:W\/)?"(\d{1,9})"$/.exec(tag)?.[1] ?? 0));
}

/** Refuses a change of another version than the one that If-Match names (RFC 9110 13.1.1); without the header all pass. */
export function requireMatch(ifMatch: string | undefined, version: number): void {
  if (ifMatch === undefined) return;
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (tags.includes('*') || tags.includes(versionTag(version))) return;
  throw preconditionFailed(
    `It has changed since: its ETag is ${versionTag(version)} now. Read it again, and decide whether your change still fits.`,
  );
}
