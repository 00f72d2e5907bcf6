import { createKey } from '../src/applications/create-key';
import { connectDatabase, type Database } from '../src/database/connection';
import {
  type EnrollmentListQuery,
  type EnrollmentPosition,
  enrollmentSorts,
  readEnrollmentFilter,
} from '../src/programs/enrollment-list.rules';
import { findEnrollmentPage, findListed } from '../src/programs/enrollment-list.store';
import { createProgram } from '../src/programs/save-program';
import { fillPrograms, type FilledPrograms } from './enrollments/fill';
import { machine, quantile, table } from './report';
import { type Stack, startStack } from './stack';

const repeats = 20;
const limit = 100;
const few = 10_000;

const sorts = [undefined, ...enrollmentSorts.flatMap((sort) => [sort, `-${sort}`])];

const questions: [string, EnrollmentListQuery][] = [
  ['no filter', {}],
  ['deleted ones too', { with_deleted: true }],
  ['only deleted ones', { only_deleted: true }],
  ['one learner', { user_id: 1 }],
  ['updated in the last hour (0.1 %)', { updated_after: '2025-06-01' }],
  ['updated after a time (half)', { updated_after: '2024-07-01' }],
  ['created after a time (most)', { created_after: '2023-01-02' }],
  ['a word that all have', { search: 'example.com' }],
  ['a first name (2 %)', { search: 'maria' }],
  ['a last name (0.02 %)', { search: 'lmnson' }],
  ['two words', { search: 'maria lmnson' }],
  ['an email that nobody has', { search: 'nobody.lmnson@example.com' }],
  ['a word that none has', { search: 'zzqqzz' }],
  ['two letters', { search: 'jo' }],
];

interface Measured {
  times: number[];
  /** The slowest order's median. */
  worst: { order: string; median: number };
}

async function timesOf(work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  await work();
  for (let i = 0; i < repeats; i += 1) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return times;
}

/** A place in the middle of an order, from which a page is deep. */
async function middleOf(
  db: Database,
  programId: number,
  size: number,
  query: EnrollmentListQuery,
): Promise<EnrollmentPosition> {
  const filter = readEnrollmentFilter(programId, query);
  let after: EnrollmentPosition | undefined;
  for (let read = 0; read < size * 0.4; read += 10_000)
    ({ next: after } = await findEnrollmentPage(db, filter, { after, limit: 10_000 }));
  return after!;
}

/** Pages of a program in every order, the first and a deep one. */
async function measure(
  db: Database,
  programId: number,
  query: EnrollmentListQuery,
  middles: Middles,
): Promise<Measured> {
  const measured: Measured = { times: [], worst: { order: '', median: 0 } };
  for (const sort of sorts) {
    for (const after of [undefined, middles.get(sort)]) {
      const filter = readEnrollmentFilter(programId, { ...query, ...(sort !== undefined && { sort }) });
      // Unless asked for an order, some lists have one of their own.
      if (after && sort === undefined && filter.sort.key !== 'created') continue;
      const page = async () => {
        const { found } = await findEnrollmentPage(db, filter, { after, limit });
        return findListed(
          db,
          found.map(({ id }) => id),
        );
      };
      const times = await timesOf(page);
      measured.times.push(...times);
      const median = quantile(times, 0.5);
      if (median > measured.worst.median)
        measured.worst = { order: `${sort ?? 'as made'}${after ? ', deep' : ''}`, median };
    }
  }
  return measured;
}

type Middles = ReadonlyMap<string | undefined, EnrollmentPosition>;

async function findMiddles(db: Database, programId: number, size: number): Promise<Middles> {
  const middles = new Map<string | undefined, EnrollmentPosition>();
  for (const sort of sorts) middles.set(sort, await middleOf(db, programId, size, sort === undefined ? {} : { sort }));
  return middles;
}

const inMs = (value: number): string => value.toFixed(1);

async function lists(db: Database, { programs }: FilledPrograms): Promise<string> {
  const rows = new Map<string, (string | number)[]>(questions.map(([name]) => [name, []]));
  for (const [size, programId] of programs) {
    const middles = await findMiddles(db, programId, size);
    for (const [name, query] of questions) {
      const { times, worst } = await measure(db, programId, query, middles);
      rows
        .get(name)!
        .push(inMs(quantile(times, 0.5)), inMs(quantile(times, 0.99)), `${worst.order} (${inMs(worst.median)})`);
      process.stderr.write(`${size}: ${name}: ${rows.get(name)!.slice(-3).join(' | ')}\n`);
    }
  }
  const head = [...programs.keys()].flatMap((size) =>
    ['p50', 'p99', 'slowest order'].map((text) => `${text}, ${size}`),
  );
  return table(
    ['asked for', ...head],
    [...rows].map(([name, cells]) => [name, ...cells]),
  );
}

interface Bulk {
  answerMs: number[];
  startsPerSecond: number;
}

/** Ten thousand learners in a request, into programs in which nothing is due, and then into one in which all are to be reminded. */
async function enrollMany(db: Database, stack: Stack, applicationId: string): Promise<Bulk> {
  const { key, secret } = await createKey({ applicationId }, { db, secrets: stack.secrets });
  const headers = {
    authorization: `Basic ${Buffer.from(`${key.id}:${secret}`).toString('base64')}`,
    'content-type': 'application/json',
  };
  const ids = await db('learners')
    .where({ application_id: applicationId })
    .orderBy('id')
    .limit(few)
    .pluck<number[]>('id');
  const body = JSON.stringify({ enrollments: ids.map((user_id) => ({ user_id })) });
  const post = async (settings: object): Promise<number> => {
    const items = Array.from({ length: 10 }, (_, nth) => ({ course_id: `course-${nth}` }));
    const { id } = await createProgram(
      applicationId,
      { title: 'Bulk', items, settings },
      { db, wake: () => undefined },
    );
    const begun = performance.now();
    const answer = await fetch(`${stack.url}/api/author/programs/${id}/learners`, { method: 'POST', headers, body });
    if (answer.status !== 204) throw new Error(await answer.text());
    return performance.now() - begun;
  };
  const answerMs: number[] = [];
  for (let i = 0; i < 3; i += 1) answerMs.push(await post({}));
  answerMs.push(await post({ default_days_until_due: 30, reminder_days: [7] }));
  const waiting = async (): Promise<number> => {
    const row = await db('outbox').where({ task_queue: 'enrollments' }).count('* as count').first<{ count: number }>();
    return row.count;
  };
  const begun = performance.now();
  const first = await waiting();
  let left = first;
  while (left > 0 && performance.now() - begun < 60_000) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    left = await waiting();
  }
  return { answerMs, startsPerSecond: Math.round((first - left) / ((performance.now() - begun) / 1000)) };
}

/** `--stored N`: how many enrollments the larger program has; a million unless told. */
export async function benchEnrollments(flags: readonly string[]): Promise<string> {
  const index = flags.indexOf('--stored');
  const stored = index < 0 ? 1_000_000 : Number(flags[index + 1]);
  const stack = await startStack();
  const db = connectDatabase(stack.databaseUrl, 1);
  try {
    const filled = await fillPrograms(db, [few, stored]);
    const lines = await lists(db, filled);
    const { answerMs, startsPerSecond } = await enrollMany(db, stack, filled.applicationId);
    return `## Enrollments

${machine()}

A page of ${limit} enrollments at the database, in ms: ${sorts.length} orders, the first page and one deep in the order, ${repeats} times
each; in a program with ${few} and in one with ${stored}, beside each other and another application's with a tenth.

${lines}

10,000 learners in one request, by user_id, into a program of 10 courses: answered after ${answerMs
      .slice(0, -1)
      .map((ms) => Math.round(ms))
      .join(', ')} ms
where nothing is due, and ${Math.round(answerMs.at(-1)!)} ms where each is to be reminded. Then **${startsPerSecond} workflows a second** are started.
`;
  } finally {
    await db.destroy();
    await stack.stop();
  }
}
