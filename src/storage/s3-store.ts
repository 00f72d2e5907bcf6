import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  type MultipartUpload,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { access, constants, mkdir } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { types } from 'node:util';
import { isAppError, notFound } from '../errors';
import { checkBlobKey, isBlobKey, newBlobKey } from './blob-key';
import { ChunkCache } from './chunk-cache';
import type { Age, BlobReader, ContentStore, S3Settings, StoredBlob, WriteOptions } from './content-store';
import { MeasuredSource } from './measured-source';
import { type ObjectName, uploadObject } from './multipart-upload';
import { RangedBlob } from './ranged-blob';
import { bucketFailure, failAs } from './storage-failure';

/** Blobs never change, so that a size once seen stays right; asking again would cost a round trip at every open. */
const maxKnownSizes = 50_000;

/**
 * Blobs as objects of a bucket, read through a local disk cache. An object that is uploaded in parts appears when it is
 * complete. The credentials need to get, put, delete and list objects, and to list and abort uploads.
 */
export class S3Store implements ContentStore {
  private readonly client: S3Client;
  private readonly cache: ChunkCache;
  private readonly sizes = new Map<string, number>();

  constructor(private readonly settings: S3Settings) {
    this.client = openClient(settings);
    this.cache = new ChunkCache({
      ...settings.cache,
      fetch: (key, offset, length) => this.fetch(key, offset, length),
    });
  }

  async write(source: Readable | AsyncIterable<Uint8Array>, options: WriteOptions): Promise<StoredBlob> {
    const key = newBlobKey();
    const measured = new MeasuredSource(source, options);
    try {
      await uploadObject(this.client, this.object(key), measured, options.maxBytes);
    } catch (error) {
      throw measured.failure ?? this.failure('cannot be written', error);
    } finally {
      measured.destroy();
    }
    this.remember(key, measured.size);
    return { key, size: measured.size, sha256: measured.sha256() };
  }

  async open(key: string): Promise<BlobReader> {
    checkBlobKey(key);
    const size = this.sizes.get(key) ?? (await this.askSize(key));
    const read = (offset: number, length: number) => this.cache.read({ key, size }, offset, length);
    return new RangedBlob({ size, read, close: async () => {} });
  }

  async remove(key: string): Promise<void> {
    await this.send('cannot be written', this.client.send(new DeleteObjectCommand(this.object(key))));
    this.sizes.delete(key);
    await this.cache.drop(key).catch(failAs('The content cache cannot be written'));
  }

  async *list({ olderThan }: Age): AsyncGenerator<string> {
    const { bucket: Bucket, prefix: Prefix } = this.settings;
    const pages = paginateListObjectsV2({ client: this.client }, { Bucket, Prefix })[Symbol.asyncIterator]();
    for (;;) {
      const page = await this.send('cannot be listed', pages.next());
      if (page.done) return;
      for (const { Key = '', LastModified } of page.value.Contents ?? []) {
        const key = this.keyOf(Key);
        if (key !== undefined && LastModified && LastModified < olderThan) yield key;
      }
    }
  }

  /** Some stores (MinIO) list no unfinished uploads under a prefix: they clean them up themselves, after a day. */
  async removeAbandoned({ olderThan }: Age): Promise<number> {
    let removed = 0;
    for await (const { Key = '', UploadId, Initiated } of this.unfinishedUploads()) {
      if (this.keyOf(Key) === undefined || !Initiated || Initiated >= olderThan) continue;
      const abort = new AbortMultipartUploadCommand({ Bucket: this.settings.bucket, Key, UploadId });
      await this.send('cannot be written', this.client.send(abort));
      removed += 1;
    }
    return removed;
  }

  async check(): Promise<void> {
    const { bucket: Bucket, prefix, cache } = this.settings;
    // Always the same object, never deleted: several processes check at one time.
    const probe = { Bucket, Key: `${prefix}readiness-check` };
    await this.send('cannot be written', this.client.send(new PutObjectCommand({ ...probe, Body: 'ready' })));
    const { Body } = await this.send('cannot be read', this.client.send(new GetObjectCommand(probe)));
    await this.send('cannot be read', Body!.transformToString());
    await mkdir(cache.folder, { recursive: true }).catch(failAs('The content cache cannot be written'));
    await access(cache.folder, constants.R_OK | constants.W_OK).catch(failAs('The content cache cannot be written'));
  }

  private async askSize(key: string): Promise<number> {
    const { ContentLength } = await this.sendFor(key, this.client.send(new HeadObjectCommand(this.object(key))));
    if (ContentLength === undefined) throw this.failure('cannot be read', new Error(`it gives no size for ${key}`));
    this.remember(key, ContentLength);
    return ContentLength;
  }

  private remember(key: string, size: number): void {
    const [oldest] = this.sizes.keys();
    if (oldest !== undefined && this.sizes.size >= maxKnownSizes) this.sizes.delete(oldest);
    this.sizes.set(key, size);
  }

  private async fetch(key: string, offset: number, length: number): Promise<Readable> {
    const Range = `bytes=${offset}-${offset + length - 1}`;
    const { Body } = await this.sendFor(key, this.client.send(new GetObjectCommand({ ...this.object(key), Range })));
    if (!(Body instanceof Readable)) throw this.failure('cannot be read', new Error(`it sends no content for ${key}`));
    return Body;
  }

  private async *unfinishedUploads(): AsyncGenerator<MultipartUpload> {
    const { bucket: Bucket, prefix: Prefix } = this.settings;
    for (let KeyMarker: string | undefined, UploadIdMarker: string | undefined; ;) {
      const command = new ListMultipartUploadsCommand({ Bucket, Prefix, KeyMarker, UploadIdMarker });
      const page = await this.send('cannot be listed', this.client.send(command));
      yield* page.Uploads ?? [];
      if (!page.IsTruncated) return;
      ({ NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page);
    }
  }

  private object(key: string): ObjectName {
    checkBlobKey(key);
    return { Bucket: this.settings.bucket, Key: this.settings.prefix + key };
  }

  /** Undefined for objects that are none of the store's blobs. */
  private keyOf(name: string): string | undefined {
    const key = name.slice(this.settings.prefix.length);
    return name.startsWith(this.settings.prefix) && isBlobKey(key) ? key : undefined;
  }

  private async sendFor<T>(key: string, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (!isNotFound(error)) throw this.failure('cannot be read', error);
      this.sizes.delete(key);
      throw notFound(`The content store holds nothing under the key ${key}.`, { cause: error });
    }
  }

  private async send<T>(what: string, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw this.failure(what, error);
    }
  }

  private failure(what: string, error: unknown): unknown {
    return isAppError(error)
      ? error
      : bucketFailure(`The content store's bucket ${this.settings.bucket} ${what}`, error);
  }
}

function openClient({ region, endpoint, pathStyle }: S3Settings): S3Client {
  // Stores other than Amazon's take any region, and the SDK insists on one.
  const place = region ?? (endpoint ? 'us-east-1' : undefined);
  return new S3Client({
    ...(place ? { region: place } : {}),
    ...(endpoint ? { endpoint } : {}),
    forcePathStyle: pathStyle,
    // Checksums that the SDK would add by itself are unknown to many stores.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 30_000 },
  });
}

const isNotFound = (error: unknown): boolean =>
  types.isNativeError(error) && (error.name === 'NoSuchKey' || error.name === 'NotFound');
