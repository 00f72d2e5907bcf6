import { fillFeed } from '../../bench/events/fill';
import { type FeedFilter, readFeed } from '../../src/events/event-feed.store';
import { appendEvents, listReferences } from '../../src/events/events.store';
import { createDatabase, type TestDatabase } from '../support/database';

const count = 200_000;
let database: TestDatabase;
let middle: number;
let filled: string[];

beforeAll(async () => {
  database = await createDatabase({ poolSize: 1 });
  await fillFeed(database.db, count);
  const { rows } = await database.db.raw<{ rows: { middle: number }[] }>(
    'select (min(position) + max(position)) / 2 as middle from event_feed',
  );
  middle = rows[0]!.middle;
  const tables = await database.db.raw<{ rows: { relname: string }[] }>(
    `select relname from pg_class where relkind = 'r' and relname ~ '^event(s|_feed_[0-9].*)$' and reltuples > 0`,
  );
  filled = tables.rows.map(({ relname }) => relname);
  if (filled.length !== 2) throw new Error(`the rows lie in ${filled.join(', ')}`);
}, 120_000);
afterAll(() => database.drop());

interface Plan {
  Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number };
}

/** Runs what a question asks for, and answers its plans, and how many pages of 8 KiB they touched. */
async function explain(ask: () => Promise<unknown>): Promise<{ text: string; blocks: number }> {
  const { db } = database;
  const statements: { sql: string; bindings: unknown[] }[] = [];
  const note = (query: { sql: string; bindings: unknown[] }): void => void statements.push(query);
  db.on('query', note);
  await ask();
  db.removeListener('query', note);
  let text = '';
  let blocks = 0;
  for (const { sql, bindings } of statements) {
    const statement = `explain (analyze, buffers, format json) ${sql.replace(/\$\d+/g, '?')}`;
    const { rows } = await db.raw<{ rows: { 'QUERY PLAN': Plan[] }[] }>(statement, bindings as string[]);
    const [{ Plan: plan }] = rows[0]!['QUERY PLAN'] as [Plan];
    text += JSON.stringify(plan);
    blocks += plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
  }
  return { text, blocks };
}

/** Tables with rows in them that are read from end to end: partitions of months to come are empty. */
const scannedIn = (plan: string): string[] =>
  [...plan.matchAll(/"Node Type":"Seq Scan"[^{}]*"Relation Name":"([^"]+)"/g)]
    .map(([, table]) => table!)
    .filter((table) => filled.includes(table));

const base: FeedFilter = {
  programs: ['DEMO'],
  type: undefined,
  memberId: undefined,
  referenceId: undefined,
  from: undefined,
  to: undefined,
};
const many = Array.from({ length: 50 }, (_, n) => `FILL${n * 2 + 1}`);

const filters: [string, Partial<FeedFilter>][] = [
  ['a program that has half of all', {}],
  ['a program that has little', { programs: ['FILL7'] }],
  ['a program that has nothing', { programs: ['NONE'] }],
  ['fifty programs', { programs: many }],
  ['a common type', { type: 'AI_COMP_SUCCESS' }],
  ['a rare type', { type: 'LPI_REOPENED' }],
  ['a type that there is not', { type: 'NONE' }],
  ['a learner', { memberId: 'learner-4242@example.com' }],
  ['a learner and a type that she has not', { memberId: 'learner-4242@example.com', type: 'LPI_REOPENED' }],
  ['a reference', { referenceId: 'DEMO-stored-100' }],
  ['times that nothing has, of a program with much', { from: new Date('2090-01-01T00:00:00Z'), programs: ['DEMO'] }],
  ['times that nothing has', { to: new Date('2020-01-01T00:00:00Z') }],
];

describe.each([
  ['from the beginning', () => 0],
  ['from the middle', () => middle],
  ['at the end', () => Number.MAX_SAFE_INTEGER - 1],
])('a page of the feed %s', (_where, after) => {
  it.each(filters)('of %s is read from an index, and touches little', async (_, filter) => {
    const { text, blocks } = await explain(() => readFeed(database.db, { ...base, ...filter }, after(), 100));
    expect(scannedIn(text)).toEqual([]);
    // 2,000 entries are looked at, at the most, and each is found by its index's three levels: however many there are.
    expect(blocks).toBeLessThan(9000);
  });
});

describe('what is read beside the feed', () => {
  it('references, by their index', async () => {
    const question = { id: 'DEMO-stored-100', programs: ['DEMO', ...many] };
    const { text, blocks } = await explain(() => listReferences(database.db, question, 0, 100));
    expect(scannedIn(text)).toEqual([]);
    expect(blocks).toBeLessThan(2000);
  });

  it('what a batch is judged by: updates cost the same in a full store', async () => {
    const { db } = database;
    const update = (n: number) =>
      Array.from({ length: 100 }, (_, index) => ({
        id: `DEMO-stored-${(n * 100 + index) * 2}`,
        program_id: 'DEMO',
        deleted: n % 2 === 1,
        hash: `\\x${n}${n}`,
        event_type: 'X',
        member_id: 'm',
        starts_at: new Date(),
        ends_at: new Date(),
        data: {},
      }));
    const before = await scans();
    for (let n = 0; n < 20; n += 1) {
      const { results } = await appendEvents(db, update(n));
      expect(results.every(({ outcome, revision }) => outcome === 'changed' && revision === 2)).toBe(true);
    }
    expect(await scans()).toEqual(before);
  });
});

/** How often each table was read from end to end. */
async function scans(): Promise<unknown> {
  const { db } = database;
  await db.raw('select pg_stat_force_next_flush()');
  const { rows } = await db.raw<{ rows: unknown[] }>(
    'select relname, seq_scan from pg_stat_user_tables where relname = any(?) order by 1',
    [filled],
  );
  return rows;
}
