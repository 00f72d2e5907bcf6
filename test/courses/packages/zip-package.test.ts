import { buffer } from 'node:stream/consumers';
import { deflateRawSync } from 'node:zlib';
import { defaultPackageLimits } from '../../../src/courses/packages/package-limits';
import { readZipIndex } from '../../../src/courses/packages/zip-index';
import { ZipPackage } from '../../../src/courses/packages/zip-package';
import { buildZip, type EntryDraft, MemorySource } from '../../support/zips';

async function open(drafts: EntryDraft[]): Promise<ZipPackage> {
  const source = new MemorySource(buildZip(drafts));
  return new ZipPackage(source, await readZipIndex(source, defaultPackageLimits));
}

const long = Array.from({ length: 200_000 }, (_, i) => `line ${i}\n`).join('');
const drafts: EntryDraft[] = [
  { name: 'a/long.txt', content: long },
  { name: 'a/stored.txt', content: long, method: 0 },
  { name: 'empty.txt' },
];

test('lists the files and finds them by their exact path', async () => {
  const files = await open(drafts);
  expect(files.paths).toEqual(['a/long.txt', 'a/stored.txt', 'empty.txt']);
  expect(files.find('a/stored.txt')).toMatchObject({ size: long.length, method: 'stored' });
  expect(files.find('A/stored.txt')).toBeUndefined();
  expect(files.has('a')).toBe(false);
  expect(files.has('empty.txt')).toBe(true);
});

test.each(['a/long.txt', 'a/stored.txt', 'empty.txt'])('reads %s whole and as a stream', async (path) => {
  const files = await open(drafts);
  const content = path === 'empty.txt' ? '' : long;
  expect((await files.readFile(path, long.length)).toString()).toBe(content);
  expect((await buffer(await files.openFile(path))).toString()).toBe(content);
});

test('refuses to read a file that is larger than allowed, or not there', async () => {
  const files = await open(drafts);
  await expect(files.readFile('a/long.txt', long.length - 1)).rejects.toMatchObject({ code: 'zip_file_too_large' });
  await expect(files.readFile('b.txt', 1)).rejects.toMatchObject({ kind: 'not-found' });
  await expect(files.openFile('b.txt')).rejects.toMatchObject({ kind: 'not-found' });
});

test.each<[string, EntryDraft, string]>([
  ['checksum', { name: 'x', content: 'text', crc32: 1 }, 'zip_checksum'],
  ['checksum, stored', { name: 'x', content: 'text', method: 0, crc32: 1 }, 'zip_checksum'],
  ['size', { name: 'x', content: 'text', size: 3 }, 'zip_wrong_size'],
  ['data', { name: 'x', content: long, data: deflateRawSync(long).subarray(0, -9) }, 'zip_broken_data'],
])('fails on a file whose %s is wrong', async (_, draft, code) => {
  const files = await open([draft]);
  await expect(files.readFile('x', 1e7)).rejects.toMatchObject({ code });
  await expect(buffer(await files.openFile('x'))).rejects.toMatchObject({ code });
});

test('reads no further when a stream is given up', async () => {
  const source = new MemorySource(buildZip([{ name: 'x', content: Buffer.alloc(20_000_000, 'ab'), method: 0 }]));
  const files = new ZipPackage(source, await readZipIndex(source, defaultPackageLimits));
  source.reads = 0;
  for await (const _ of await files.openFile('x')) break;
  expect(source.reads).toBeLessThan(5);
});
