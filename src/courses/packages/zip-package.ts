import { Readable } from 'node:stream';
import { notFound } from '../../errors';
import { refuse } from './package-errors';
import type { PackageFiles } from './package-files';
import type { PackageEntry, RandomAccess } from './package';
import { entryBytes } from './zip-entry';

/** The files of a package that stays zipped, read where they lie. Paths are exact, also in case. */
export class ZipPackage implements PackageFiles {
  readonly paths: readonly string[];
  private readonly byPath: ReadonlyMap<string, PackageEntry>;

  /** `entries` as `readZipIndex` found them in the same source. */
  constructor(
    private readonly source: RandomAccess,
    readonly entries: readonly PackageEntry[],
  ) {
    this.paths = entries.map(({ path }) => path);
    this.byPath = new Map(entries.map((entry) => [entry.path, entry]));
  }

  find(path: string): PackageEntry | undefined {
    return this.byPath.get(path);
  }

  has(path: string): boolean {
    return this.byPath.has(path);
  }

  /** A whole file, proved by its checksum. Refuses one of more than `maxBytes` before reading any of it. */
  async readFile(path: string, maxBytes: number): Promise<Buffer> {
    const entry = this.get(path);
    if (entry.size > maxBytes) throw refuse.fileTooLarge(path, maxBytes);
    const chunks: Buffer[] = [];
    for await (const chunk of entryBytes(this.source, entry)) chunks.push(chunk);
    return Buffer.concat(chunks, entry.size);
  }

  /** A file's uncompressed bytes as a stream, which fails at its end if they were not whole. */
  async openFile(path: string): Promise<Readable> {
    return Readable.from(entryBytes(this.source, this.get(path)), { objectMode: false });
  }

  private get(path: string): PackageEntry {
    const entry = this.byPath.get(path);
    if (entry === undefined) throw notFound(`There is no file "${path}" in the package.`);
    return entry;
  }
}
