import { execFile, spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { FolderStore } from '../../src/storage/folder-store';

const noLimit = { maxBytes: 1024 ** 3 };
const everything = { olderThan: new Date(Date.now() + 24 * 3600 * 1000) };

let folder: string;
let store: FolderStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folder-store-'));
  store = new FolderStore(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('leaves files alone that are not its own', async () => {
  const { key } = await store.write(Readable.from([randomBytes(10)]), noLimit);
  const strangers = [
    join('incoming', 'notes.txt'),
    join('blobs', 'notes.txt'),
    join('blobs', key.slice(0, 2), 'notes.txt'),
  ];
  for (const path of strangers) await writeFile(join(folder, path), 'x');
  const listed: string[] = [];
  for await (const found of store.list(everything)) listed.push(found);
  expect(listed).toEqual([key]);
  expect(await store.removeAbandoned(everything)).toBe(0);
  for (const path of strangers) expect((await stat(join(folder, path))).size).toBe(1);
});

test.each(['incoming', 'blobs'])(
  'answers unavailable, without a path, when %s cannot be a folder, and keeps nothing',
  async (name) => {
    await writeFile(join(folder, name), 'a file in its place');
    const source = Readable.from([randomBytes(10)]);
    const failure = await store.write(source, noLimit).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'unavailable', message: expect.not.stringContaining(folder) });
    expect(source.destroyed).toBe(true);
    const left = await readdir(folder, { recursive: true });
    expect(left.filter((path) => /[0-9a-f]{8}-/.test(path))).toEqual([]);
  },
);

test('is not ready when it cannot be written', async () => {
  await writeFile(join(folder, 'incoming'), 'a file in its place');
  await expect(store.check()).rejects.toMatchObject({ kind: 'unavailable' });
});

test('answers unavailable when a blob cannot be read', async () => {
  const key = randomUUID();
  await mkdir(join(folder, 'blobs', key.slice(0, 2), key.slice(2, 4), key), { recursive: true });
  const blob = await store.open(key);
  await expect(blob.read(0, 1)).rejects.toMatchObject({ kind: 'unavailable' });
  await blob.close();
});

/** A small disk can be mounted in a namespace of one's own, where the system allows that. */
const mayMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;

(mayMount ? describe : describe.skip)(
  `on a disk that fills up${mayMount ? '' : ': NOT TESTED, because none can be mounted'}`,
  () => {
    test('answers unavailable, keeps nothing, and goes on when there is room', async () => {
      const support = resolve(__dirname, '../support');
      const script = 'mount -t tmpfs -o size=3m tmpfs "$0" && exec "$@"';
      const child = [
        process.execPath,
        '-r',
        join(support, 'typescript-hook.js'),
        join(support, 'full-disk.ts'),
        folder,
      ];
      const { stdout } = await promisify(execFile)('unshare', ['-rm', 'sh', '-c', script, folder, ...child]);
      expect(JSON.parse(stdout)).toEqual({
        kind: 'unavailable',
        message: 'The content store cannot be written: no space left on device (ENOSPC).',
        left: 0,
        thenWritten: 1024 * 1024,
      });
    });
  },
);
