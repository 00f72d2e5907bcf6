import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { connectDatabase } from '../../src/database/connection';
import { migrate } from '../../src/database/migrations';
import { ensureDatabase } from '../../src/local/postgres';
import { queuePostbacks, type TestPostback } from '../support/deliveries';
import { FailingReceiver, type ScriptedRequest } from '../support/failing-receiver';
import { startHub, type TestHub } from '../support/hub';
import { startProcess, type TestProcess } from '../support/processes';
import { DevServer } from '../support/temporal';
import { startTestPostgres, type TestPostgres } from '../support/test-postgres';

jest.setTimeout(240_000);

const endpoints = 20;
const subjects = 2000;
/** Of each subject, in order. */
const each = 5;
const inTransaction = 100;
/** Of so many deliveries one is refused the first time, and comes again from a workflow. */
const oneRefusedIn = 251;
/** How long each request is under way: so that every kill meets some. */
const afterMs = 20;

let postgres: TestPostgres;
let temporal: DevServer;
let hub: TestHub;
let receiver: FailingReceiver;
const workers = new Set<TestProcess>();
/** Aborts when the test is over, however it ended: what goes on trying then gives up. */
const over = new AbortController();

beforeAll(async () => {
  [postgres, temporal, receiver] = await Promise.all([
    startTestPostgres({ durable: true }),
    DevServer.create(),
    FailingReceiver.start({ origins: endpoints }),
  ]);
  await Promise.all([temporal.start(), prepareDatabase()]);
  hub = await startHub({ env: { DATABASE_URL: postgres.url('hub') } });
});
afterAll(async () => {
  over.abort();
  await Promise.all([...workers].map((worker) => worker.kill()));
  await receiver.stop();
  await hub.close();
  await temporal.remove();
  await postgres.stop();
});

async function prepareDatabase(): Promise<void> {
  await ensureDatabase(postgres.cluster, 'hub');
  const db = connectDatabase(postgres.url('hub'), 2);
  await migrate(db);
  // What a kill can send again is what is under way then: few at a time, so that it is few on a slow machine too.
  await db.raw('alter table endpoints alter column slots set default 2');
  await db.destroy();
}

async function startWorker(): Promise<TestProcess> {
  const worker = await startProcess({
    entry: 'src/worker',
    env: {
      ...hub.env,
      LOG_LEVEL: 'info',
      WORKER_QUEUES: 'deliveries',
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
    },
    readyEvent: 'worker.ready',
  });
  workers.add(worker);
  return worker;
}

/** Each subject's first postback, then each one's second…, in transactions of many; what fails is tried again. */
async function queueAll(applicationId: string): Promise<string[]> {
  const postbacks = Array.from({ length: each }, (_, round) =>
    ids.map((subject, index): TestPostback => {
      const folder = (round * subjects + index) % oneRefusedIn === 0 ? 'refused' : 'taken';
      const url = `${receiver.urls[index % endpoints]}/${folder}/${subject}/${round}`;
      return { applicationId, url, subject, payload: { subject, round } };
    }),
  ).flat();
  const queued: string[] = [];
  for (let start = 0; start < postbacks.length; start += inTransaction) {
    queued.push(...(await persistently(postbacks.slice(start, start + inTransaction))));
  }
  return queued;
}

const ids = Array.from({ length: subjects }, () => uuid());

/** Where the answer to a commit was lost, the same are queued once more: two deliveries each, as a client's repeat would be. */
async function persistently(postbacks: TestPostback[]): Promise<string[]> {
  for (;;) {
    try {
      return await queuePostbacks(postbacks, hub.resources);
    } catch {
      await delay(100, undefined, { signal: over.signal }); // The database is away, which is what the test is about.
    }
  }
}

interface Row {
  id: string;
  subject_id: string;
  state: string;
  payload: string;
}

/** What the database holds, in the order of each subject, once all of it is finished. */
async function untilFinished(): Promise<Row[]> {
  const { db } = hub.resources;
  while (
    await db('deliveries')
      .whereNull('finished_at')
      .first('id')
      .catch(() => 'away')
  )
    await delay(200, undefined, { signal: over.signal });
  return db<Row & { position: number }>('deliveries')
    .orderBy('position')
    .select('id', 'subject_id', 'state', 'payload');
}

const idOf = ({ headers }: ScriptedRequest): string => String(headers['webhook-id']);

/** The subjects of which a delivery came, first or again, after a later one. */
function outOfOrder(received: readonly ScriptedRequest[], rows: readonly Row[]): string[] {
  const place = new Map(rows.map(({ id, subject_id }, index) => [id, { subject: subject_id, index }]));
  const latest = new Map<string, number>();
  const wrong = new Set<string>();
  for (const request of received) {
    const { subject, index } = place.get(idOf(request)) ?? { subject: 'unknown', index: -1 };
    if (index < (latest.get(subject) ?? -1)) wrong.add(subject);
    latest.set(subject, index);
  }
  return [...wrong];
}

test('10,000 deliveries arrive in order while worker, Postgres and Temporal are killed in turn', async () => {
  await receiver.script(
    { under: '/refused/', eachPath: true, afterMs, replies: [['status', 503], ['ok']] },
    { afterMs, replies: [['ok']] },
  );
  const { applicationId } = await hub.newKey();
  const [first] = await Promise.all([startWorker(), startWorker()]);
  const queueing = queueAll(applicationId);

  await receiver.untilReceived(1500);
  await first.kill();
  await startWorker();
  await receiver.untilReceived(4000);
  await postgres.kill();
  await postgres.restart();
  await receiver.untilReceived(6500);
  await temporal.kill();
  await temporal.start();

  const queued = await queueing;
  const rows = await untilFinished();
  const { received } = receiver;
  const refused = received.filter(({ path }) => path.startsWith('/refused/'));
  const refusals = new Set(refused.map(({ path }) => path)).size;
  const arrived = new Map(received.map((request) => [idOf(request), request.body]));

  expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['delivered']));
  expect(arrived).toEqual(new Map(rows.map(({ id, payload }) => [id, payload])));
  expect(queued.filter((id) => !arrived.has(id))).toEqual([]);
  expect(queued).toHaveLength(subjects * each);
  // Repeats carry the id that they had, or `arrived` would be larger.
  expect(received.length - refusals - rows.length).toBeLessThan(rows.length / 100);
  expect(outOfOrder(received, rows)).toEqual([]);
});
