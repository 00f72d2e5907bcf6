import { v7 as uuid } from 'uuid';
import { insertApplication } from '../src/applications/applications.store';
import { createKey } from '../src/applications/create-key';
import { type CourseListFilter, type CourseListPosition, courseOrders } from '../src/courses/course-list.rules';
import { listCourses, positionOf } from '../src/courses/course-list.store';
import { listLatestVersions } from '../src/courses/courses.store';
import { connectDatabase, type Database } from '../src/database/connection';
import { addManyCourses } from './many-courses';
import { machine, quantile, table } from './report';
import { type Stack, startStack } from './stack';

const sizes = [10_000, 100_000];
const repeats = 40;
const limit = 101;

const base: CourseListFilter = { datetimeFilter: 'updated', filterBy: 'course_id', orderBy: 'created_desc', tags: [] };

/** What is asked for, for the store and for the query string. */
const questions: [string, Partial<CourseListFilter>, string][] = [
  ['no filter', {}, ''],
  ['a substring that all have', { filter: 'course' }, 'filter=course'],
  ['a substring that few have', { filter: '-1999-' }, 'filter=-1999-'],
  ['a substring that none has', { filter: 'zzzzzz' }, 'filter=zzzzzz'],
  ['a title', { filter: '9999', filterBy: 'title' }, 'filter=9999&filterBy=title'],
  ['a tag that all have', { tags: ['all'] }, 'tags=all'],
  ['a tag that 1 % has', { tags: ['group-7'] }, 'tags=group-7'],
  ['a tag that one has', { tags: ['own-5'] }, 'tags=own-5'],
  ['since a time', { since: new Date('2023-12-31T00:00:00Z') }, 'since=2023-12-31'],
];

async function times(work: () => Promise<unknown>): Promise<number[]> {
  const measured: number[] = [];
  await work();
  for (let i = 0; i < repeats; i += 1) {
    const started = performance.now();
    await work();
    measured.push(performance.now() - started);
  }
  return measured;
}

/** The p99 in ms over all orders, first and deep page. */
async function atDatabase(db: Database, application: string, asked: Partial<CourseListFilter>): Promise<number> {
  const measured: number[] = [];
  for (const orderBy of courseOrders) {
    const filter = { ...base, ...asked, orderBy };
    for (const deep of [false, true]) {
      const after = deep ? await deepPosition(db, application, filter) : undefined;
      const page = async (): Promise<void> => {
        const rows = await listCourses(db, application, filter, { after, limit });
        await listLatestVersions(db, rows.slice(0, limit - 1));
      };
      measured.push(...(await times(page)));
    }
  }
  return quantile(measured, 0.99);
}

/** The middle of the whole order. */
async function deepPosition(db: Database, application: string, filter: CourseListFilter): Promise<CourseListPosition> {
  const [field, direction] = filter.orderBy.split('_') as [string, 'asc' | 'desc'];
  const column = field === 'title' ? 'title' : `${field}_at`;
  const row = await db('courses')
    .where({ application_id: application })
    .orderBy([
      { column, order: direction },
      { column: 'id', order: direction },
    ])
    .offset(5000)
    .first();
  return positionOf(row, filter);
}

async function overHttp(stack: Stack, authorization: string, query: string): Promise<number> {
  const measured: number[] = [];
  for (const orderBy of courseOrders) {
    const get = async (parameters: string): Promise<{ more?: string }> => {
      const answer = await fetch(`${stack.url}/api/v2/courses?${parameters}`, { headers: { authorization } });
      if (!answer.ok) throw new Error(await answer.text());
      return (await answer.json()) as { more?: string };
    };
    const first = `orderBy=${orderBy}&${query}`;
    const { more } = await get(first);
    measured.push(...(await times(() => get(first))));
    if (more !== undefined) measured.push(...(await times(() => get(`more=${more}`))));
  }
  return quantile(measured, 0.99);
}

export async function benchCourses(): Promise<string> {
  const stack = await startStack();
  const db = connectDatabase(stack.databaseUrl, 4);
  try {
    const results = new Map<string, string[]>();
    for (const size of sizes) {
      const { id: application } = await insertApplication(db, uuid(), `${size} courses`);
      await addManyCourses(db, application, size);
      const { key, secret } = await createKey({ applicationId: application }, { db, secrets: stack.secrets });
      const authorization = `Basic ${Buffer.from(`${key.id}:${secret}`).toString('base64')}`;
      for (const [name, asked, query] of questions) {
        const row = results.get(name) ?? [];
        results.set(name, row);
        row.push((await atDatabase(db, application, asked)).toFixed(1));
        row.push((await overHttp(stack, authorization, query)).toFixed(1));
      }
    }
    const rows = [...results].map(([name, [database10, http10, database100, http100]]) => [
      name,
      database10!,
      database100!,
      http10!,
      http100!,
    ]);
    return `## Lists of courses

${machine()}

p99 in ms of a page of 100 courses with three tags each, over all six orders, the first page and one deep in the order
(${repeats} times each): at the database (two statements, three when a filter matches seldom), and over HTTP with the key checked.

${table(['asked for', 'database, 10,000', 'database, 100,000', 'HTTP, 10,000', 'HTTP, 100,000'], rows)}
`;
  } finally {
    await db.destroy();
    await stack.stop();
  }
}
