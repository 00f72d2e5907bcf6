import { crc32 } from 'node:zlib';
import { encode } from 'iconv-lite';
import { defaultPackageLimits } from '../../../src/courses/packages/package-limits';
import { readZipIndex } from '../../../src/courses/packages/zip-index';
import { ZipPackage } from '../../../src/courses/packages/zip-package';
import { buildZip, bytes, type EntryDraft, extraField, MemorySource, packZip, type ZipDraft } from '../../support/zips';

const limits = defaultPackageLimits;
const index = (zip: Buffer, some: Partial<typeof limits> = {}) =>
  readZipIndex(new MemorySource(zip), { ...limits, ...some });
const pathsOf = async (zip: Buffer) => (await index(zip)).map(({ path }) => path);

/** What a reader of the package gets for every file. */
async function contentsOf(zip: Buffer): Promise<Record<string, string>> {
  const source = new MemorySource(zip);
  const files = new ZipPackage(source, await readZipIndex(source, limits));
  const read = async (path: string) => [path, (await files.readFile(path, 1e6)).toString()] as const;
  return Object.fromEntries(await Promise.all(files.paths.map(read)));
}

const page: EntryDraft = { name: 'index.html', content: '<p>Welcome, welcome, welcome</p>' };
const other: EntryDraft = { name: 'other.html', content: 'another page' };
const saturated = 0xffff_ffff;

type Refusal = [what: string, code: string, zip: Buffer, says?: RegExp];

describe('refuses, with a code and a message for the author (cmi5 14.1.0.0-1 (d))', () => {
  const named: Refusal[] = [
    ['a path that climbs out', 'zip_path_escapes', buildZip([{ name: '../x.html' }]), /\.\.\/x\.html/],
    ['a path that climbs out half way', 'zip_path_escapes', buildZip([{ name: 'a/../../x' }])],
    ['a path that climbs out with backslashes', 'zip_path_escapes', buildZip([{ name: 'a\\..\\..\\x' }])],
    ['a folder that climbs out', 'zip_path_escapes', buildZip([page, { name: '../' }])],
    ['an absolute path', 'zip_path_absolute', buildZip([{ name: '/etc/x' }]), /"\/etc\/x"/],
    ['a drive', 'zip_path_absolute', buildZip([{ name: 'C:\\x' }])],
    ['a path relative to a drive', 'zip_path_absolute', buildZip([{ name: 'c:x' }])],
    ['a network share', 'zip_path_absolute', buildZip([{ name: '\\\\server\\share\\x' }])],
    ['NUL in a name', 'zip_path_control_character', buildZip([{ name: 'a\0.html' }]), /a\\u0000\.html/],
    ['a line break in a name', 'zip_path_control_character', buildZip([{ name: 'a\nb' }])],
    ['a name that is too long', 'zip_path_too_long', buildZip([{ name: 'x'.repeat(1025) }]), /1024 bytes/],
    ['a symbolic link', 'zip_symbolic_link', buildZip([{ name: 'l', mode: 0o120777 }]), /"l"/],
    ['a symbolic link named as a folder', 'zip_symbolic_link', buildZip([page, { name: 'l/', mode: 0o120777 }])],
    ['a device', 'zip_special_file', buildZip([{ name: 'd', mode: 0o020644 }])],
    ['a pipe', 'zip_special_file', buildZip([{ name: 'p', mode: 0o010644 }])],
    ['an encrypted file', 'zip_encrypted', buildZip([{ ...page, flags: 1 }]), /password/],
    ['strong encryption', 'zip_encrypted', buildZip([{ ...page, flags: 1 | (1 << 6) }])],
    ['masked headers', 'zip_encrypted', buildZip([{ ...page, flags: 1 << 13 }])],
    ['AES', 'zip_encrypted', buildZip([{ ...page, method: 99 }])],
    ['LZMA', 'zip_method_unsupported', buildZip([{ ...page, method: 14 }]), /LZMA/],
    ['Deflate64', 'zip_method_unsupported', buildZip([{ ...page, method: 9 }]), /Deflate64/],
    ['a method without a name', 'zip_method_unsupported', buildZip([{ ...page, method: 77 }]), /method 77/],
    ['a file twice', 'zip_duplicate_path', buildZip([page, other, page]), /"index.html" twice/],
    ['a file twice, written differently', 'zip_duplicate_path', buildZip([{ name: 'a/b' }, { name: './a\\b' }])],
    ['a file that is a folder of another', 'zip_file_and_folder', buildZip([{ name: 'a/b/c' }, other, { name: 'a' }])],
    ['a file and a folder of one name', 'zip_file_and_folder', buildZip([{ name: 'a' }, { name: 'a/' }])],
    ['two entries in one place', 'zip_overlap', buildZip([page, { ...page, name: 'index.htm2', offset: 0 }, other])],
    [
      'another name in the header',
      'zip_headers_disagree',
      buildZip([{ ...page, local: { name: Buffer.from('x') } }]),
      /name/,
    ],
    ['another method in the header', 'zip_headers_disagree', buildZip([{ ...page, local: { method: 0 } }]), /method/],
    ['another size in the header', 'zip_headers_disagree', buildZip([{ ...page, local: { size: 5 } }]), /size/],
    ['another compressed size', 'zip_headers_disagree', buildZip([{ ...page, local: { compressedSize: 5 } }]), /size/],
    ['another checksum', 'zip_headers_disagree', buildZip([{ ...page, local: { crc32: 5 } }]), /checksum/],
    [
      'encryption in one header only',
      'zip_headers_disagree',
      buildZip([{ ...page, local: { flags: 1 } }]),
      /encryption/,
    ],
    ['two sizes of a stored file', 'zip_damaged', buildZip([{ ...page, method: 0, size: 3 }]), /two sizes/],
    ['no files', 'zip_empty', buildZip([])],
    ['only folders', 'zip_empty', buildZip([{ name: 'a/' }, { name: '__MACOSX/x' }])],
    ['an empty file', 'not_a_zip', Buffer.alloc(0), /empty/],
    ['something else', 'not_a_zip', Buffer.from('<html>'.repeat(20_000)), /not a zip\. Export/],
    ['a RAR archive', 'not_a_zip', Buffer.from('Rar!\x1a\x07 and more'), /RAR/],
    ['a set of several files', 'zip_multi_disk', buildZip([page], { end: { disk: 1 } })],
    ['the first file of a set', 'zip_multi_disk', Buffer.from('PK\x07\x08PK\x03\x04 and so on')],
    ['an entry on another disk', 'zip_multi_disk', buildZip([{ ...page, disk: 1 }])],
    ['a count that is too low', 'zip_damaged', buildZip([page, other], { end: { entries: 1, entriesHere: 1 } })],
    ['a count that is too high', 'zip_damaged', buildZip([page], { end: { entries: 2, entriesHere: 2 } })],
    ['a directory that is too small', 'zip_damaged', buildZip([page, other], { end: { size: 60 } })],
    ['a directory before the file', 'zip_truncated', buildZip([page], { end: { size: 1e6 } })],
    ['a header that is not there', 'zip_damaged', buildZip([{ ...page, offset: 3 }])],
    ['a header beyond the end', 'zip_truncated', buildZip([page, { ...other, offset: 1e9 }])],
    ['bytes behind the end', 'zip_damaged', Buffer.concat([buildZip([page]), Buffer.from('\r\n')]), /behind it/],
    ['zip64 fields without values', 'zip_damaged', buildZip([{ ...page, central: { size: saturated } }]), /zip64/],
    ['a zip64 end that is not there', 'zip_damaged', withoutZip64End(), /zip64 end record is missing/],
  ];
  const zip64Lies: [what: string, code: string, ZipDraft][] = [
    ['contradicts the short one', 'zip_damaged', { zip64End: { size: 5 } }],
    [
      'counts more than it holds',
      'zip_damaged',
      { end: { entries: 0xffff }, zip64End: { entries: 3, entriesHere: 3 } },
    ],
    [
      'counts what no number holds',
      'zip_damaged',
      { end: { entries: 0xffff }, zip64End: { entries: 2 ** 60, entriesHere: 2 ** 60 } },
    ],
    [
      'places the directory beyond the file',
      'zip_truncated',
      { end: { offset: saturated }, zip64End: { offset: 2 ** 40 } },
    ],
    [
      'has a directory larger than the file',
      'zip_truncated',
      { end: { size: saturated }, zip64End: { size: 2 ** 40 } },
    ],
    ['speaks of another disk', 'zip_multi_disk', { zip64End: { disk: 2 } }],
  ];
  const lies = zip64Lies.map(([what, code, draft]): Refusal => [
    `a zip64 end that ${what}`,
    code,
    buildZip([page], draft),
  ]);

  test.each<Refusal>([...named, ...lies])('%s', async (_, code, zip, says = /./) => {
    await expect(index(zip)).rejects.toMatchObject({ kind: 'invalid', code, message: expect.stringMatching(says) });
  });

  const big = { name: 'big.txt', content: Buffer.alloc(2e6) };
  const noise = { name: 'noise', method: 0, content: Buffer.alloc(200_000, 'ab') };
  test.each<[string, string, EntryDraft[], Partial<typeof limits>]>([
    ['more entries than the limit', 'zip_too_many_entries', [page, other], { maxEntries: 1 }],
    ['a directory beyond the limit', 'zip_directory_too_large', [page, other], { maxDirectorySize: 100 }],
    ['more bytes than the limit', 'zip_too_large', [page, other], { maxTotalSize: 30 }],
    ['a package that swells', 'zip_ratio_too_high', [big], {}],
    ['a file that swells beside others', 'zip_ratio_too_high', [big, noise], { entryRatioFloor: 1e6 }],
  ])('%s', async (_, code, drafts, some) => {
    await expect(index(buildZip(drafts), some)).rejects.toMatchObject({ kind: 'invalid', code });
  });

  test('data that runs into the directory', async () => {
    const zip = buildZip([{ ...page, local: { compressedSize: 99 }, central: { compressedSize: 99 } }]);
    await expect(index(zip)).rejects.toMatchObject({ code: 'zip_overlap' });
  });

  test('a zip inside the data of another entry (a quoted bomb)', async () => {
    const inner = buildZip([other]);
    const zip = buildZip([
      { name: 'a', method: 0, content: inner },
      { ...other, offset: 31 },
    ]);
    await expect(index(zip)).rejects.toMatchObject({ code: 'zip_overlap' });
  });

  test('a zip cut off anywhere', async () => {
    const zip = buildZip([page, other]);
    for (let length = 4; length < zip.length; length++) {
      await expect(index(zip.subarray(0, length))).rejects.toMatchObject({
        code: expect.stringMatching(/^zip_(truncated|damaged)$/),
      });
    }
  });

  /** The record's signature is gone, its locator is not. */
  function withoutZip64End(): Buffer {
    const zip = buildZip([page], { zip64End: {} });
    zip.fill(0, zip.lastIndexOf('PK\x06\x06'), zip.lastIndexOf('PK\x06\x06') + 4);
    return zip;
  }
});

describe('reads', () => {
  test('what swells but is small, and what swells a little beside others', async () => {
    await expect(index(buildZip([{ name: 'blank', content: Buffer.alloc(1e6) }]))).resolves.toHaveLength(1);
    const noise = { name: 'noise', method: 0, content: Buffer.alloc(60_000, 'ab') };
    await expect(index(buildZip([{ name: 'blank', content: Buffer.alloc(9e6) }, noise]))).resolves.toHaveLength(2);
  });

  test('files, and neither folders nor what macOS adds', async () => {
    const junk = ['__MACOSX/._index.html', '.DS_Store', 'a/.DS_Store'].map((name) => ({ name, content: 'junk' }));
    const zip = buildZip([
      { name: 'a/' },
      ...junk,
      page,
      { name: 'a/', content: 'odd' },
      { name: 'a/b', content: 'b' },
    ]);
    await expect(pathsOf(zip)).resolves.toEqual(['index.html', 'a/b']);
  });

  test('but not over the bytes of what it leaves out', async () => {
    const zip = buildZip([
      page,
      { ...page, name: '.DS_Store2', offset: 0, central: { name: Buffer.from('.DS_Store') } },
    ]);
    await expect(index(zip)).rejects.toMatchObject({ kind: 'invalid' });
  });

  test('names that differ only in case', async () => {
    await expect(pathsOf(buildZip([{ name: 'A.html' }, { name: 'a.html' }]))).resolves.toEqual(['A.html', 'a.html']);
  });

  test('names with a common beginning', async () => {
    const names = ['a', 'a.b', 'a-b/c', 'a b', 'a0/a'];
    await expect(pathsOf(buildZip(names.map((name) => ({ name }))))).resolves.toEqual(names);
  });

  const unicodePath = (raw: string, path: string) =>
    extraField(0x7075, Buffer.concat([Buffer.from([1]), bytes.u32(crc32(raw)), Buffer.from(path)]));
  test.each<[string, string, EntryDraft]>([
    ['with backslashes', 'a/b.html', { name: 'a\\b.html' }],
    ['that begin with ./', 'a/b.html', { name: './a/b.html' }],
    ['with empty and dot segments', 'a/b', { name: 'a//./b' }],
    ['with two dots in a segment', 'a..b/...', { name: 'a..b/...' }],
    ['in UTF-8 with its flag', 'Übung/日.html', { name: 'Übung/日.html', flags: 1 << 11 }],
    ['in UTF-8 without its flag', 'Übung/日.html', { name: 'Übung/日.html' }],
    ['in code page 437', 'Übung ½.html', { name: encode('Übung ½.html', 'cp437') }],
    ['with a Unicode path', 'Übung.html', { name: '_bung.html', extra: unicodePath('_bung.html', 'Übung.html') }],
    ['with a stale Unicode path', 'new.html', { name: 'new.html', extra: unicodePath('old.html', 'Übung.html') }],
  ])('names %s', async (_, path, draft) => {
    await expect(contentsOf(buildZip([{ ...draft, content: 'here' }]))).resolves.toEqual({ [path]: 'here' });
  });

  test('a Unicode path is judged as any other', async () => {
    await expect(index(buildZip([{ name: 'x', extra: unicodePath('x', '../x') }]))).rejects.toMatchObject({
      code: 'zip_path_escapes',
    });
  });

  const wide = (...values: number[]) => extraField(1, bytes.u64(...values));
  const streamedWide = { compressedSize: saturated, size: saturated, extra: wide(0, 0) };
  const stored: EntryDraft = { name: 's', content: 'stored', method: 0 };
  test.each<[string, EntryDraft[], ZipDraft]>([
    [
      'sizes behind the data',
      [
        { ...page, streamed: true },
        { ...other, streamed: true },
      ],
      {},
    ],
    ['a program before it', [page, other], { prefix: Buffer.from('#!/bin/sh\nPK\x03\x04 not yet') }],
    ['a comment', [page, other], { comment: 'made by hand PK\x05\x06 and signed' }],
    [
      'local extra fields that the directory lacks',
      [{ ...page, local: { extra: extraField(9, Buffer.alloc(700)) } }, other],
      {},
    ],
    ['padding behind the extra fields', [{ ...page, extra: Buffer.alloc(3) }], {}],
    ['a zip64 end record', [page, other], { zip64End: {} }],
    [
      'a zip64 end record alone',
      [page],
      { zip64End: {}, end: { entries: 0xffff, entriesHere: 0xffff, size: saturated, offset: saturated } },
    ],
    ['a zip64 end record with an extension', [page], { zip64End: { extension: Buffer.alloc(9) } }],
    ['a zip64 end record and a program before it', [page], { zip64End: {}, prefix: Buffer.alloc(99) }],
    [
      'zip64 sizes',
      [
        {
          ...stored,
          local: { size: saturated, compressedSize: saturated, extra: wide(6, 6) },
          central: { size: saturated, compressedSize: saturated, extra: wide(6, 6) },
        },
      ],
      {},
    ],
    ['a zip64 size alone', [{ ...stored, central: { size: saturated, extra: wide(6) } }], {}],
    [
      'a zip64 offset',
      [
        { ...stored, name: 't' },
        { ...stored, offset: saturated, central: { extra: wide(37) } },
      ],
      {},
    ],
    ['zip64 sizes behind the data', [{ ...stored, flags: 8, local: { ...streamedWide, crc32: 0 } }], {}],
  ])('%s', async (_, drafts, draft) => {
    const expected = Object.fromEntries(drafts.map(({ name, content }) => [name, content]));
    await expect(contentsOf(buildZip(drafts, draft))).resolves.toEqual(expected);
  });

  test('many small files with few reads', async () => {
    const files = Array.from({ length: 1500 }, (_, i) => [`d/${i}.txt`, `file ${i}`] as const);
    const source = new MemorySource(await packZip(files));
    await expect(readZipIndex(source, limits)).resolves.toHaveLength(1500);
    expect(source.reads).toBeLessThan(10);
  });

  test('large files without their data', async () => {
    const files = Array.from({ length: 5 }, (_, i) => [`${i}.bin`, Buffer.alloc(2e6, i)] as const);
    const source = new MemorySource(await packZip(files, false));
    let read = 0;
    const counting = {
      size: source.size,
      read: (at: number, length: number) => ((read += length), source.read(at, length)),
    };
    await readZipIndex(counting, limits);
    expect(read).toBeLessThan(2e6);
  });
});

test('hands on what the source itself fails with', async () => {
  const broken = { size: 1000, read: () => Promise.reject(new Error('the disk is gone')) };
  await expect(readZipIndex(broken, limits)).rejects.toThrow('the disk is gone');
});
