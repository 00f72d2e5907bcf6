import { invalid } from '../errors';
import { defaultPackageLimits } from './packages/package-limits';

/** What an asset request does with a file that is there already, or is not (ImportCourseAssetFile, updateAssetPolicy). */
export const assetPolicies = ['reject', 'strict', 'lax'] as const;
export type AssetPolicy = (typeof assetPolicies)[number];

const refused = (name: string, message: string) =>
  invalid('The path cannot be used.', { details: [{ path: name, message }] });

/** What is wrong with a path, if anything. */
function faultOf(path: string): string | undefined {
  if (path === '') return 'must not be empty';
  if (Buffer.byteLength(path) > defaultPackageLimits.maxPathLength) {
    return `must not be longer than ${defaultPackageLimits.maxPathLength} bytes`;
  }
  if (/\p{Cc}/u.test(path)) return 'must not hold control characters';
  if (path.includes('\\')) return 'must have slashes, not backslashes, between folders';
  if (/^(\/|[a-z]:)/i.test(path)) return 'must be relative to the course’s base folder';
  const segments = path.split('/');
  if (segments.includes('..')) return 'must not climb out with ".."';
  if (segments.includes('') || segments.includes('.')) return 'must name a file, without empty or "." parts';
  return undefined;
}

/**
 * The path inside the course that a caller means: as a package's own paths are, exact also in case. One leading slash is
 * the course's base folder, because the vendor documents `/Etiquette/Course.html` so. `name` is the parameter's.
 */
export function assetPath(text: string, name: string): string {
  const path = text.replace(/^\//, '');
  const fault = faultOf(path);
  if (fault !== undefined) throw refused(name, fault);
  return path;
}

/** Throws where the policy forbids to write a file that is there, or that is not. */
export function assertPolicy(policy: AssetPolicy, path: string, exists: boolean): void {
  if (policy === 'reject' && exists) {
    throw invalid(`The course has a file "${path}" already, and updateAssetPolicy=reject keeps it.`, {
      code: 'asset_exists',
    });
  }
  if (policy === 'strict' && !exists) {
    throw invalid(`The course has no file "${path}" to replace, which updateAssetPolicy=strict asks for.`, {
      code: 'asset_missing',
    });
  }
}

/** The folders that a path lies in: `a/b/c` lies in `a` and `a/b`. */
export const foldersOf = (path: string): string[] =>
  path.split('/').flatMap((_, index, segments) => (index === 0 ? [] : [segments.slice(0, index).join('/')]));

/** What does not get smaller: deflating it again would cost time for nothing. */
const packed =
  /\.(mp4|m4v|m4a|mp3|webm|og[gav]|opus|flac|aac|mov|avi|wmv|mpe?g|3gp|jpe?g|png|gif|webp|avif|woff2?|zip|gz|7z|rar|pdf|docx|xlsx|pptx)$/i;

export const isPacked = (path: string): boolean => packed.test(path);
