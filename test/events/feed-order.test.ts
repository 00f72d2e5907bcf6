import { readFeed } from '../../src/events/event-feed.store';
import { appendEvents } from '../../src/events/events.store';
import { ensurePartitions } from '../../src/events/keep-feed';
import { createDatabase, type TestDatabase } from '../support/database';

const writers = 12;
const ms = 4000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase({ poolSize: writers + 3 });
  await ensurePartitions(database.db, new Date());
});
afterAll(() => database.drop());

const filter = { type: undefined, memberId: undefined, referenceId: undefined, from: undefined, to: undefined };
const changeOf = (id: string) => ({
  id,
  program_id: 'P',
  deleted: false,
  hash: '\\x01',
  event_type: 'T',
  member_id: 'm',
  starts_at: new Date(),
  ends_at: new Date(),
  data: {},
});

/** Closer than through HTTP: as many commits at once as there are connections, and readers that never rest. */
it('who reads the feed while many commit to it at once sees each change, in one order', async () => {
  const { db } = database;
  const end = performance.now() + ms;
  let written = 0;
  async function write(writer: number): Promise<void> {
    for (let n = 0; performance.now() < end; n += 1) {
      // Batches of different lengths take differently long to commit.
      const batch = Array.from({ length: 1 + ((n * 7 + writer) % 20) }, (_, index) => `P-${writer}-${n}-${index}`);
      await appendEvents(db, batch.map(changeOf));
      written += batch.length;
    }
  }
  async function read(): Promise<string[]> {
    const seen: string[] = [];
    let after = 0;
    for (;;) {
      const isLast = performance.now() > end + 500;
      const slice = await readFeed(db, { ...filter, programs: ['P'] }, after, 1000);
      seen.push(...slice.rows.map(({ event_id }) => event_id));
      after = slice.upTo;
      if (isLast && slice.isEnd) return seen;
    }
  }
  const reading = Promise.all([read(), read()]);
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  const [one, other] = await reading;
  expect(one).toHaveLength(written);
  expect(new Set(one).size).toBe(written);
  expect(other).toEqual(one);
  const order: string[] = await db('event_feed').orderBy('position').pluck('event_id');
  expect(one).toEqual(order);
});
