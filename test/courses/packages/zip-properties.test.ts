import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { isAppError } from '../../../src/errors';
import { defaultPackageLimits as limits } from '../../../src/courses/packages/package-limits';
import { readZipIndex } from '../../../src/courses/packages/zip-index';
import { ZipPackage } from '../../../src/courses/packages/zip-package';
import { verifyEntries } from '../../../src/courses/packages/zip-verify';
import { buildZip, bytes, extraField, MemorySource, packZip } from '../../support/zips';

type Files = Record<string, string>;

/** A whole import's reading: index, check, and every file as its reader gets it. */
async function readAll(zip: Buffer): Promise<Files> {
  const source = new MemorySource(zip);
  const entries = await readZipIndex(source, limits);
  await verifyEntries(source, entries, { limits });
  const files = new ZipPackage(source, entries);
  const pairs = files.paths.map(async (path) => [path, (await files.readFile(path, 1e7)).toString('latin1')] as const);
  return Object.fromEntries(await Promise.all(pairs));
}

const readOrRefusal = (zip: Buffer): Promise<Files | 'refused'> =>
  readAll(zip).catch((error: unknown) => {
    if (isAppError(error) && error.kind === 'invalid') return 'refused';
    throw error;
  });

const zip64 = { size: 0xffff_ffff, compressedSize: 0xffff_ffff, extra: extraField(1, bytes.u64(6, 6)) };
const zips: [string, Buffer][] = [
  [
    'an ordinary zip',
    buildZip([
      { name: 'imsmanifest.xml', content: '<manifest>manifest</manifest>' },
      { name: 'a/' },
      { name: 'a/stored', content: 'as it is', method: 0, streamed: true },
      { name: 'empty' },
    ]),
  ],
  [
    'a zip64 file with a program before it and a comment',
    buildZip(
      [
        { name: 'a', content: 'stored', method: 0, local: zip64, central: zip64 },
        { name: 'b', content: 'bbbbbb' },
      ],
      {
        zip64End: {},
        prefix: Buffer.from('#!/bin/sh'),
        comment: 'by hand',
      },
    ),
  ],
];

describe.each(zips)('%s', (_, zip) => {
  test('with any one bit flipped gives its contents or a refusal', async () => {
    const expected = await readAll(zip);
    const outcomes = { refused: 0, same: 0, different: [] as number[] };
    for (let bit = 0; bit < zip.length * 8; bit++) {
      const flipped = Buffer.from(zip);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const found = await readOrRefusal(flipped);
      if (found === 'refused') outcomes.refused += 1;
      else if (isDeepStrictEqual(found, expected)) outcomes.same += 1;
      else outcomes.different.push(bit);
    }
    expect(outcomes.different).toEqual([]);
    expect(outcomes.refused).toBeGreaterThan(outcomes.same);
  });

  test('with anything written over it, cut out or put in gives contents or a refusal', async () => {
    const place = fc.nat(zip.length);
    const change = fc.tuple(place, fc.nat(30), fc.uint8Array({ maxLength: 30 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        let changed = zip;
        for (const [at, cut, put] of changes)
          changed = Buffer.concat([changed.subarray(0, at), put, changed.subarray(at + cut)]);
        expect(await readOrRefusal(changed)).toBeDefined();
      }),
      { numRuns: 500 },
    );
  });
});

const segment = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((name) => !/[/\\\p{Cc}]|^[a-z]:|^\.\.?$|^\.DS_Store$|^__MACOSX$/iu.test(name));
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));
const content = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }).map((array) => Buffer.from(array)),
  fc.tuple(fc.string(), fc.nat(5000)).map(([text, times]) => Buffer.from(text.repeat(times)).subarray(0, 900_000)),
  fc.constant(Buffer.from([0x1f, 0x8b, 8, 0, 0])),
);

/** No two alike, and none that another needs as a folder. */
const paths = fc
  .uniqueArray(path, { minLength: 1, maxLength: 30 })
  .map((all) => all.filter((one) => !all.some((other) => other.startsWith(`${one}/`))));

test('whatever files are packed are read back', async () => {
  const packages = paths.chain((all) => fc.tuple(...all.map((one) => fc.tuple(fc.constant(one), content))));
  await fc.assert(
    fc.asyncProperty(packages, fc.boolean(), async (files, compress) => {
      const expected = files.map(([name, bytesOfFile]) => [name, bytesOfFile.toString('latin1')]);
      const found = await readAll(await packZip(files, compress));
      expect(found).toEqual(Object.fromEntries(expected));
    }),
    { numRuns: 150 },
  );
});
