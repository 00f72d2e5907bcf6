import { type FileHandle, open } from 'node:fs/promises';
import type { RandomAccess } from '../courses/packages/package';

/** A local file, to be read at random. The file must not change while it is open. */
export async function fileSource(path: string): Promise<RandomAccess & { close(): Promise<void> }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return { size, read: (offset, length) => readExactly(file, offset, length), close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The system may give fewer bytes than asked for (on Linux never more than 2 GiB at once). */
async function readExactly(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new RangeError(`The file ends at ${offset + done}, before ${offset + length}.`);
    done += bytesRead;
  }
  return bytes;
}
