import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { unavailable } from '../errors';
import type { CacheSettings } from './content-store';
import { bucketFailure, failAs, isMissing } from './storage-failure';

/** Big enough that an object store's time to first byte is small beside the transfer, small enough for reads here and there. */
const defaultChunkBytes = 8 * 1024 * 1024;
/** Behind each chunk's bytes: their CRC-32. */
const trailerBytes = 4;
/** The folder is looked through each time this share of its limit has come in, and then emptied to leave that share free. */
const sweepShare = 0.1;
/** A use is noted in the file's time at most this often (ms): close enough to tell what is in use, and rarely a write. */
const touchInterval = 60_000;
/** Files of the cache: `<blob's key>.<index>`, followed by a random suffix while being fetched. Any other is left alone. */
const cacheFile = /^[0-9a-f-]{36}\.\d+(\.[0-9a-f-]+)?$/;

interface Blob {
  key: string;
  size: number;
}

interface Chunk extends Blob {
  offset: number;
  length: number;
  path: string;
}

interface CachedFile {
  path: string;
  bytes: number;
  /** ms */
  usedAt: number;
}

export interface ChunkCacheOptions extends CacheSettings {
  chunkBytes?: number;
  /** Opens a part of a blob at its origin. */
  fetch(key: string, offset: number, length: number): Promise<Readable>;
}

/**
 * Aligned chunks of blobs in a local folder, the longest unused removed first. The folder is all its state: it survives
 * restarts, and several processes can share it, each keeping it under the limit (at the worst, a sweep's share above it
 * for each process more).
 */
export class ChunkCache {
  private readonly chunkBytes: number;
  private readonly fetching = new Map<string, Promise<void>>();
  /** Files whose checksum this process has seen to be right: what a crash or a hand may have spoiled lies from before. */
  private readonly trusted = new Set<string>();
  private addedSinceSweep = Infinity;
  private sweeping: Promise<void> | undefined;

  constructor(private readonly options: ChunkCacheOptions) {
    this.chunkBytes = options.chunkBytes ?? defaultChunkBytes;
  }

  /** Reads a range that lies within the blob. */
  async read(blob: Blob, offset: number, length: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    const end = offset + length;
    for (let at = offset; at < end;) {
      const chunk = this.chunkAt(blob, at);
      const upTo = Math.min(end, chunk.offset + chunk.length);
      pieces.push(await this.readWithin(chunk, at - chunk.offset, upTo - at));
      at = upTo;
    }
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }

  /** Forgets a blob. */
  async drop(key: string): Promise<void> {
    const folder = this.folderOf(key);
    const names = await readdir(folder).catch(() => []);
    await Promise.all(names.filter((name) => name.startsWith(key)).map((name) => this.discard(join(folder, name))));
  }

  private chunkAt({ key, size }: Blob, position: number): Chunk {
    const index = Math.floor(position / this.chunkBytes);
    const offset = index * this.chunkBytes;
    const length = Math.min(this.chunkBytes, size - offset);
    return { key, size, offset, length, path: join(this.folderOf(key), `${key}.${index}`) };
  }

  private folderOf(key: string): string {
    return join(this.options.folder, key.slice(0, 2));
  }

  private async readWithin(chunk: Chunk, offset: number, length: number): Promise<Buffer> {
    // What was fetched can be gone again when the cache is much too small for what is read at one time.
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const bytes = await this.readCached(chunk, offset, length).catch(failAs('The content cache cannot be read'));
      if (bytes) return bytes;
      await this.fetchOnce(chunk);
    }
    throw unavailable(
      'The content cache loses what is fetched before it is read: give it more room, or a folder of its own.',
    );
  }

  /** Undefined when the chunk is not there, or not whole. */
  private async readCached(chunk: Chunk, offset: number, length: number): Promise<Buffer | undefined> {
    const file = await openIfThere(chunk.path);
    if (!file) return undefined;
    try {
      const { size, mtimeMs } = await file.stat();
      if (size !== chunk.length + trailerBytes || !(await this.isSound(chunk, file))) return undefined;
      if (Date.now() - mtimeMs > touchInterval) await file.utimes(new Date(), new Date());
      const bytes = Buffer.allocUnsafe(length);
      const { bytesRead } = await file.read(bytes, 0, length, offset);
      return bytesRead === length ? bytes : undefined;
    } finally {
      await file.close();
    }
  }

  private async isSound(chunk: Chunk, file: FileHandle): Promise<boolean> {
    if (this.trusted.has(chunk.path)) return true;
    const bytes = Buffer.allocUnsafe(chunk.length + trailerBytes);
    await file.read(bytes, 0, bytes.length, 0);
    if (crc32(bytes.subarray(0, chunk.length)) !== bytes.readUInt32BE(chunk.length)) return false;
    this.trusted.add(chunk.path);
    return true;
  }

  /** However many readers wait for a chunk, it is fetched once. */
  private fetchOnce(chunk: Chunk): Promise<void> {
    const current = this.fetching.get(chunk.path);
    if (current) return current;
    const fetching = this.fetch(chunk).finally(() => this.fetching.delete(chunk.path));
    this.fetching.set(chunk.path, fetching);
    return fetching;
  }

  private async fetch({ key, offset, length, path }: Chunk): Promise<void> {
    const unfinished = `${path}.${randomUUID()}`;
    try {
      await this.makeRoom(length);
      await mkdir(dirname(path), { recursive: true });
      const body = await this.options.fetch(key, offset, length);
      await pipeline(withTrailer(body, length), createWriteStream(unfinished, { flags: 'wx' }));
      await rename(unfinished, path);
      this.trusted.add(path);
    } catch (error) {
      await this.discard(unfinished).catch(() => {});
      failAs('The content cache cannot be written')(error);
    }
  }

  private async makeRoom(bytes: number): Promise<void> {
    this.addedSinceSweep += bytes;
    if (this.addedSinceSweep >= this.options.maxBytes * sweepShare) {
      this.addedSinceSweep = bytes;
      this.sweeping ??= this.sweep().finally(() => (this.sweeping = undefined));
    }
    await this.sweeping;
  }

  private async sweep(): Promise<void> {
    const files = (await this.listFiles()).sort((one, other) => one.usedAt - other.usedAt);
    let excess = files.reduce((sum, { bytes }) => sum + bytes, 0) - this.options.maxBytes * (1 - sweepShare);
    for (const { path, bytes } of files) {
      if (excess <= 0) return;
      await this.discard(path);
      excess -= bytes;
    }
  }

  private async listFiles(): Promise<CachedFile[]> {
    const folders = await readdir(this.options.folder).catch(() => []);
    const found: CachedFile[] = [];
    for (const folder of folders) found.push(...(await filesIn(join(this.options.folder, folder))));
    return found;
  }

  private async discard(path: string): Promise<void> {
    this.trusted.delete(path);
    await rm(path, { force: true });
  }
}

async function filesIn(folder: string): Promise<CachedFile[]> {
  const names = await readdir(folder).catch(() => []);
  const paths = names.filter((name) => cacheFile.test(name)).map((name) => join(folder, name));
  const found = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
  return found.flatMap((file, index) =>
    file ? [{ path: paths[index]!, bytes: file.size, usedAt: file.mtimeMs }] : [],
  );
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Adds the trailer, and makes an answer that breaks off a fault of the object store. */
async function* withTrailer(body: Readable, expected: number): AsyncGenerator<Buffer> {
  let checksum = 0;
  let received = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      checksum = crc32(chunk, checksum);
      received += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw bucketFailure('The content store broke off while it was read', error);
  }
  if (received !== expected) throw unavailable(`The content store sent ${received} bytes instead of ${expected}.`);
  const trailer = Buffer.alloc(trailerBytes);
  trailer.writeUInt32BE(checksum);
  yield trailer;
}
