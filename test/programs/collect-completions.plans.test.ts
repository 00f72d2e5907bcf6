import { fillFeed } from '../../bench/events/fill';
import { findNextOwnProgram } from '../../src/events/event-programs.store';
import { findCurrentAt, listTypesBetween } from '../../src/events/stored-events.store';
import { isQueueFull } from '../../src/programs/completion-queue.store';
import { createDatabase, type TestDatabase } from '../support/database';
import { mostRows, plansOf } from '../support/plans';
import { ProgramFixture } from '../support/programs';

const count = 100_000;
let database: TestDatabase;
let last: number;

beforeAll(async () => {
  database = await createDatabase({ poolSize: 1 });
  await fillFeed(database.db, count);
  last = (await database.db('event_feed').max<{ last: number }[]>('position as last'))[0]!.last;
}, 120_000);
afterAll(() => database.drop());

/** Partitions of months to come are empty. */
const sequential = /Seq Scan on (?!event_feed_)/;

test.each(['DEMO', 'FILL7', 'NONE'])('a page of the stored events of %s is found by indexes', async (program) => {
  const { db } = database;
  for (const after of [0, Math.floor(last / 2), last - 1000]) {
    let positions: number[] = [];
    const looking = await plansOf(db, async () => {
      const looked = await listTypesBetween(db, program, { after, until: last }, 1000);
      positions = looked.slice(0, 100).map(({ position }) => position);
    });
    const reading = await plansOf(db, () => findCurrentAt(db, positions));
    for (const plan of [looking, reading]) {
      expect(plan).not.toMatch(sequential);
      expect(mostRows(plan)).toBeLessThanOrEqual(1000);
    }
  }
});

test('the next program, and whether much is queued, are found by indexes', async () => {
  const { db } = database;
  const { applicationId } = await ProgramFixture.create(db);
  await db.raw(
    `insert into event_programs (id, application_id) select 'OWN' || n, :applicationId from generate_series(1, 5000) n`,
    { applicationId },
  );
  await db.raw(
    `insert into completion_queue (application_id, door, event_id, uid, course_id, completed_at)
     select case when n % 3 = 0 then :applicationId::uuid else gen_random_uuid() end, 'events', n, 'ada', 'golf', now()
     from generate_series(1, 30000) n`,
    { applicationId },
  );
  await db.raw('vacuum analyze event_programs');
  await db.raw('vacuum analyze completion_queue');
  const plan = await plansOf(db, async () => {
    expect(await findNextOwnProgram(db, applicationId, 'OWN2500')).toBe('OWN2501');
    expect(await isQueueFull(db, applicationId, 1000)).toBe(true);
  });
  expect(plan).not.toMatch(/Seq Scan/);
  expect(mostRows(plan)).toBeLessThanOrEqual(1000);
});
