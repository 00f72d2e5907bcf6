import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { refuse } from './package-errors';
import type { PackageLimits } from './package-limits';
import type { PackageEntry, RandomAccess } from './package';
import { Batch } from './zip-batch';
import { drain, entryBytes } from './zip-entry';

export interface VerifyOptions {
  limits: PackageLimits;
  /** Ends the check early, with the signal's reason. */
  signal?: AbortSignal;
  /** Uncompressed bytes: those that are proved, and all. */
  onProgress?: (doneBytes: number, totalBytes: number) => void;
  /** Where to put an entry's uncompressed bytes on their way; undefined for nowhere. Asked once per entry. */
  extract?: (entry: PackageEntry) => Writable | undefined;
}

/** As many as zlib has threads (libuv's pool, 4 by default): more would only wait there. */
const laneCount = 4;

/**
 * Inflates every file once, and fails with an `invalid` AppError unless each one's data is whole: exactly its compressed
 * bytes make exactly its size with its checksum. Stops at the first that is not. Memory stays under some tens of MB whatever the
 * package; the inflating is done by the thread pool, so that the event loop goes on.
 */
export async function verifyEntries(
  source: RandomAccess,
  entries: readonly PackageEntry[],
  options: VerifyOptions,
): Promise<void> {
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > options.limits.maxTotalSize) throw refuse.tooLarge(options.limits.maxTotalSize);
  await new Verification(source, total, options).run(entries);
}

type Task = () => Promise<void>;

class Verification {
  private readonly failed = new AbortController();
  private readonly signal: AbortSignal;
  private done = 0;

  constructor(
    private readonly source: RandomAccess,
    private readonly total: number,
    private readonly options: VerifyOptions,
  ) {
    this.signal = AbortSignal.any([this.failed.signal, ...(options.signal ? [options.signal] : [])]);
  }

  async run(entries: readonly PackageEntry[]): Promise<void> {
    const tasks = this.tasks(entries.toSorted((a, b) => a.dataOffset - b.dataOffset));
    await Promise.all(Array.from({ length: laneCount }, () => this.lane(tasks)));
    this.signal.throwIfAborted();
  }

  /** Takes one task after the other from those that all lanes share. The first failure ends them all, and is the one told. */
  private async lane(tasks: Iterable<Task>): Promise<void> {
    try {
      for (const task of tasks) await task();
    } catch (error) {
      this.failed.abort(this.signal.aborted ? this.signal.reason : error);
    }
  }

  /** In the order of the zip, so that it is read from front to back. */
  private *tasks(entries: readonly PackageEntry[]): Generator<Task> {
    let batch = new Batch();
    for (const entry of entries) {
      this.signal.throwIfAborted();
      const target = this.options.extract?.(entry);
      if (target !== undefined || !Batch.takes(entry)) {
        yield () => this.checkAlone(entry, target);
      } else if (!batch.tryAdd(entry)) {
        const full = batch;
        batch = new Batch();
        batch.tryAdd(entry);
        yield () => this.checkBatch(full);
      }
    }
    if (!batch.isEmpty) yield () => this.checkBatch(batch);
  }

  private async checkBatch(batch: Batch): Promise<void> {
    await batch.check(this.source);
    this.advance(batch.size);
  }

  private async checkAlone(entry: PackageEntry, target: Writable | undefined): Promise<void> {
    const bytes = this.counted(entryBytes(this.source, entry, this.signal));
    await (target === undefined ? drain(bytes) : pipeline(bytes, target, { signal: this.signal }));
  }

  private async *counted(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
    for await (const chunk of bytes) {
      yield chunk;
      this.advance(chunk.length);
    }
  }

  private advance(bytes: number): void {
    this.done += bytes;
    this.options.onProgress?.(this.done, this.total);
  }
}
