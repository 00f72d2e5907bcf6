import { refuse } from './package-errors';
import type { PackageLimits } from './package-limits';
import type { PackageEntry } from './package';
import type { CentralHeader, LocalHeader } from './zip-headers';

/** Bits of an entry's flags (APPNOTE 4.4.4). */
const flag = { encrypted: 1 << 0, sizesFollow: 1 << 3, strongEncryption: 1 << 6, maskedHeader: 1 << 13 } as const;

/** Methods that cannot be read here, as tools call them (APPNOTE 4.4.5). */
const methodNames: Record<number, string> = {
  1: 'Shrink',
  6: 'Implode',
  9: 'Deflate64',
  12: 'BZIP2',
  14: 'LZMA',
  93: 'Zstandard',
  95: 'XZ',
  98: 'PPMd',
};

const aesMethod = 99;

/** How a file's data is to be read; refuses what cannot be read at all. */
export function fileMethod(path: string, header: CentralHeader): PackageEntry['method'] {
  const { flags, method, compressedSize, size } = header;
  const locked = flags & (flag.encrypted | flag.strongEncryption | flag.maskedHeader);
  if (locked !== 0 || method === aesMethod) throw refuse.encrypted(path);
  if (method === 8) return 'deflated';
  if (method !== 0) throw refuse.methodUnsupported(path, methodNames[method] ?? `method ${method}`);
  if (compressedSize !== size) throw refuse.damaged('an uncompressed file has two sizes', path);
  return 'stored';
}

/**
 * The file type of a Unix mode (`S_IFMT`): only an ordinary file, a folder or none at all may be in a package. Whatever
 * system the entry claims to come from, because some tools write modes under the name of MS-DOS.
 */
export function refuseSpecialFile(path: string, attributes: number): void {
  const type = (attributes >>> 28) & 0xf;
  if (type === 0xa) throw refuse.symbolicLink(path);
  if (![0, 0x4, 0x8].includes(type)) throw refuse.specialFile(path);
}

/** Readers differ in which header they believe, so that the two must say the same. */
export function refuseDisagreement(path: string, central: CentralHeader, local: LocalHeader): void {
  // Sizes and checksum of a file that was streamed stand behind its data, and zero or nothing in the local header.
  const streamed = ((central.flags | local.flags) & flag.sizesFollow) !== 0;
  const agree = (here: number | undefined, there: number) => here === there || (streamed && !here);
  if (!local.rawName.equals(central.rawName)) throw refuse.headersDisagree(path, 'name');
  if (local.method !== central.method) throw refuse.headersDisagree(path, 'compression method');
  if ((local.flags ^ central.flags) & flag.encrypted) throw refuse.headersDisagree(path, 'encryption');
  if (!agree(local.crc32, central.crc32)) throw refuse.headersDisagree(path, 'checksum');
  if (!agree(local.size, central.size) || !agree(local.compressedSize, central.compressedSize)) {
    throw refuse.headersDisagree(path, 'size');
  }
}

/** What unpacks to far more than it takes. */
export function refuseBombs(
  entries: readonly { path: string; header: Pick<CentralHeader, 'size' | 'compressedSize'> }[],
  { maxRatio, ratioFloor, entryRatioFloor }: PackageLimits,
): void {
  let size = 0;
  let compressedSize = 0;
  for (const { path, header } of entries) {
    const swells = header.size > maxRatio * header.compressedSize;
    if (swells && header.size >= entryRatioFloor) throw refuse.ratioTooHigh(maxRatio, path);
    size += header.size;
    compressedSize += header.compressedSize;
  }
  if (size >= ratioFloor && size > maxRatio * compressedSize) throw refuse.ratioTooHigh(maxRatio);
}

/**
 * Two files of one path, or a file where another path needs a folder. Folders may repeat, and so may names that differ
 * in case. With separators sorted before everything else, all that lies under a path follows it at once; and unlike a set of
 * all folders this does not grow with the depth of hostile paths.
 */
export function refuseClashes(files: readonly string[], folders: readonly string[]): void {
  const keys = [...files, ...folders.map((folder) => `${folder}/`)].map((path) => path.replaceAll('/', '\0')).sort();
  for (const [index, key] of keys.entries()) {
    const next = keys[index + 1];
    if (key.endsWith('\0')) continue;
    if (next === key) throw refuse.duplicate(key.replaceAll('\0', '/'));
    if (next?.startsWith(`${key}\0`)) throw refuse.fileAndFolder(key.replaceAll('\0', '/'));
  }
}
