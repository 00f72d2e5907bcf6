import * as fc from 'fast-check';
import {
  bigintArray,
  bytesArray,
  integerArray,
  textArray,
  timeArray,
  uuidArray,
} from '../../src/database/binary-arrays';
import { createDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** What Postgres makes of an array, each element as text. */
async function read(array: Buffer, type: string, shown = 'e::text'): Promise<(string | null)[]> {
  const { rows } = await database.db.raw<{ rows: { text: string | null }[] }>(
    `select ${shown} as text from unnest(?::${type}[]) with ordinality as u (e, place) order by place`,
    [array],
  );
  return rows.map(({ text }) => text);
}

const samples = { numRuns: 20 };

it.each<[string, (values: string[]) => Buffer, fc.Arbitrary<string>]>([
  ['uuid', uuidArray, fc.uuid()],
  ['int', (values) => integerArray(values.map(Number)), fc.maxSafeInteger().map((n) => String(n % 2 ** 31))],
  [
    'bigint',
    (values) => bigintArray(values.map(BigInt)),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  ],
  ['text', textArray, fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))],
])('%s[] arrives as it was sent', (type, array, value) =>
  fc.assert(
    fc.asyncProperty(fc.array(value), async (values) => expect(await read(array(values), type)).toEqual(values)),
    samples,
  ),
);

it('takes UUIDs in capitals', async () =>
  expect(await read(uuidArray(['0123ABCD-EF00-4000-8000-ABCDEFABCDEF']), 'uuid')).toEqual([
    '0123abcd-ef00-4000-8000-abcdefabcdef',
  ]));

it('timestamptz[] is in microseconds', async () =>
  expect(await read(timeArray([0n, -1n, 1_772_442_900_000_001n, -62_135_596_800_000_000n]), 'timestamptz')).toEqual([
    '1970-01-01 00:00:00+00',
    '1969-12-31 23:59:59.999999+00',
    '2026-03-02 09:15:00.000001+00',
    '0001-01-01 00:00:00+00',
  ]));

it('bytea[] puts the pieces of each together', async () => {
  const pieces = [[Buffer.from('ab'), Buffer.from('c')], [], [Buffer.from([0, 255])]];
  expect(await read(bytesArray(pieces), 'bytea', `encode(e, 'hex')`)).toEqual(['616263', '', '00ff']);
});

it('nulls stay null', async () => {
  expect(await read(textArray(['a', null]), 'text')).toEqual(['a', null]);
  expect(await read(bigintArray([null, 7n, null]), 'bigint')).toEqual([null, '7', null]);
});
