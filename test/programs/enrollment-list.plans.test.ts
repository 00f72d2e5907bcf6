import { fillPrograms, type FilledPrograms } from '../../bench/enrollments/fill';
import {
  type EnrollmentListQuery,
  enrollmentSorts,
  type EnrollmentPosition,
  readEnrollmentFilter,
} from '../../src/programs/enrollment-list.rules';
import { findEnrollmentPage, findListed } from '../../src/programs/enrollment-list.store';
import { createDatabase, type TestDatabase } from '../support/database';
import { mostRows, plansOf } from '../support/plans';

const size = 30_000;
let database: TestDatabase;
let filled: FilledPrograms;
let learnerId: number;
beforeAll(async () => {
  database = await createDatabase({ poolSize: 1 });
  filled = await fillPrograms(database.db, [size, 1000]);
  learnerId = (await database.db('learners').min<{ min: number }[]>('id'))[0]!.min;
}, 120_000);
afterAll(() => database.drop());

const questions: [string, EnrollmentListQuery][] = [
  ['nothing', {}],
  ['deleted ones too', { with_deleted: true }],
  ['deleted ones only', { only_deleted: true }],
  ['what few were updated after', { updated_after: '2025-06-01' }],
  ['what half were updated after', { updated_after: '2024-07-01' }],
  ['a time of creation, and one of the update', { created_before: '2023-01-10', updated_after: '2024-07-01' }],
  ['a time of deletion', { deleted_after: '2025-07-01' }],
  ['a word that all have', { search: 'example.com' }],
  ['a word that one in fifty has', { search: 'maria' }],
  ['a word that few have', { search: 'lmnson' }],
  ['a word that none has', { search: 'zzqqzz' }],
  ['an email', { search: 'nobody.in@example.com' }],
  ['two letters', { search: 'zo' }],
  ['two words', { search: 'maria lmnson' }],
  ['a sign', { search: '@' }],
  ['a word among the deleted', { search: 'maria', with_deleted: true }],
];

/** The plans of all statements of a page, of the ones that one is asked for. */
async function explain(query: EnrollmentListQuery, after?: EnrollmentPosition): Promise<string> {
  const { db } = database;
  const filter = readEnrollmentFilter(filled.programs.get(size)!, query);
  return plansOf(db, async () => {
    const { found } = await findEnrollmentPage(db, filter, { after, limit: 100 });
    await findListed(
      db,
      found.map(({ id }) => id),
    );
  });
}

const middles = new Map<string, EnrollmentPosition>();

/** A place deep in an order. */
async function middle(sort: string): Promise<EnrollmentPosition> {
  const known = middles.get(sort);
  if (known) return known;
  const filter = readEnrollmentFilter(filled.programs.get(size)!, { sort });
  let after: EnrollmentPosition | undefined;
  for (let page = 0; page < 10; page += 1)
    ({ next: after } = await findEnrollmentPage(database.db, filter, { after, limit: 1000 }));
  middles.set(sort, after!);
  return after!;
}

/** Tables that are read from end to end. */
const scans = (plan: string): string[] =>
  plan.split('\n').filter((line) => /Seq Scan on (enrollments|learners)/.test(line));

describe.each([undefined, ...enrollmentSorts.flatMap((sort) => [sort, `-${sort}`])])('enrollments by %s', (sort) => {
  it.each(questions)('asked for %s, first and deep, are read by indexes', async (_, query) => {
    const asked = { ...query, ...(sort !== undefined && { sort }) };
    const first = await explain(asked);
    const deep = await explain(asked, sort === undefined ? undefined : await middle(sort));
    expect(scans(first + deep)).toEqual([]);
    expect(mostRows(first)).toBeLessThan(25_000);
  });

  it('asked for one learner’s touch little', async () => {
    const plan = await explain({ user_id: learnerId, with_deleted: true, ...(sort !== undefined && { sort }) });
    expect(scans(plan)).toEqual([]);
    expect(mostRows(plan)).toBeLessThan(10);
  });

  it('unfiltered touch what they show', async () => {
    expect(mostRows(await explain({ ...(sort !== undefined && { sort }) }))).toBeLessThan(110);
  });
});
