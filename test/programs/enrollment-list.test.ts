import * as fc from 'fast-check';
import { fillPrograms } from '../../bench/enrollments/fill';
import {
  type EnrollmentListFilter,
  type EnrollmentListQuery,
  type EnrollmentPosition,
  enrollmentSorts,
  readEnrollmentFilter,
  type SortKey,
  type TimeField,
} from '../../src/programs/enrollment-list.rules';
import { findEnrollmentPage, type ListBudget } from '../../src/programs/enrollment-list.store';
import { createDatabase, type TestDatabase } from '../support/database';

interface Row {
  id: number;
  learner_id: number;
  presence: string;
  sort_name: string;
  search_text: string;
  progress: number;
  course_due_at: Date | null;
  end_at: Date | null;
  renew_at: Date | null;
  created_at: Date;
  updated_at: Date;
  deleted_at: Date | null;
  superseded_at: Date | null;
}

let database: TestDatabase;
let programId: number;
let rows: Row[];
beforeAll(async () => {
  database = await createDatabase({ poolSize: 1 });
  const { programs } = await fillPrograms(database.db, [400, 50]);
  programId = programs.get(400)!;
  await database
    .db('enrollments')
    .where({ program_id: programId })
    .whereRaw('id % 9 = 0')
    .update({ sort_name: 'иван петров', search_text: 'иван\nпетров\nivan\nivan@example.com' });
  rows = await database.db('enrollments').where({ program_id: programId }).select<Row[]>();
});
afterAll(() => database.drop());

const timeOf = (row: Row, field: TimeField): Date | null =>
  field === 'deleted' ? (row.deleted_at ?? row.superseded_at) : row[`${field}_at`];

const ms = (moment: Date | null): number => moment?.getTime() ?? Number.POSITIVE_INFINITY;

const keyOf: Readonly<Record<SortKey, (row: Row) => Buffer | number>> = {
  name: (row) => Buffer.from(row.sort_name),
  progress: (row) => row.progress,
  course_due_date: (row) => ms(row.course_due_at),
  due_date: (row) => ms(row.end_at),
  renew_date: (row) => ms(row.renew_at),
  created: (row) => ms(row.created_at),
  updated: (row) => ms(row.updated_at),
  deleted: (row) => ms(timeOf(row, 'deleted')),
};

const compare = (one: Buffer | number, other: Buffer | number): number =>
  Buffer.isBuffer(one) && Buffer.isBuffer(other) ? one.compare(other) : one < other ? -1 : one > other ? 1 : 0;

const holds = ({ search_text }: Row, word: string): boolean =>
  word.length > 2 ? search_text.includes(word) : search_text.split('\n').some((line) => line.startsWith(word));

/** The same by looking at all rows. */
function idsOf({ presences, sort, times, words, learnerId }: EnrollmentListFilter): number[] {
  const fits = (row: Row): boolean =>
    presences.some((presence) => presence === row.presence) &&
    (learnerId === undefined || row.learner_id === learnerId) &&
    words.every((word) => holds(row, word)) &&
    Object.entries(times).every(([field, { after, before }]) => {
      const at = timeOf(row, field as TimeField);
      return at !== null && (after === undefined || at > after) && (before === undefined || at < before);
    });
  const key = keyOf[sort.key];
  const sorted = rows.filter(fits).sort((one, other) => compare(key(one), key(other)) || one.id - other.id);
  return (sort.descending ? sorted.reverse() : sorted).map(({ id }) => id);
}

interface Read {
  ids: number[];
  sizes: number[];
}

async function readAll(filter: EnrollmentListFilter, limit: number, budget?: ListBudget): Promise<Read> {
  const read: Read = { ids: [], sizes: [] };
  let after: EnrollmentPosition | undefined;
  do {
    const { found, next } = await findEnrollmentPage(database.db, filter, { after, limit }, budget);
    read.ids.push(...found.map(({ id }) => id));
    read.sizes.push(found.length);
    after = next;
  } while (after !== undefined);
  return read;
}

const sort = fc.constantFrom(undefined, ...enrollmentSorts.flatMap((key) => [key, `-${key}`]));
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 2 });
const time = maybe(
  fc
    .date({ min: new Date('2022-12-31'), max: new Date('2026-12-31'), noInvalidDate: true })
    .map((moment) => moment.toISOString()),
);
const query = fc.record({
  sort,
  search: maybe(
    fc.constantFrom(
      'example.com',
      'maria',
      'jo',
      'o',
      'staff-7',
      'son',
      'ma lmn',
      '@',
      '%',
      'zzz',
      'e.',
      '-1',
      'етро',
      'иван ivan',
      'ив',
      'и',
    ),
  ),
  updated_after: time,
  created_after: time,
  created_before: time,
  deleted_before: time,
  with_deleted: maybe(fc.boolean()),
  only_deleted: maybe(fc.boolean()),
});
const budget = fc.record({
  near: fc.integer({ min: 0, max: 60 }),
  enough: fc.integer({ min: 0, max: 5 }),
  collected: fc.record({
    learner: fc.integer({ min: 1, max: 60 }),
    time: fc.integer({ min: 1, max: 60 }),
    words: fc.integer({ min: 1, max: 60 }),
  }),
  far: fc.integer({ min: 1, max: 100 }),
});

const given = (asked: Record<string, unknown>): EnrollmentListQuery =>
  Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));

describe('a list of enrollments, read page by page', () => {
  it('is what looking at all rows finds, in their order, each once, however little a page may cost', async () => {
    await fc.assert(
      fc.asyncProperty(query, fc.integer({ min: 1, max: 70 }), budget, async (asked, limit, allowed) => {
        const filter = readEnrollmentFilter(programId, given(asked));
        const { ids, sizes } = await readAll(filter, limit, allowed);
        expect(ids).toEqual(idsOf(filter));
        expect(Math.max(...sizes)).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 250 },
    );
  }, 120_000);

  it('has full pages, and the last', async () => {
    await fc.assert(
      fc.asyncProperty(query, fc.integer({ min: 1, max: 70 }), async (asked, limit) => {
        const filter = readEnrollmentFilter(programId, given(asked));
        const { ids, sizes } = await readAll(filter, limit);
        expect(ids).toEqual(idsOf(filter));
        expect(sizes.slice(0, -1).every((size) => size === limit)).toBe(true);
        expect(sizes.length === 1 || sizes.at(-1)! > 0).toBe(true);
      }),
      { numRuns: 100 },
    );
  }, 120_000);

  it('finds a learner’s alone', async () => {
    const learner = rows[7]!;
    const filter = readEnrollmentFilter(programId, { user_id: learner.learner_id, with_deleted: true });
    expect((await readAll(filter, 1)).ids).toEqual([learner.id]);
  });
});
