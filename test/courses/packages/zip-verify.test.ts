import { PassThrough, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import type { PackageEntry, RandomAccess } from '../../../src/courses/packages/package';
import { defaultPackageLimits } from '../../../src/courses/packages/package-limits';
import { readZipIndex } from '../../../src/courses/packages/zip-index';
import { type VerifyOptions, verifyEntries } from '../../../src/courses/packages/zip-verify';
import { buildZip, bytes, type EntryDraft, MemorySource, packZip, toBytes } from '../../support/zips';

/** Declared sizes are not what is looked at here. */
const limits = { ...defaultPackageLimits, maxRatio: Infinity };

async function verify(zip: Buffer, options: Partial<VerifyOptions> = {}): Promise<void> {
  const source = new MemorySource(zip);
  await verifyEntries(source, await readZipIndex(source, limits), { limits, ...options });
}

/** The same noise every time: what deflate cannot make smaller. */
function noise(length: number, seed = 1): Buffer {
  const out = Buffer.alloc(length);
  for (let at = 0, x = seed; at < length; at++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    out[at] = x;
  }
  return out;
}

const page: EntryDraft = { name: 'index.html', content: 'Welcome. '.repeat(500) };
const video: EntryDraft = { name: 'video.mp4', content: noise(3_000_000) };
const storedVideo: EntryDraft = { ...video, method: 0 };
const padded = (content: Buffer, tail: Buffer) => Buffer.concat([deflateRawSync(content), tail]);

/** Every way in which data can be wrong, for an entry of any size. */
const wrongs = (draft: EntryDraft): [what: string, code: string, EntryDraft][] => {
  const content = toBytes(draft.content!);
  const whole = deflateRawSync(content);
  const flipped = Buffer.from(whole);
  flipped[whole.length >> 1]! ^= 0x55;
  return [
    ['has another checksum', 'zip_checksum', { ...draft, crc32: 1 }],
    ['has another checksum, stored', 'zip_checksum', { ...draft, crc32: 1, method: 0 }],
    ['is larger than declared', 'zip_wrong_size', { ...draft, size: content.length - 1 }],
    ['is declared as empty', 'zip_wrong_size', { ...draft, size: 0, crc32: 0 }],
    ['is smaller than declared', 'zip_wrong_size', { ...draft, size: content.length + 1 }],
    ['has next to no data', 'zip_broken_data', { ...draft, data: Buffer.alloc(1) }],
    ['ends early', 'zip_broken_data', { ...draft, data: whole.subarray(0, -1) }],
    ['ends after half', 'zip_broken_data', { ...draft, data: whole.subarray(0, whole.length / 2) }],
    ['has a byte too many', 'zip_broken_data', { ...draft, data: padded(content, Buffer.from([0])) }],
    ['has much behind it', 'zip_broken_data', { ...draft, data: padded(content, noise(2_000_000)) }],
    ['is flipped', expect.stringMatching(/^zip_(broken_data|checksum|wrong_size)$/), { ...draft, data: flipped }],
  ];
};

describe.each([
  ['small file', page],
  ['large file', video],
])('refuses a %s that', (_, draft) => {
  test.each(wrongs(draft))('%s', async (__, code, wrong) => {
    const neighbours = [{ name: 'a', content: 'before' }, wrong, { name: 'z', content: 'behind' }];
    const message = expect.stringContaining(`"${wrong.name.toString()}"`);
    await expect(verify(buildZip(neighbours))).rejects.toMatchObject({ kind: 'invalid', code, message });
  });
});

test('stops reading a bomb at its declared size', async () => {
  const source = new MemorySource(buildZip([{ name: 'bomb', content: noise(10_000_000), size: 100 }]));
  const entries = await readZipIndex(source, limits);
  source.reads = 0;
  await expect(verifyEntries(source, entries, { limits })).rejects.toMatchObject({ code: 'zip_wrong_size' });
  expect(source.reads).toBeLessThan(10);
});

describe('refuses data that crosses the border between two files', () => {
  const trailer = (content: Buffer) => bytes.u32(crc32(content), content.length);
  const x = Buffer.from('x'.repeat(100));

  /** A stored deflate block that swallows 18 bytes behind it: what a gzip trailer and the next header take. */
  const swallows = bytes.u16(0x1200, 0xed00, 0xff).subarray(0, 5);
  test.each([5, 0])('a file that runs into the next one, declared with %i bytes', async (size) => {
    const between = Buffer.concat([bytes.u32(7, size), Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])]);
    const zip = buildZip([
      { name: 'a', data: swallows, crc32: 7, size },
      { name: 'b', data: Buffer.from([3, 0]), crc32: crc32(between), size: between.length },
    ]);
    await expect(verify(zip)).rejects.toMatchObject({ kind: 'invalid' });
  });

  test('a file with another gzip member in its data', async () => {
    const data = Buffer.concat([deflateRawSync(x), trailer(x), gzipSync('y').subarray(0, -8)]);
    const zip = buildZip([{ name: 'a', data, crc32: crc32('y'), size: 1 }]);
    await expect(verify(zip)).rejects.toMatchObject({ kind: 'invalid' });
  });

  test('a file with a gzip member that hides the next border in its header', async () => {
    // The member's extra field covers the trailer of this file and the header of the next.
    const opening = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 18, 0]);
    const zip = buildZip([
      { name: 'a', data: Buffer.concat([deflateRawSync(x), trailer(x), opening]), crc32: crc32(x), size: 100 },
      { name: 'b', content: 'behind' },
    ]);
    await expect(verify(zip)).rejects.toMatchObject({
      code: 'zip_broken_data',
      message: expect.stringContaining('"a"'),
    });
  });

  test('a file whose data is padded so that the rest goes unread', async () => {
    const all = Buffer.concat([x, Buffer.from('behind')]);
    const data = Buffer.concat([deflateRawSync(all), trailer(all), Buffer.alloc(1)]);
    const zip = buildZip([
      { name: 'a', data, crc32: crc32(x), size: 100 },
      { name: 'b', content: 'behind', data: Buffer.from('not deflate') },
    ]);
    await expect(verify(zip)).rejects.toMatchObject({ kind: 'invalid' });
  });
});

describe('accepts', () => {
  const magic = Buffer.from([0x1f, 0x8b, 8, 0, 0x1f, 0x8b, 8, 4]);
  const raw = (content: Buffer) => deflateRawSync(content, { level: 0 });
  const withMagic = [0, 1, 2].map((i) => {
    const content = Buffer.concat([noise(50), magic, noise(50)]);
    return { name: `m${i}`, content: content.toString('latin1'), crc32: crc32(content), size: 108, data: raw(content) };
  });
  test.each<[string, EntryDraft[]]>([
    ['empty files', [{ name: 'a' }, { name: 'b', method: 0 }, page]],
    ['gzip inside the files', [page, ...withMagic, { name: 'z', content: 'behind' }]],
    ['nothing but gzip', withMagic],
    ['files of every size', [page, storedVideo, { ...video, name: 'v2' }, { name: 'z', content: noise(1_100_000) }]],
    ['text that swells', [{ name: 'text', content: 'a'.repeat(9_000_000) }, page]],
  ])('%s', async (_, drafts) => {
    await expect(verify(buildZip(drafts))).resolves.toBeUndefined();
  });

  test('thousands of files, with few reads', async () => {
    const files = Array.from({ length: 1500 }, (_, i) => [`${i}.txt`, noise(i % 900, i + 1)] as const);
    const source = new MemorySource(await packZip(files));
    const entries = await readZipIndex(source, limits);
    source.reads = 0;
    await verifyEntries(source, entries.toReversed(), { limits });
    expect(source.reads).toBeLessThan(30);
  });
});

test('does not inflate more than the limits allow', async () => {
  const entries: PackageEntry[] = [
    { path: 'a', dataOffset: 0, compressedSize: 9, size: 99, method: 'deflated', crc32: 0 },
  ];
  const options = { limits: { ...limits, maxTotalSize: 98 } };
  await expect(verifyEntries(new MemorySource(Buffer.alloc(9)), entries, options)).rejects.toMatchObject({
    code: 'zip_too_large',
  });
});

test('tells how far it is', async () => {
  const steps: [number, number][] = [];
  await verify(buildZip([page, video, storedVideo].map((draft, i) => ({ ...draft, name: `${i}` }))), {
    onProgress: (done, total) => steps.push([done, total]),
  });
  const total = 4500 + 2 * 3_000_000;
  expect(steps.length).toBeGreaterThan(5);
  expect(steps.map(([done]) => done)).toEqual(steps.map(([done]) => done).toSorted((a, b) => a - b));
  expect(new Set(steps.map(([, all]) => all))).toEqual(new Set([total]));
  expect(steps.at(-1)).toEqual([total, total]);
});

describe('extracts', () => {
  const zip = buildZip([page, video, { ...storedVideo, name: 'stored.mp4' }, { name: 'z', content: 'behind' }]);

  test('the files that are asked for, and asks once for each', async () => {
    const asked: string[] = [];
    const copies = new Map<string, Promise<Buffer>>();
    await verify(zip, {
      extract: ({ path }) => {
        asked.push(path);
        if (path === 'z') return undefined;
        const copy = new PassThrough();
        copies.set(path, buffer(copy));
        return copy;
      },
    });
    expect(asked).toEqual(['index.html', 'video.mp4', 'stored.mp4', 'z']);
    await expect(copies.get('index.html')).resolves.toEqual(Buffer.from(page.content!));
    expect((await copies.get('video.mp4'))?.equals(toBytes(video.content!))).toBe(true);
    expect((await copies.get('stored.mp4'))?.equals(toBytes(video.content!))).toBe(true);
  });

  test('and ends the copy of a file that proves wrong with the error', async () => {
    const copy = new PassThrough();
    const copied = buffer(copy);
    const wrong = buildZip([page, { ...video, crc32: 5 }]);
    const extract = ({ path }: PackageEntry) => (path === 'video.mp4' ? copy : undefined);
    const checked = verify(wrong, { extract });
    await expect(copied).rejects.toMatchObject({ code: 'zip_checksum' });
    await expect(checked).rejects.toMatchObject({ code: 'zip_checksum' });
  });

  test('and fails with what the copy fails with, leaving no copy open', async () => {
    const copies: Writable[] = [];
    const full = () => {
      const copy = new Writable({ write: (_chunk, _encoding, done) => done(new Error('the disk is full')) });
      copies.push(copy);
      return copy;
    };
    await expect(verify(zip, { extract: full })).rejects.toThrow('the disk is full');
    expect(copies.every((copy) => copy.destroyed)).toBe(true);
  });
});

describe('ends early', () => {
  const reason = new Error('the worker shuts down');

  test('when it is aborted before', async () => {
    await expect(verify(buildZip([page]), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test.each([
    ['between files', [page, video, { ...page, name: 'b' }, { ...video, name: 'c' }]],
    ['within a file', [video]],
  ])('when it is aborted %s', async (_, drafts) => {
    const stop = new AbortController();
    const seen: number[] = [];
    const onProgress = (done: number) => {
      seen.push(done);
      stop.abort(reason);
    };
    await expect(verify(buildZip(drafts), { signal: stop.signal, onProgress })).rejects.toBe(reason);
    expect(Math.max(...seen)).toBeLessThan(3_000_000);
  });

  test('while a copy takes nothing', async () => {
    const stop = new AbortController();
    const stuck = new Writable({ highWaterMark: 1, write: () => stop.abort(reason) });
    await expect(verify(buildZip([video]), { signal: stop.signal, extract: () => stuck })).rejects.toBe(reason);
    expect(stuck.destroyed).toBe(true);
  });
});

test.each([
  ['small', page],
  ['large', video],
])('hands on what the source fails with, in a %s file', async (_, draft) => {
  const source = new MemorySource(buildZip([draft]));
  const entries = await readZipIndex(source, limits);
  const broken: RandomAccess = { size: source.size, read: () => Promise.reject(new Error('the disk is gone')) };
  await expect(verifyEntries(broken, entries, { limits })).rejects.toThrow('the disk is gone');
});
