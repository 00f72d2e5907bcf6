import { Readable } from 'node:stream';
import type { RandomAccess } from '../courses/packages/package';
import type { BlobReader, ByteRange } from './content-store';

/** Enough that a call costs little beside the bytes, and that a thousand slow downloads stay under half a GB. */
const stepBytes = 256 * 1024;

/** Reads of any place in a blob, and streams made of them: what both stores hand out. */
export class RangedBlob implements BlobReader {
  readonly size: number;

  constructor(private readonly source: RandomAccess & { close(): Promise<void> }) {
    this.size = source.size;
  }

  async read(offset: number, length: number): Promise<Buffer> {
    this.checkRange(offset, length);
    return this.source.read(offset, length);
  }

  stream({ offset, length }: ByteRange = { offset: 0, length: this.size }): Readable {
    this.checkRange(offset, length);
    return Readable.from(this.steps(offset, offset + length), { objectMode: false, highWaterMark: stepBytes });
  }

  close(): Promise<void> {
    return this.source.close();
  }

  /** Steps end at multiples of their size, so that none lies across two chunks of the cache. */
  private async *steps(start: number, end: number): AsyncGenerator<Buffer> {
    for (let at = start; at < end;) {
      const next = Math.min(end, (Math.floor(at / stepBytes) + 1) * stepBytes);
      yield await this.source.read(at, next - at);
      at = next;
    }
  }

  private checkRange(offset: number, length: number): void {
    const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
    if (whole && offset >= 0 && length >= 0 && offset + length <= this.size) return;
    throw new RangeError(`There are no ${length} bytes at ${offset} in a blob of ${this.size} bytes.`);
  }
}
