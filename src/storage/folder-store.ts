import { randomUUID } from 'node:crypto';
import { mkdir, opendir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { notFound } from '../errors';
import { checkBlobKey, isBlobKey, newBlobKey } from './blob-key';
import type { Age, BlobReader, ContentStore, StoredBlob, WriteOptions } from './content-store';
import { syncFolder, writeDurably } from './durable-file';
import { fileSource } from './file-source';
import { MeasuredSource } from './measured-source';
import { RangedBlob } from './ranged-blob';
import { diskFailure, failAs, isMissing } from './storage-failure';

/**
 * Blobs as files: `blobs/ab/cd/abcd…`. A blob is written to `incoming/` and renamed when it is whole and on the disk, so
 * that what is under `blobs/` is always complete. Both must lie on one file system.
 */
export class FolderStore implements ContentStore {
  private readonly incoming: string;
  private readonly blobs: string;

  constructor(folder: string) {
    this.incoming = join(folder, 'incoming');
    this.blobs = join(folder, 'blobs');
  }

  async write(source: Readable | AsyncIterable<Uint8Array>, options: WriteOptions): Promise<StoredBlob> {
    const key = newBlobKey();
    const measured = new MeasuredSource(source, options);
    try {
      await mkdir(this.incoming, { recursive: true });
      await writeDurably(join(this.incoming, key), measured);
      await this.publish(key);
      return { key, size: measured.size, sha256: measured.sha256() };
    } catch (error) {
      measured.destroy();
      await this.discard(key);
      throw measured.failure ?? diskFailure('The content store cannot be written', error);
    }
  }

  async open(key: string): Promise<BlobReader> {
    const path = this.pathOf(key);
    try {
      return await openFile(path);
    } catch (error) {
      if (isMissing(error)) throw notFound(`The content store holds nothing under the key ${key}.`, { cause: error });
      throw diskFailure('The content store cannot be read', error);
    }
  }

  async remove(key: string): Promise<void> {
    const path = this.pathOf(key);
    await rm(path, { force: true }).catch(failAs('The content store cannot be written'));
  }

  async *list({ olderThan }: Age): AsyncGenerator<string> {
    for await (const first of namesIn(this.blobs, isFanOut)) {
      for await (const second of namesIn(join(this.blobs, first), isFanOut)) {
        yield* keysIn(join(this.blobs, first, second), olderThan);
      }
    }
  }

  async removeAbandoned({ olderThan }: Age): Promise<number> {
    let removed = 0;
    for await (const key of keysIn(this.incoming, olderThan)) {
      await rm(join(this.incoming, key), { force: true });
      removed += 1;
    }
    return removed;
  }

  async check(): Promise<void> {
    const probe = join(this.incoming, randomUUID());
    try {
      await mkdir(this.incoming, { recursive: true });
      await writeFile(probe, probe, { flag: 'wx' });
      await readFile(probe);
      await rm(probe);
    } catch (error) {
      throw diskFailure('The content store cannot be written and read', error);
    }
  }

  private async publish(key: string): Promise<void> {
    const folder = this.folderOf(key);
    await mkdir(folder, { recursive: true });
    await rename(join(this.incoming, key), this.pathOf(key));
    // All three levels: another write may just have made one of them, and not have come to its sync yet.
    await syncFolder(folder);
    await syncFolder(join(folder, '..'));
    await syncFolder(this.blobs);
  }

  /** On a broken disk this fails as the write did, which is reported; the rest is then found by `removeAbandoned`. */
  private async discard(key: string): Promise<void> {
    await Promise.allSettled([join(this.incoming, key), this.pathOf(key)].map((path) => rm(path, { force: true })));
  }

  private folderOf(key: string): string {
    return join(this.blobs, key.slice(0, 2), key.slice(2, 4));
  }

  private pathOf(key: string): string {
    checkBlobKey(key);
    return join(this.folderOf(key), key);
  }
}

async function openFile(path: string): Promise<BlobReader> {
  const file = await fileSource(path);
  const read = (offset: number, length: number) =>
    file.read(offset, length).catch(failAs('The content store cannot be read'));
  return new RangedBlob({ size: file.size, read, close: () => file.close() });
}

const isFanOut = (name: string): boolean => /^[0-9a-f]{2}$/.test(name);

/** Names of the store's own form, one by one: others are someone else's. A folder that is not there (any more) has none. */
async function* namesIn(folder: string, isOwn: (name: string) => boolean): AsyncGenerator<string> {
  try {
    for await (const { name } of await opendir(folder)) if (isOwn(name)) yield name;
  } catch (error) {
    if (!isMissing(error)) throw diskFailure('The content store cannot be read', error);
  }
}

async function* keysIn(folder: string, olderThan: Date): AsyncGenerator<string> {
  for await (const key of namesIn(folder, isBlobKey)) {
    const file = await stat(join(folder, key)).catch(() => undefined);
    if (file && file.mtime < olderThan) yield key;
  }
}
