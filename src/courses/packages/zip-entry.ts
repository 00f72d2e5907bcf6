import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { refuse } from './package-errors';
import type { PackageEntry, RandomAccess } from './package';

/** Large enough that what a chunk costs beside its bytes is small; a stream holds about three of each. */
const readBytes = 512 * 1024;
const inflatedBytes = 256 * 1024;

/**
 * A file's uncompressed bytes, which are proved while they flow: fails with an `invalid` AppError, at the latest where they
 * would end, unless exactly the entry's compressed bytes make exactly its size with its checksum. Holds about 2 MB.
 */
export async function* entryBytes(
  source: RandomAccess,
  entry: PackageEntry,
  signal?: AbortSignal,
): AsyncGenerator<Buffer, void> {
  const data = compressedBytes(source, entry, signal);
  let size = 0;
  let checksum = 0;
  for await (const chunk of entry.method === 'stored' ? data : inflated(data, entry)) {
    size += chunk.length;
    // A bomb's declared size is a lie: nothing is inflated beyond it.
    if (size > entry.size) throw refuse.wrongSize(entry.path, entry.size);
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (size !== entry.size) throw refuse.wrongSize(entry.path, entry.size);
  if (checksum !== entry.crc32) throw refuse.checksum(entry.path);
}

async function* compressedBytes(
  source: RandomAccess,
  { dataOffset, compressedSize }: PackageEntry,
  signal?: AbortSignal,
): AsyncGenerator<Buffer, void> {
  for (let done = 0; done < compressedSize; done += readBytes) {
    signal?.throwIfAborted();
    yield await source.read(dataOffset + done, Math.min(readBytes, compressedSize - done));
  }
}

async function* inflated(data: AsyncIterable<Buffer>, entry: PackageEntry): AsyncGenerator<Buffer, void> {
  const inflate = createInflateRaw({ chunkSize: inflatedBytes });
  // A failure of the source reaches the loop as the inflater's own, and leaving the loop ends both.
  pipeline(Readable.from(data), inflate, () => {});
  try {
    yield* inflate as AsyncIterable<Buffer>;
  } catch (error) {
    throw isDataError(error) ? refuse.brokenData(entry.path, error.message) : error;
  }
  if (inflate.bytesWritten !== entry.compressedSize) {
    throw refuse.brokenData(entry.path, 'it ends before the place that the zip declares');
  }
}

const dataErrors = new Set<unknown>(['Z_DATA_ERROR', 'Z_BUF_ERROR', 'Z_NEED_DICT']);

/** Whether an inflater found its data wrong; anything else is a fault of the source or of the machine. */
export const isDataError = (error: unknown): error is { message: string } =>
  typeof error === 'object' && error !== null && 'code' in error && dataErrors.has(error.code);

/** Runs through bytes for the sake of the checks on their way. */
export async function drain(bytes: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of bytes);
}
