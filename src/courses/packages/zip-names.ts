import { isUtf8 } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { decode } from 'iconv-lite';
import { refuse } from './package-errors';
import { findExtraField } from './zip-extra-fields';

/** Info-ZIP's extra field that holds a name in UTF-8 (APPNOTE 4.6.9). */
const unicodePathField = 0x7075;

/**
 * The name as a person wrote it. Many tools write UTF-8 without its flag (APPNOTE 4.4.4, bit 11), so that what is valid
 * UTF-8 is read as such; only what cannot be is code page 437 (APPNOTE appendix D).
 */
export function decodeName(raw: Buffer, extra: Buffer): string {
  const bytes = unicodePath(raw, extra) ?? raw;
  return isUtf8(bytes) ? bytes.toString('utf8') : decode(bytes, 'cp437');
}

/** The field counts only if its checksum fits the name: other tools rename entries and leave it behind. */
function unicodePath(raw: Buffer, extra: Buffer): Buffer | undefined {
  const field = findExtraField(extra, unicodePathField);
  if (field === undefined || field.length < 6 || field[0] !== 1 || field.readUInt32LE(1) !== crc32(raw))
    return undefined;
  const path = field.subarray(5);
  return isUtf8(path) ? path : undefined;
}

/** Nothing, one dot or two between slashes: most names have none, and are paths as they are. */
const unusualSegment = /(^|\/)\.{0,2}(\/|$)/;

/**
 * The path inside the package that a name stands for; `isFolder` when it ends in a slash. Separators of Windows tools are
 * slashes before anything is judged. Refuses what is absolute, climbs out or holds control characters.
 */
export function entryPath(name: string): { path: string; isFolder: boolean } {
  const slashed = name.replaceAll('\\', '/');
  if (/\p{Cc}/u.test(slashed)) throw refuse.pathControlCharacter(name);
  if (/^(\/|[a-z]:)/i.test(slashed)) throw refuse.pathAbsolute(name);
  if (!unusualSegment.test(slashed)) return { path: slashed, isFolder: false };
  const segments = slashed.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..')) throw refuse.pathEscapes(name);
  return { path: segments.join('/'), isFolder: slashed.endsWith('/') || segments.length === 0 };
}

/** What macOS adds to a zip beside the files: nothing of the course. */
export const isMacJunk = (path: string): boolean => path.startsWith('__MACOSX/') || /(^|\/)\.DS_Store$/.test(path);
