import * as fc from 'fast-check';
import { type ChildProcess, fork } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { on, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type ContentStore, type ContentStoreSettings, createContentStore } from '../../src/storage/content-store';
import { startS3, type TestS3, whyNoS3 } from '../support/s3';

const MiB = 1024 * 1024;
const noLimit = { maxBytes: 1024 * MiB };
/** The times of files and objects are as coarse as a second. */
const everything = { olderThan: new Date(Date.now() + 24 * 3600 * 1000) };
const nothing = { olderThan: new Date(0) };

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

async function* piecesOf(bytes: Buffer, size = 64 * 1024): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function keysOf(store: ContentStore, age = everything): Promise<Set<string>> {
  const keys = new Set<string>();
  for await (const key of store.list(age)) keys.add(key);
  return keys;
}

async function contentOf(store: ContentStore, key: string): Promise<Buffer> {
  const blob = await store.open(key);
  try {
    return await buffer(blob.stream());
  } finally {
    await blob.close();
  }
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

async function sizeOf(store: ContentStore, key: string): Promise<number> {
  const blob = await store.open(key);
  await blob.close();
  return blob.size;
}

async function expectNothingLeft(store: ContentStore): Promise<void> {
  expect(await keysOf(store)).toEqual(new Set());
  expect(await store.removeAbandoned(everything)).toBe(0);
}

interface Place {
  settings(): Promise<ContentStoreSettings>;
  close(): Promise<void>;
}

const folders: string[] = [];
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'content-'));
  folders.push(folder);
  return folder;
}
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const openFolder = async (): Promise<Place> => ({
  settings: async () => ({ kind: 'folder', folder: await newFolder() }),
  close: async () => {},
});

async function openBucket(): Promise<Place> {
  const s3: TestS3 = await startS3();
  const settings = async (): Promise<ContentStoreSettings> => ({
    kind: 's3',
    bucket: await s3.createBucket(),
    prefix: 'courses/',
    endpoint: s3.endpoint,
    pathStyle: true,
    cache: { folder: await newFolder(), maxBytes: 64 * MiB },
  });
  return { settings, close: () => s3.stop() };
}

/** What a process may grow by while it streams 300 MB: some buffers, and garbage that waits to be collected. */
const allowedGrowth = 80 * MiB;

const noS3 = whyNoS3();
describe('content store in a folder', () => {
  behaves(openFolder);
});
(noS3 ? describe.skip : describe)(`content store in a bucket${noS3 ? `: NOT TESTED, because ${noS3}` : ''}`, () => {
  behaves(openBucket);
});

function behaves(openPlace: () => Promise<Place>): void {
  let place: Place;
  let settings: ContentStoreSettings;
  let store: ContentStore;

  beforeAll(async () => {
    place = await openPlace();
  }, 180_000);
  afterAll(() => place?.close());
  beforeEach(async () => {
    settings = await place.settings();
    store = createContentStore(settings);
  });

  test.each([0, 1, 64 * 1024, 8 * MiB, 8 * MiB + 1, 20 * MiB + 7])(
    'hands back %d bytes as they were written',
    async (size) => {
      const bytes = randomBytes(size);
      const blob = await store.write(piecesOf(bytes), noLimit);
      expect(blob).toMatchObject({ size, sha256: sha256(bytes) });
      expect(await sizeOf(store, blob.key)).toBe(size);
      expect((await contentOf(store, blob.key)).equals(bytes)).toBe(true);
      expect((await contentOf(createContentStore(settings), blob.key)).equals(bytes)).toBe(true);
    },
  );

  test('takes a stream, tiny chunks and huge ones', async () => {
    const bytes = randomBytes(9 * MiB);
    const sources = [
      Readable.from([bytes]),
      Readable.from(piecesOf(bytes, 4093)),
      piecesOf(bytes.subarray(0, 50_000), 3),
    ];
    const [huge, small, tiny] = await Promise.all(sources.map((source) => store.write(source, noLimit)));
    expect((await contentOf(store, huge!.key)).equals(bytes)).toBe(true);
    expect((await contentOf(store, small!.key)).equals(bytes)).toBe(true);
    expect((await contentOf(store, tiny!.key)).equals(bytes.subarray(0, 50_000))).toBe(true);
  });

  test('reads any range, alone and as a stream', async () => {
    const bytes = randomBytes(17 * MiB + 11);
    const { key } = await store.write(piecesOf(bytes), noLimit);
    const blob = await store.open(key);
    const range = fc
      .tuple(fc.nat(bytes.length), fc.oneof(fc.nat(100), fc.nat(bytes.length)))
      .map(([offset, length]) => ({ offset, length: Math.min(length, bytes.length - offset) }));
    const reads = fc.asyncProperty(range, async ({ offset, length }) => {
      const expected = bytes.subarray(offset, offset + length);
      const [read, streamed] = await Promise.all([blob.read(offset, length), buffer(blob.stream({ offset, length }))]);
      expect(read.equals(expected) && streamed.equals(expected)).toBe(true);
    });
    await fc.assert(reads, {
      numRuns: 40,
      examples: [[{ offset: 8 * MiB - 1, length: 2 }], [{ offset: bytes.length, length: 0 }]],
    });
    await blob.close();
  });

  test.each([
    [0, 11],
    [10, 1],
    [11, 0],
    [-1, 2],
    [0, -1],
    [0.5, 1],
  ])('refuses to read past the ends (%d, %d)', async (offset, length) => {
    const { key } = await store.write(piecesOf(randomBytes(10)), noLimit);
    const blob = await store.open(key);
    await expect(blob.read(offset, length)).rejects.toThrow(RangeError);
    expect(() => blob.stream({ offset, length })).toThrow(RangeError);
    await blob.close();
  });

  test.each([10, 30 * MiB])('refuses the byte that is one too many (limit %d) and keeps nothing', async (maxBytes) => {
    const source = Readable.from(piecesOf(randomBytes(maxBytes + 1)));
    await expect(store.write(source, { maxBytes })).rejects.toMatchObject({ kind: 'too-large' });
    expect(source.destroyed).toBe(true);
    await expectNothingLeft(store);
    const exact = await store.write(piecesOf(randomBytes(maxBytes)), { maxBytes });
    expect(exact.size).toBe(maxBytes);
  });

  test('fails as its source fails and keeps nothing', async () => {
    async function* broken() {
      yield randomBytes(20 * MiB);
      throw new Error('the sender hung up');
    }
    await expect(store.write(broken(), noLimit)).rejects.toThrow('the sender hung up');
    const gone = new PassThrough();
    gone.write('half of it');
    setImmediate(() => gone.destroy());
    await expect(store.write(gone, noLimit)).rejects.toThrow('Premature close');
    const goneBefore = new PassThrough().destroy(new Error('gone before it began'));
    await expect(store.write(goneBefore, noLimit)).rejects.toThrow('gone before it began');
    await expectNothingLeft(store);
  });

  test('ends a write that stands still when its signal is aborted', async () => {
    const source = new PassThrough({ highWaterMark: 32 * MiB });
    source.write(randomBytes(20 * MiB));
    const stop = new AbortController();
    const failure = failureOf(store.write(source, { ...noLimit, signal: stop.signal }));
    while (source.readableLength > 0) await new Promise((taken) => setImmediate(taken));
    stop.abort(new Error('the hub is stopping'));
    expect(await failure).toBe(stop.signal.reason);
    expect(source.destroyed).toBe(true);
    await expect(store.write(piecesOf(randomBytes(10)), { ...noLimit, signal: stop.signal })).rejects.toThrow(
      'the hub is stopping',
    );
    await expectNothingLeft(store);
  });

  test('writes many at one time, each under a key of its own', async () => {
    const contents = Array.from({ length: 24 }, (_, index) => randomBytes(index * 50_000));
    const blobs = await Promise.all(contents.map((bytes) => store.write(piecesOf(bytes), noLimit)));
    expect(blobs.map((blob) => blob.sha256)).toEqual(contents.map(sha256));
    expect(await keysOf(store)).toEqual(new Set(blobs.map((blob) => blob.key)));
    const read = await Promise.all(blobs.map((blob) => contentOf(store, blob.key)));
    expect(read.map(sha256)).toEqual(contents.map(sha256));
  });

  test('removes a blob, twice if need be', async () => {
    const { key } = await store.write(piecesOf(randomBytes(100)), noLimit);
    const kept = await store.write(piecesOf(randomBytes(100)), noLimit);
    await contentOf(store, key);
    await store.remove(key);
    await store.remove(key);
    await expect(store.open(key)).rejects.toMatchObject({ kind: 'not-found' });
    expect(await keysOf(store)).toEqual(new Set([kept.key]));
  });

  test('answers not-found for a blob that never was', async () => {
    await expect(store.open('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({ kind: 'not-found' });
  });

  test.each(['', '..', '../../etc/passwd', 'incoming', '00000000-0000-4000-8000-00000000000/', '0'.repeat(36)])(
    'refuses "%s" as a key',
    async (key) => {
      await expect(store.open(key)).rejects.toMatchObject({ kind: 'invalid' });
      await expect(store.remove(key)).rejects.toMatchObject({ kind: 'invalid' });
    },
  );

  test('lists blobs that are old enough', async () => {
    expect(await keysOf(store)).toEqual(new Set());
    const { key } = await store.write(piecesOf(randomBytes(1)), noLimit);
    expect(await keysOf(store, everything)).toEqual(new Set([key]));
    expect(await keysOf(store, nothing)).toEqual(new Set());
  });

  test('is ready when it can be written and read, and leaves no blob behind', async () => {
    await expect(Promise.all([store.check(), store.check()])).resolves.toBeDefined();
    await expectNothingLeft(store);
  });

  test('shows nothing of a write whose process was killed, and clears it away when told', async () => {
    const finished = await store.write(piecesOf(randomBytes(10)), noLimit);
    const child = runWriter(settings, 100_000);
    for await (const message of messagesOf(child)) if (message.sent > 40) break;
    child.kill('SIGKILL');
    await once(child, 'exit');

    const whole = await keysOf(store);
    expect(whole.size).toBe(2);
    const [own] = [...whole].filter((key) => key !== finished.key);
    expect(await sizeOf(store, own!)).toBe(8 * MiB);
    expect(await store.removeAbandoned(nothing)).toBe(0);
    expect(await store.removeAbandoned(everything)).toBe(1);
    expect(await store.removeAbandoned(everything)).toBe(0);
    expect(await keysOf(store)).toEqual(new Set([own, finished.key]));
  });

  test('streams 300 MB through little memory', async () => {
    const child = runWriter(settings, 300);
    for await (const message of messagesOf(child)) {
      if (!message.blob) continue;
      expect(message.blob.size).toBe(300 * MiB);
      expect(message.grownBy).toBeLessThan(allowedGrowth);
      break;
    }
    await once(child, 'exit');
  });
}

interface WriterMessage {
  sent: number;
  grownBy: number;
  blob?: { size: number };
}

function runWriter(settings: ContentStoreSettings, mebibytes: number): ChildProcess {
  const support = resolve(__dirname, '../support');
  return fork(join(support, 'content-writer.ts'), [JSON.stringify(settings), String(mebibytes)], {
    env: process.env,
    execArgv: ['-r', join(support, 'typescript-hook.js')],
  });
}

async function* messagesOf(child: ChildProcess): AsyncGenerator<WriterMessage> {
  for await (const [message] of on(child, 'message', { close: ['exit'] })) {
    const told: WriterMessage = message;
    yield told;
  }
}
