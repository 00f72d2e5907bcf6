import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { S3Settings } from '../../src/storage/content-store';
import { S3Store } from '../../src/storage/s3-store';
import { startS3, type TestS3, whyNoS3 } from '../support/s3';

const MiB = 1024 * 1024;
const noLimit = { maxBytes: 1024 * MiB };
const everything = { olderThan: new Date(Date.now() + 24 * 3600 * 1000) };

const noS3 = whyNoS3();
const withS3 = noS3 ? describe.skip : describe;

withS3(`content store in a bucket${noS3 ? `: NOT TESTED, because ${noS3}` : ''}`, () => {
  let s3: TestS3;
  let folder: string;

  beforeAll(async () => {
    s3 = await startS3();
  }, 180_000);
  afterAll(() => s3?.stop());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 's3-store-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const settingsFor = (bucket: string, prefix = '', endpoint = s3.endpoint): S3Settings => ({
    kind: 's3',
    bucket,
    prefix,
    endpoint,
    pathStyle: true,
    cache: { folder, maxBytes: 64 * MiB },
  });

  test('keeps to its prefix: stores that share a bucket do not see each other', async () => {
    const bucket = await s3.createBucket();
    const [one, other] = [new S3Store(settingsFor(bucket, 'one/')), new S3Store(settingsFor(bucket, 'other/'))];
    const { key } = await one.write(Readable.from([randomBytes(10)]), noLimit);
    await other.write(Readable.from([randomBytes(10)]), noLimit);
    const listed: string[] = [];
    for await (const found of one.list(everything)) listed.push(found);
    expect(listed).toEqual([key]);
    await expect(other.open(key)).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('lists more blobs than fit on a page', async () => {
    const store = new S3Store(settingsFor(await s3.createBucket()));
    const written = new Set<string>();
    const lane = async () => {
      while (written.size < 1001) written.add((await store.write(Readable.from([Buffer.from('x')]), noLimit)).key);
    };
    await Promise.all(Array.from({ length: 20 }, lane));
    const listed = new Set<string>();
    for await (const found of store.list(everything)) listed.add(found);
    expect(listed).toEqual(written);
  });

  test('reads what is cached without the bucket, and answers not-found for the rest of a blob that was removed elsewhere', async () => {
    const settings = settingsFor(await s3.createBucket());
    const [here, there] = [
      new S3Store(settings),
      new S3Store({ ...settings, cache: { folder: `${folder}/there`, maxBytes: MiB } }),
    ];
    const { key } = await here.write(Readable.from([randomBytes(10 * MiB)]), noLimit);
    const blob = await here.open(key);
    await blob.read(0, 10);
    await there.remove(key);
    expect(await blob.read(20, 10)).toHaveLength(10);
    await expect(blob.read(9 * MiB, 10)).rejects.toMatchObject({ kind: 'not-found' });
    await expect(buffer(blob.stream())).rejects.toMatchObject({ kind: 'not-found' });
    await expect(here.open(key)).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('answers unavailable, with the cause, when there is no such bucket', async () => {
    const store = new S3Store(settingsFor('there-is-no-such-bucket'));
    const refused = { kind: 'unavailable', message: expect.stringContaining('NoSuchBucket') };
    await expect(store.write(Readable.from([randomBytes(10)]), noLimit)).rejects.toMatchObject(refused);
    await expect(store.write(Readable.from([randomBytes(20 * MiB)]), noLimit)).rejects.toMatchObject(refused);
    await expect(store.check()).rejects.toMatchObject(refused);
    await expect(store.list(everything)[Symbol.asyncIterator]().next()).rejects.toMatchObject(refused);
    await expect(store.removeAbandoned(everything)).rejects.toMatchObject(refused);
  });

  test('answers unavailable when nobody answers', async () => {
    const store = new S3Store(settingsFor('bucket', '', 'http://127.0.0.1:1'));
    await expect(store.check()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('fails when the store goes away in the middle, without waiting for a source that stands still', async () => {
    const fragile = await startS3();
    const store = new S3Store(settingsFor(await fragile.createBucket(), '', fragile.endpoint));
    const source = new PassThrough({ highWaterMark: 64 * MiB });
    source.write(randomBytes(6 * MiB));
    const failure = store.write(source, noLimit).catch((error: unknown) => error);
    while (source.readableLength > 0) await new Promise((taken) => setImmediate(taken));
    await fragile.stop();
    source.write(randomBytes(6 * MiB));
    expect(await failure).toMatchObject({ kind: 'unavailable' });
    expect(source.destroyed).toBe(true);
  });
});
