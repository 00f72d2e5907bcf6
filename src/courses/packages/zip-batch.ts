import { crc32 } from 'node:zlib';
import { refuse } from './package-errors';
import type { PackageEntry, RandomAccess } from './package';
import { drain, entryBytes } from './zip-entry';
import { findUnproven, type Member } from './zip-gzip-proof';

/** Bytes of the zip, and of what they unpack to, that are checked at once. Larger batches are not faster. */
const maxBytes = 1024 * 1024;
const maxSize = 8 * maxBytes;

const endOf = (entry: PackageEntry): number => entry.dataOffset + entry.compressedSize;

/** Small files that lie next to each other in the zip, to be read and checked in one go. */
export class Batch {
  private readonly entries: PackageEntry[] = [];
  /** Uncompressed bytes. */
  size = 0;

  /** Whether a batch can take the file at all. */
  static takes(entry: PackageEntry): boolean {
    return entry.compressedSize <= maxBytes && entry.size <= maxSize;
  }

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  /** Adds a file that lies behind those that are here; false when there is no room for it. */
  tryAdd(entry: PackageEntry): boolean {
    const start = this.entries[0]?.dataOffset ?? entry.dataOffset;
    if (endOf(entry) - start > maxBytes || this.size + entry.size > maxSize) return false;
    this.entries.push(entry);
    this.size += entry.size;
    return true;
  }

  /** Proves every file as `entryBytes` does, and fails as it does. */
  async check(source: RandomAccess): Promise<void> {
    const [first] = this.entries;
    if (first === undefined) return;
    const start = first.dataOffset;
    const bytes = await source.read(start, endOf(this.entries.at(-1)!) - start);
    const members: Member[] = [];
    for (const entry of this.entries) {
      const data = bytes.subarray(entry.dataOffset - start, endOf(entry) - start);
      if (entry.method === 'stored') checkStored(entry, data);
      else members.push({ entry, data });
    }
    const empty = members.filter(({ entry }) => entry.size === 0);
    const unproven = await findUnproven(members.filter(({ entry }) => entry.size > 0));
    for (const { entry } of [...empty, ...unproven]) await drain(entryBytes(source, entry));
  }
}

function checkStored(entry: PackageEntry, data: Buffer): void {
  if (crc32(data) !== entry.crc32) throw refuse.checksum(entry.path);
}
