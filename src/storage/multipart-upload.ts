import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { MeasuredSource } from './measured-source';

/** Parts being filled or sent at once, each in a buffer of its own, used again and again: all that an upload holds in memory. */
const partsAtOnce = 3;
/** S3's limits (Amazon S3 multipart upload limits): the least size of a part but the last, and their number. */
const minPartBytes = 5 * 1024 * 1024;
const maxParts = 10_000;

export interface ObjectName {
  Bucket: string;
  Key: string;
}

interface Part {
  number: number;
  /** What it lies in, for the next part to be put into. */
  buffer: Buffer;
  bytes: Buffer;
}

/**
 * Streams a source of up to `maxBytes` into an object: in one request when it fits into one part, else in parts. Written
 * out instead of taken from the SDK's own uploader, because that one goes on reading the source after a part has failed,
 * and holds several times the parts' sizes in memory.
 */
export async function uploadObject(client: S3Client, object: ObjectName, source: MeasuredSource, maxBytes: number) {
  // Parts of one size, as some stores demand; so it must be known beforehand how many are enough.
  const partBytes = Math.max(minPartBytes, Math.ceil(maxBytes / maxParts));
  const feed = new PartFeed(source);
  const first = await feed.fill(Buffer.allocUnsafeSlow(partBytes));
  if (first.bytes.length < partBytes) {
    await client.send(new PutObjectCommand({ ...object, Body: first.bytes }));
    return;
  }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(object));
  await new PartsUpload(client, { ...object, UploadId }, source).run(feed, first);
}

class PartsUpload {
  private readonly sent: CompletedPart[] = [];
  private readonly stop = new AbortController();

  constructor(
    private readonly client: S3Client,
    private readonly upload: ObjectName & { UploadId: string | undefined },
    private readonly source: MeasuredSource,
  ) {}

  async run(feed: PartFeed, first: Part): Promise<void> {
    try {
      await this.sendAll(feed, first);
      const Parts = this.sent.sort((one, other) => one.PartNumber! - other.PartNumber!);
      await this.client.send(new CompleteMultipartUploadCommand({ ...this.upload, MultipartUpload: { Parts } }));
    } catch (error) {
      // When even this fails, the store is out of reach, and `removeAbandoned` finds the upload later.
      await this.client.send(new AbortMultipartUploadCommand(this.upload)).catch(() => {});
      throw error;
    }
  }

  /** The first part's buffer is one lane's, the other lanes get theirs. */
  private async sendAll(feed: PartFeed, first: Part): Promise<void> {
    const newBuffer = () => Buffer.allocUnsafeSlow(first.bytes.length);
    const others = Array.from({ length: partsAtOnce - 1 }, () => feed.fill(newBuffer()));
    const lanes = [Promise.resolve(first), ...others].map((part) => this.sendLane(feed, part));
    try {
      await Promise.all(lanes);
    } catch (error) {
      this.stop.abort();
      this.source.destroy();
      await Promise.allSettled(lanes);
      throw error;
    }
  }

  /** Sends a part, and then whatever comes into its buffer. */
  private async sendLane(feed: PartFeed, begin: Promise<Part>): Promise<void> {
    for (let part = await begin; part.bytes.length > 0; part = await feed.fill(part.buffer)) {
      const command = new UploadPartCommand({ ...this.upload, PartNumber: part.number, Body: part.bytes });
      const { ETag } = await this.client.send(command, { abortSignal: this.stop.signal });
      this.sent.push({ PartNumber: part.number, ETag });
    }
  }
}

/** Cuts a source into parts. */
class PartFeed {
  private readonly chunks: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);
  private count = 0;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(source: MeasuredSource) {
    this.chunks = source[Symbol.asyncIterator]();
  }

  /** Fills a buffer with the next part: up to its end but for the last part, and not at all when there is none. Callers queue. */
  fill(buffer: Buffer): Promise<Part> {
    const filled = this.turn.then(() => this.take(buffer));
    this.turn = filled.catch(() => {});
    return filled;
  }

  private async take(buffer: Buffer): Promise<Part> {
    let length = 0;
    while (length < buffer.length && (await this.haveMore())) {
      const copied = this.rest.copy(buffer, length);
      this.rest = this.rest.subarray(copied);
      length += copied;
    }
    this.count += 1;
    return { number: this.count, buffer, bytes: buffer.subarray(0, length) };
  }

  private async haveMore(): Promise<boolean> {
    while (this.rest.length === 0) {
      const next = await this.chunks.next();
      if (next.done) return false;
      this.rest = next.value;
    }
    return true;
  }
}
