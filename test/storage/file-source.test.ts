import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileSource } from '../../src/storage/file-source';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'file-source-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('reads any place of a file', async () => {
  await writeFile(path.join(folder, 'x'), 'abcdefgh');
  const source = await fileSource(path.join(folder, 'x'));
  expect(source.size).toBe(8);
  const pieces = [source.read(6, 2), source.read(0, 8), source.read(3, 0), source.read(2, 1)];
  expect((await Promise.all(pieces)).map(String)).toEqual(['gh', 'abcdefgh', '', 'c']);
  await source.close();
});

test('fails when the file ends before what is asked for', async () => {
  await writeFile(path.join(folder, 'x'), 'abc');
  const source = await fileSource(path.join(folder, 'x'));
  await expect(source.read(2, 2)).rejects.toThrow('The file ends at 3, before 4.');
  await source.close();
});

test('fails when there is no file', async () => {
  await expect(fileSource(path.join(folder, 'nothing'))).rejects.toMatchObject({ code: 'ENOENT' });
});
