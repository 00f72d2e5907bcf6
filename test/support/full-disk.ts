import { Readable } from 'node:stream';
import { AppError } from '../../src/errors';
import { FolderStore } from '../../src/storage/folder-store';

const mebibytes = (count: number): Readable =>
  Readable.from(Array.from({ length: count }, () => Buffer.alloc(1024 * 1024)));
const options = { maxBytes: 1024 ** 3 };

/** A process of its own that fills a small disk, and tells how the store behaved. */
async function fill(folder: string): Promise<void> {
  const store = new FolderStore(folder);
  const failure = await store.write(mebibytes(10), options).catch((error: unknown) => error);
  if (!(failure instanceof AppError)) throw failure;
  const left = await store.removeAbandoned({ olderThan: new Date(Date.now() + 60_000) });
  const { size: thenWritten } = await store.write(mebibytes(1), options);
  console.log(JSON.stringify({ kind: failure.kind, message: failure.message, left, thenWritten }));
}

void fill(process.argv[2]!);
