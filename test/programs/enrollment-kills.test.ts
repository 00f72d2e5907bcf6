import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { connectDatabase } from '../../src/database/connection';
import { migrate } from '../../src/database/migrations';
import { ensureDatabase } from '../../src/local/postgres';
import type { LearnerToEnroll } from '../../src/programs/enroll-learners';
import { addDays, type ProgramSettings } from '../../src/programs/program-settings.rules';
import { eventOf, eventStore } from '../support/events';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { startProcess, type TestProcess } from '../support/processes';
import { ProgramFixture } from '../support/programs';
import { DevServer } from '../support/temporal';
import { startTestPostgres, type TestPostgres } from '../support/test-postgres';

/** A workflow for each: some ten of them a second on a small machine. */
const count = Number(process.env['ENROLLMENT_KILLS'] ?? 120);

jest.setTimeout(120_000 + count * 1000);

let postgres: TestPostgres;
let temporal: DevServer;
let hub: TestHub;
let key: TestKey;
let programs: ProgramFixture;
const workers: TestProcess[] = [];
/** Aborts when the test is over, however it ended: what goes on trying then gives up. */
const over = new AbortController();

beforeAll(async () => {
  [postgres, temporal] = await Promise.all([startTestPostgres({ durable: true }), DevServer.create()]);
  await Promise.all([temporal.start(), prepareDatabase()]);
  hub = await startHub({ env: { DATABASE_URL: postgres.url('hub') } });
  key = await hub.newKey({ programs: ['KILLS'] });
  programs = ProgramFixture.of(hub.resources.db, key.applicationId);
});
afterAll(async () => {
  over.abort();
  await Promise.all(workers.map((worker) => worker.kill()));
  await hub.close();
  await temporal.remove();
  await postgres.stop();
});

async function prepareDatabase(): Promise<void> {
  await ensureDatabase(postgres.cluster, 'hub');
  const db = connectDatabase(postgres.url('hub'), 2);
  await migrate(db);
  await db.destroy();
}

async function startWorker(): Promise<void> {
  const env = {
    ...hub.env,
    LOG_LEVEL: 'info',
    WORKER_QUEUES: 'enrollments',
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
  };
  workers.push(await startProcess({ entry: 'src/worker', env, readyEvent: 'worker.ready' }));
}

/** What is killed, in turn. Each is back when it resolves. */
const kills: readonly (() => Promise<void>)[] = [
  async () => {
    await workers.shift()!.kill();
    await startWorker();
  },
  async () => {
    await postgres.kill();
    await postgres.restart();
  },
  async () => {
    await temporal.kill();
    await temporal.start();
  },
];

/** Again until the database is there, which is what the test is about. */
async function persistently<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch {
      await delay(100, undefined, { signal: over.signal });
    }
  }
}

/** A way to live: all that is to happen within the next minute. */
interface Life {
  settings: Partial<ProgramSettings>;
  /** `soon` is a moment of the next minute, `later` one not long after. */
  dates: (soon: Date, later: Date) => Pick<LearnerToEnroll, 'end_at' | 'expires_at'>;
  completes?: boolean;
  story: readonly string[];
}

const lives: readonly Life[] = [
  {
    settings: { reminder_days: [1] },
    dates: (soon, later) => ({ end_at: addDays(soon, 1), expires_at: later }),
    story: ['enrolled', 'reminded', 'expired'],
  },
  {
    settings: {},
    dates: (soon, later) => ({ end_at: soon, expires_at: later }),
    story: ['enrolled', 'overdue', 'expired'],
  },
  {
    settings: { expires: true, default_days_until_expiration: 365, auto_re_enroll: true, re_enrollment_period: 0 },
    dates: (soon, later) => ({ end_at: soon, expires_at: later }),
    story: ['enrolled', 'overdue', 'expired', 're_enrolled'],
  },
  {
    settings: {},
    dates: (_, later) => ({ end_at: null, expires_at: later }),
    completes: true,
    story: ['enrolled', 'step_completed', 'completed', 'expired'],
  },
];

interface Lived extends Life {
  programId: number;
  uids: string[];
}

/** A quarter of them lives each life; their times are spread over the next minute. */
async function begin(life: Life): Promise<Lived> {
  const program = await programs.program(life.settings, [{ course_id: `golf-${lives.indexOf(life)}` }]);
  const learners = await programs.learners(count / lives.length);
  const now = Date.now();
  const entries = learners.map(({ id }, nth): LearnerToEnroll => {
    const soon = now + 10_000 + (nth / learners.length) * 40_000;
    return { id, ...life.dates(new Date(soon), new Date(soon + 10_000)) };
  });
  await programs.enroll(program.id, entries);
  return { ...life, programId: program.id, uids: learners.map(({ uid }) => uid) };
}

/** Each learner's completion, by an event: put until it is acknowledged. */
async function complete({ uids, ...life }: Lived): Promise<void> {
  const store = eventStore(hub, key);
  const courseId = `golf-${lives.findIndex(({ story }) => story === life.story)}`;
  for (const uid of uids) {
    const event = eventOf('KILLS', { ProgramMemberId: uid, EventData: { courseId } });
    while ((await store.put(`KILLS-${uid}`, event).catch(() => undefined))?.status !== 200)
      await delay(100, undefined, { signal: over.signal });
    await delay(200, undefined, { signal: over.signal });
  }
}

/** Resolves when so much has happened to enrollments. */
async function untilHappened(changes: number): Promise<void> {
  const { db } = hub.resources;
  for (;;) {
    const { rows } = await persistently(() =>
      db.raw<{ rows: { count: number }[] }>(`select count(*) from enrollment_history where type not like 'source_%'`),
    );
    if (rows[0]!.count >= changes) return;
    await delay(100, undefined, { signal: over.signal });
  }
}

/** Resolves when nothing is left to happen within the hour, and everybody was told. */
async function untilDrained(): Promise<void> {
  const { db } = hub.resources;
  const isBusy = async (): Promise<boolean> =>
    (
      await Promise.all([
        db('enrollments')
          .where('next_wake_at', '<', new Date(Date.now() + 3_600_000))
          .first('id'),
        db('completion_queue').first('id'),
        db('outbox').first('id'),
        db('hub_events').first('id'),
      ])
    ).some((row) => row !== undefined);
  while (await persistently(isBusy)) await delay(200, undefined, { signal: over.signal });
}

/**
 * How many enrollments of a program have each story, of those that were there from the beginning and those that took their place:
 * what has happened, by name. What comes first depends on what was away when.
 */
async function storiesOf({ programId }: Lived): Promise<Record<string, number>> {
  const { rows } = await hub.resources.db.raw<{ rows: { story: string; count: number }[] }>(
    `select story, count(*) from (
       select string_agg(h.type, ' ' order by h.type) as story
       from enrollments e join enrollment_history h on h.enrollment_id = e.id
       where e.program_id = ? and h.type not like 'source_%' group by e.id
     ) s group by story`,
    [programId],
  );
  return Object.fromEntries(rows.map(({ story, count: many }) => [story, many]));
}

/** The same as the feed tells it. */
async function feedStoriesOf({ programId }: Lived): Promise<Record<string, number>> {
  const { rows } = await hub.resources.db.raw<{ rows: { story: string; count: number }[] }>(
    `select story, count(*) from (
       select string_agg(event_type, ' ' order by event_type) as story from event_feed
       where data ->> 'programId' = ? group by data ->> 'enrollmentId'
     ) s group by story`,
    [String(programId)],
  );
  return Object.fromEntries(rows.map(({ story, count: many }) => [story, many]));
}

const expectedOf = ({ story, uids }: Lived): Record<string, number> => ({
  [story.toSorted().join(' ')]: uids.length,
  ...(story.includes('re_enrolled') && { enrolled: uids.length }),
});

const inTheFeed = (stories: Record<string, number>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(stories).map(([story, many]) => [
      story
        .split(' ')
        .map((type) => (type === 'enrolled' ? 'HUB_ENROLLMENT_CREATED' : `HUB_ENROLLMENT_${type.toUpperCase()}`))
        .join(' '),
      many,
    ]),
  );

/** Resolves when as many workflows run; visibility is a little behind. */
async function untilRunning(expected: number): Promise<void> {
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection, namespace: temporal.namespace });
  const query = `WorkflowType = 'enrollmentLifecycle' and ExecutionStatus = 'Running'`;
  while ((await client.workflow.count(query)).count !== expected) await delay(200, undefined, { signal: over.signal });
  await connection.close();
}

test(`${count} enrollments live through kills of worker, Postgres and Temporal: each transition happens once`, async () => {
  await startWorker();
  await startWorker();
  const lived: Lived[] = [];
  for (const life of lives) lived.push(await begin(life));
  const transitions = lived.reduce((sum, { story, uids }) => sum + story.length * uids.length, 0);
  const completing = Promise.all(lived.filter(({ completes }) => completes).map(complete));

  // Each is killed twice, while a part of it has happened and the rest has not.
  for (const turn of [0, 1, 2, 3, 4, 5]) {
    await untilHappened(count + ((transitions - count) * (turn + 1)) / 8);
    await kills[turn % kills.length]!();
  }
  await completing;
  await untilDrained();

  for (const life of lived) {
    expect(await storiesOf(life)).toEqual(expectedOf(life));
    expect(await feedStoriesOf(life)).toEqual(inTheFeed(expectedOf(life)));
  }
  const { db } = hub.resources;
  expect(await db('enrollments').where({ state: 'complete' }).pluck('id')).toHaveLength(count / lives.length);
  expect(await db('enrollments').whereNull('expired_at').pluck('id')).toHaveLength(count / lives.length);
  expect(await db('enrollments').whereNotNull('superseded_at').pluck('id')).toHaveLength(count / lives.length);
  // Only where something is still to happen: to those that were reminded, and those that took others' places.
  await untilRunning((2 * count) / lives.length);
});
