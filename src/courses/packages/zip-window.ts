import { refuse } from './package-errors';
import type { RandomAccess } from './package';

const windowBytes = 1024 * 1024;

/** Headers that lie further apart than this are fetched alone, not with all the data between them. */
const farBytes = 64 * 1024;
/** What a header alone is fetched with: most are shorter. */
const aloneBytes = 1024;

/**
 * Reads small pieces of a source in ascending order out of large windows: one read of the source serves thousands of
 * headers. `peek` is what costs nothing, `read` what may have to fetch.
 */
export class ZipWindow {
  private start = 0;
  private bytes: Buffer = Buffer.alloc(0);

  constructor(private readonly source: RandomAccess) {}

  /** The piece, if the window has it. */
  peek(offset: number, length: number): Buffer | undefined {
    const at = offset - this.start;
    return at >= 0 && at + length <= this.bytes.length ? this.bytes.subarray(at, at + length) : undefined;
  }

  /** The piece, with the window moved to it; `next` is where the following piece begins. Refuses what lies beyond the end. */
  async read(offset: number, length: number, next: number): Promise<Buffer> {
    if (offset + length > this.source.size) throw refuse.truncated();
    const wanted = next - offset > farBytes ? aloneBytes : windowBytes;
    this.bytes = await this.source.read(offset, Math.min(Math.max(length, wanted), this.source.size - offset));
    this.start = offset;
    return this.bytes.subarray(0, length);
  }
}
