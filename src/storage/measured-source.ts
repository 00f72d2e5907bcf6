import { createHash } from 'node:crypto';
import { addAbortSignal, Readable } from 'node:stream';
import { tooLarge } from '../errors';
import type { WriteOptions } from './content-store';

/**
 * What flows into a store, hashed and counted on its way. Iterating fails with `too-large` as soon as the limit is passed,
 * with the signal's reason once it is aborted (also while the source stands still), otherwise as the source fails; in
 * each case, and when the reader gives up, the source is destroyed.
 */
export class MeasuredSource {
  size = 0;
  /** Why iterating failed: tells the fault of the sender from a fault of the store. */
  failure: unknown;
  private readonly source: Readable;
  private givenUp = false;
  private readonly hash = createHash('sha256');

  constructor(
    source: Readable | AsyncIterable<Uint8Array>,
    private readonly options: WriteOptions,
  ) {
    this.source = source instanceof Readable ? source : Readable.from(source, { objectMode: false });
    // A source may break before it is iterated, when nobody listens yet; iterating then throws the same error.
    this.source.on('error', () => {});
    if (options.signal) addAbortSignal(options.signal, this.source);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    const { signal } = this.options;
    try {
      for await (const chunk of this.source) yield this.measure(chunk);
      signal?.throwIfAborted();
    } catch (error) {
      if (this.givenUp) throw error;
      this.failure = signal?.aborted ? signal.reason : error;
      throw this.failure;
    }
  }

  /** Hex; to be asked for once, at the end. */
  sha256(): string {
    return this.hash.digest('hex');
  }

  /** For a store that has failed: what the source answers to this is no fault of the sender. */
  destroy(): void {
    this.givenUp = true;
    this.source.destroy();
  }

  private measure(chunk: string | Uint8Array): Buffer {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    this.size += bytes.length;
    if (this.size > this.options.maxBytes) {
      throw tooLarge(`The file is larger than the ${this.options.maxBytes} bytes that are taken here.`);
    }
    this.hash.update(bytes);
    return bytes;
  }
}
