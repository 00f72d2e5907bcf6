import { randomBytes, randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ChunkCache } from '../../src/storage/chunk-cache';

const chunkBytes = 1000;
/** What a chunk's file holds beside the chunk. */
const trailer = 4;

let folder: string;
let origin: Map<string, Buffer>;
let fetched: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chunks-'));
  origin = new Map();
  fetched = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function newBlob(size: number): { key: string; size: number; bytes: Buffer } {
  const blob = { key: randomUUID(), size, bytes: randomBytes(size) };
  origin.set(blob.key, blob.bytes);
  return blob;
}

const fromOrigin = async (key: string, offset: number, length: number): Promise<Readable> => {
  fetched.push(`${offset}+${length}`);
  return Readable.from([origin.get(key)!.subarray(offset, offset + length)]);
};

const openCache = (maxBytes = 1_000_000, fetch = fromOrigin) => new ChunkCache({ folder, maxBytes, chunkBytes, fetch });

async function cachedFiles(): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return names.filter((name) => name.isFile()).map((name) => join(name.parentPath, name.name));
}

async function cachedBytes(): Promise<number> {
  const files = await Promise.all((await cachedFiles()).map((path) => stat(path)));
  return files.reduce((sum, { size }) => sum + size, 0);
}

test('fetches the chunks that a range touches, once, the last one short', async () => {
  const blob = newBlob(2500);
  const cache = openCache();
  expect(await cache.read(blob, 990, 1510)).toEqual(blob.bytes.subarray(990));
  expect(await cache.read(blob, 2000, 500)).toEqual(blob.bytes.subarray(2000));
  expect(await cache.read(blob, 0, 1)).toEqual(blob.bytes.subarray(0, 1));
  expect(fetched).toEqual(['0+1000', '1000+1000', '2000+500']);
});

test('fetches once for readers at one time, who all get their bytes', async () => {
  const blob = newBlob(1000);
  const cache = openCache();
  const reads = await Promise.all(Array.from({ length: 50 }, (_, index) => cache.read(blob, index, 10)));
  expect(reads).toEqual(reads.map((_, index) => blob.bytes.subarray(index, index + 10)));
  expect(fetched).toHaveLength(1);
});

test('keeps what it has over a restart', async () => {
  const blob = newBlob(1800);
  await openCache().read(blob, 0, 1800);
  expect(await openCache().read(blob, 5, 1700)).toEqual(blob.bytes.subarray(5, 1705));
  expect(fetched).toHaveLength(2);
});

test.each([
  ['cut off', (path: string) => truncate(path, 500)],
  ['emptied', (path: string) => truncate(path, 0)],
  ['longer than it was', (path: string) => appendFile(path, 'x')],
  ['gone', (path: string) => rm(path)],
])('fetches a chunk again that is %s while it is in use', async (_, spoil) => {
  const blob = newBlob(1000);
  const cache = openCache();
  await cache.read(blob, 0, 1);
  await spoil((await cachedFiles())[0]!);
  expect(await cache.read(blob, 400, 300)).toEqual(blob.bytes.subarray(400, 700));
  expect(fetched).toHaveLength(2);
});

test.each([0, 999, 1000 + trailer - 1])(
  'finds after a restart that byte %d of a file has changed, and fetches it again',
  async (at) => {
    const blob = newBlob(1000);
    await openCache().read(blob, 0, 1);
    const [path] = await cachedFiles();
    const spoiled = await readFile(path!);
    spoiled[at]! ^= 1;
    await writeFile(path!, spoiled);
    const cache = openCache();
    expect(await cache.read(blob, 0, 1000)).toEqual(blob.bytes);
    expect(await cache.read(blob, 0, 1000)).toEqual(blob.bytes);
    expect(fetched).toHaveLength(2);
  },
);

test('stays under its limit, also when it starts over a full folder', async () => {
  const blob = newBlob(100_000);
  const limit = 20_000;
  for (let restart = 0; restart < 4; restart += 1) {
    const cache = openCache(limit);
    for (let at = restart * 25_000; at < (restart + 1) * 25_000; at += chunkBytes) {
      expect(await cache.read(blob, at, 10)).toEqual(blob.bytes.subarray(at, at + 10));
      expect(await cachedBytes()).toBeLessThanOrEqual(limit);
    }
  }
  expect(await cachedBytes()).toBeGreaterThan(limit * 0.7);
});

test('removes first what was not used for the longest time', async () => {
  const blob = newBlob(30_000);
  const cache = openCache(10_000);
  for (let at = 0; at < 6000; at += chunkBytes) await cache.read(blob, at, 1);
  const hourAgo = new Date(Date.now() - 3600_000);
  for (const path of await cachedFiles()) await utimes(path, hourAgo, hourAgo);
  await cache.read(blob, 2000, 1);
  for (let at = 10_000; at < 16_000; at += chunkBytes) await cache.read(blob, at, 1);
  fetched = [];
  await cache.read(blob, 2000, 1);
  expect(fetched).toEqual([]);
});

test('leaves files alone that are not its own', async () => {
  const blob = newBlob(50_000);
  const cache = openCache(5000);
  await cache.read(blob, 0, 1);
  const strangers = [join(folder, 'notes.txt'), join(folder, blob.key.slice(0, 2), 'notes.txt')];
  for (const path of strangers) await writeFile(path, 'x'.repeat(5000));
  await cache.read(blob, 0, 50_000);
  for (const path of strangers) expect(await readFile(path, 'utf8')).toHaveLength(5000);
});

test('drops the chunks of one blob', async () => {
  const [one, other] = [newBlob(3000), newBlob(3000)];
  const cache = openCache();
  await cache.read(one, 0, 3000);
  await cache.read(other, 0, 3000);
  await cache.drop(one.key);
  expect(await cachedFiles()).toHaveLength(3);
  await cache.read(other, 0, 3000);
  expect(fetched).toHaveLength(6);
});

test.each([
  ['breaks off', async () => Readable.from(brokenOff())],
  ['is too short', async () => Readable.from([Buffer.alloc(10)])],
  ['is too long', async () => Readable.from([Buffer.alloc(2000)])],
])('keeps nothing of an answer that %s, and asks again the next time', async (_, answer) => {
  const blob = newBlob(1000);
  let answers = 0;
  const cache = openCache(1_000_000, (...range) => (answers++ === 0 ? answer() : fromOrigin(...range)));
  await expect(cache.read(blob, 0, 10)).rejects.toMatchObject({ kind: 'unavailable' });
  expect(await cachedFiles()).toEqual([]);
  expect(await cache.read(blob, 0, 10)).toEqual(blob.bytes.subarray(0, 10));
});

test('answers unavailable when its folder cannot be written', async () => {
  await rm(folder, { recursive: true });
  await writeFile(folder, 'a file in its place');
  await expect(openCache().read(newBlob(10), 0, 10)).rejects.toMatchObject({ kind: 'unavailable' });
});

async function* brokenOff(): AsyncGenerator<Buffer> {
  yield Buffer.alloc(10);
  throw new Error('connection lost');
}
