import { v7 as uuid } from 'uuid';
import { insertApplication } from '../../src/applications/applications.store';
import { courseOrders, type CourseListFilter } from '../../src/courses/course-list.rules';
import { listCourses, positionOf } from '../../src/courses/course-list.store';
import { createDatabase, type TestDatabase } from '../support/database';
import { addManyCourses } from '../../bench/many-courses';

let database: TestDatabase;
const application = uuid();

beforeAll(async () => {
  database = await createDatabase();
  await insertApplication(database.db, application, 'large');
  await addManyCourses(database.db, application, 20_000);
});
afterAll(() => database.drop());

const base: CourseListFilter = { datetimeFilter: 'updated', filterBy: 'course_id', orderBy: 'created_desc', tags: [] };

/** The plans of every statement that a page takes. */
async function plansOf(filter: CourseListFilter, deep: boolean): Promise<string[]> {
  const { db } = database;
  const statements: { sql: string; bindings: unknown[] }[] = [];
  const note = (query: { sql: string; bindings: unknown[] }): void => void statements.push(query);
  const after = deep
    ? positionOf((await listCourses(db, application, base, { after: undefined, limit: 101 }))[100]!, filter)
    : undefined;
  db.on('query', note);
  const rows = await listCourses(db, application, filter, { after, limit: 101 });
  db.removeListener('query', note);
  expect(rows.length).toBeGreaterThanOrEqual(0);
  const plans: string[] = [];
  for (const { sql, bindings } of statements) {
    const explained = await db.raw<{ rows: { 'QUERY PLAN': string }[] }>(
      `explain ${sql.replace(/\$\d+/g, '?')}`,
      bindings as string[],
    );
    plans.push(explained.rows.map((row) => row['QUERY PLAN']).join('\n'));
  }
  return plans;
}

const filters: [string, Partial<CourseListFilter>][] = [
  ['no filter', {}],
  ['a substring that all have', { filter: 'course' }],
  ['a substring that few have', { filter: '-1999-' }],
  ['a substring that none has', { filter: 'zzzzzz' }],
  ['a title', { filter: '19999', filterBy: 'title' }],
  ['a tag’s substring', { filter: 'own-777', filterBy: 'tags' }],
  ['a common tag', { tags: ['all'] }],
  ['a rare tag', { tags: ['own-5'] }],
  ['a time', { since: new Date('2024-01-01T00:00:00Z') }],
];

describe.each(courseOrders)('a page of courses by %s', (orderBy) => {
  describe.each([
    ['first', false],
    ['deep', true],
  ])('%s', (_, deep) => {
    it.each(filters)('with %s is read by an index, never by a scan of all courses', async (_name, filter) => {
      for (const plan of await plansOf({ ...base, ...filter, orderBy }, deep)) {
        expect(plan).toContain('Index');
        expect(plan).not.toContain('Seq Scan on courses');
      }
    });
  });
});
