import { type FileHandle, open } from 'node:fs/promises';

/** Large enough that the cost of a call vanishes, small enough that two of them in memory do not matter. */
const batchBytes = 1024 * 1024;
/** The buffers that one system call takes (IOV_MAX on Linux); also bounds what a source of tiny chunks piles up. */
const batchChunks = 1024;
/** The disk is set to work this often while more is coming in, so that little is left to wait for at the end. */
const flushBytes = 16 * batchBytes;

/** Writes a new file whose bytes are on the disk, not in a cache, when this returns. What it wrote of a file stays when it fails. */
export async function writeDurably(path: string, chunks: AsyncIterable<Buffer>): Promise<void> {
  const file = await open(path, 'wx');
  const writer = new BatchWriter(file);
  try {
    for await (const chunk of chunks) await writer.add(chunk);
    await writer.finish();
  } finally {
    await writer.settle();
    await file.close();
  }
}

/** Makes names that were added to a folder, or renamed in it, outlive a power failure. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Gathers chunks into large writes. A batch is written while the next one comes in (and is hashed): the two cost the
 * longer of both, not their sum.
 */
class BatchWriter {
  private batch: Buffer[] = [];
  private batched = 0;
  private unflushed = 0;
  private writing: Promise<void> = Promise.resolve();
  private flushing: Promise<void> | undefined;

  constructor(private readonly file: FileHandle) {}

  async add(chunk: Buffer): Promise<void> {
    this.batch.push(chunk);
    this.batched += chunk.length;
    if (this.batched >= batchBytes || this.batch.length >= batchChunks) await this.startWriting();
  }

  async finish(): Promise<void> {
    await this.startWriting();
    await this.writing;
    await this.flushing;
    await this.file.sync();
  }

  /** Waits for what is under way, whose failure is of no interest any more. */
  async settle(): Promise<void> {
    await Promise.allSettled([this.writing, this.flushing]);
  }

  private async startWriting(): Promise<void> {
    await this.writing;
    const { batch, batched } = this;
    this.batch = [];
    this.batched = 0;
    this.writing = this.write(batch, batched);
    // Whoever waits next sees the failure; until then it must not count as unhandled.
    this.writing.catch(() => {});
  }

  private async write(batch: Buffer[], bytes: number): Promise<void> {
    if (bytes === 0) return;
    const { bytesWritten } = await this.file.writev(batch);
    // A short write is how a disk that fills up is first noticed; writeFile goes on until it is done or fails.
    if (bytesWritten < bytes) await this.file.writeFile(Buffer.concat(batch).subarray(bytesWritten));
    this.unflushed += bytes;
    if (this.unflushed >= flushBytes && !this.flushing) this.startFlushing();
  }

  private startFlushing(): void {
    this.unflushed = 0;
    this.flushing = this.flush();
    this.flushing.catch(() => {});
  }

  /** The kernel reports a failed flush once, here and not to the sync at the end: then the promise stays, rejected. */
  private async flush(): Promise<void> {
    await this.file.datasync();
    this.flushing = undefined;
  }
}
