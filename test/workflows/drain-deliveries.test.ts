import path from 'node:path';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { v7 as uuid } from 'uuid';
import { ensureDrains } from '../../src/deliveries/keep-drains';
import { LocalProcess } from '../../src/local/local-process';
import { startRelay } from '../../src/temporal/relay';
import { deliveryOf, queuePostbacks, untilState } from '../support/deliveries';
import { recordHistory, replay } from '../support/histories';
import { startHub, type TestHub } from '../support/hub';
import { eventOf } from '../support/processes';
import { closeReceivers, ok, type ReceivedRequest, startReceiver, status } from '../support/receivers';
import { devServer, type DevServer, quietRuntime, workflowBundle } from '../support/temporal';

jest.setTimeout(120_000);

let temporal: DevServer;
let hub: TestHub;
let connection: Connection;
let client: Client;

beforeAll(async () => {
  quietRuntime();
  [temporal, hub] = await Promise.all([devServer(), startHub()]);
  connection = await Connection.connect({ address: temporal.address });
  client = new Client({ connection });
});
afterAll(async () => {
  await connection.close();
  await hub.close();
  await temporal.remove();
});

const workers = new Set<LocalProcess>();
afterEach(async () => {
  await closeReceivers();
  for (const worker of workers) worker.signal('SIGKILL');
  await Promise.all([...workers].map(({ ended }) => ended));
  workers.clear();
});

async function startWorker(): Promise<LocalProcess> {
  const support = path.resolve(__dirname, '../support');
  const worker = new LocalProcess({
    name: 'delivery worker',
    command: process.execPath,
    args: ['-r', path.join(support, 'typescript-hook.js'), path.join(support, 'delivery-worker.ts')],
    env: { ...process.env, ...hub.env, TEMPORAL_ADDRESS: temporal.address, WORKFLOW_BUNDLE: workflowBundle().codePath },
    isReadyLine: (line) => eventOf(line) === 'worker.ready',
    readyWithin: 60_000,
    stopSignal: 'SIGTERM',
    graceMs: 30_000,
    forceSignal: 'SIGKILL',
    ownGroup: false,
  });
  workers.add(worker);
  await worker.untilReady();
  return worker;
}

const idOf = ({ headers }: ReceivedRequest): string => String(headers['webhook-id']);

/** Deliveries of several subjects, in the order of their subject; the first three go out before any is answered. */
async function queueSubjects(url: string, subjects: number, each: number): Promise<string[][]> {
  const { applicationId } = await hub.newKey();
  const all = Array.from({ length: subjects }, () => uuid());
  const postbacks = Array.from({ length: each }, () => all.map((subject) => ({ applicationId, url, subject }))).flat();
  const ids = await queuePostbacks(postbacks, hub.resources);
  return all.map((_, subject) => ids.filter((_id, index) => index % subjects === subject));
}

/** Repeats are allowed, but none of an earlier delivery after a later one. */
function expectInOrder(received: readonly ReceivedRequest[], subjects: string[][]): void {
  for (const ids of subjects) {
    const ranks = received.map((request) => ids.indexOf(idOf(request))).filter((rank) => rank >= 0);
    expect(ranks).toEqual([...ranks].sort((one, other) => one - other));
    expect(new Set(ranks).size).toBe(ids.length);
  }
}

test('a worker that is killed loses nothing: what was under way goes out again, with the same ids and in order', async () => {
  const receiver = await startReceiver(() => undefined);
  const subjects = await queueSubjects(receiver.url, 12, 3);
  const first = await startWorker();
  await ensureDrains(client);
  await receiver.waitFor(10); // All its slots.
  await startWorker(); // It waits for a drain to take over.
  const underWay = receiver.received.map(idOf);
  receiver.answerWith(ok());
  first.signal('SIGKILL');
  await first.ended;
  for (const id of subjects.flat()) await untilState(hub.resources, id, 'delivered');
  const again = receiver.received.slice(underWay.length).map(idOf);
  expect(new Set(again)).toEqual(new Set(subjects.flat()));
  expect(again).toHaveLength(subjects.flat().length);
  expect(again).toEqual(expect.arrayContaining(underWay));
  expectInOrder(receiver.received, subjects);
});

test('a worker that shuts down finishes what it sends, and another goes on without sending it again', async () => {
  const open: ServerResponse[] = [];
  const receiver = await startReceiver((response) => void open.push(response));
  const first = await startWorker();
  await ensureDrains(client);
  const subjects = await queueSubjects(receiver.url, 12, 2);
  await receiver.waitFor(10);
  first.signal('SIGTERM');
  await delay(200); // It has to be told while they are under way.
  receiver.answerWith(ok());
  for (const response of open) response.end();
  await first.ended;
  await startWorker();
  for (const id of subjects.flat()) await untilState(hub.resources, id, 'delivered');
  expect(receiver.received).toHaveLength(subjects.flat().length);
  expectInOrder(receiver.received, subjects);
  await recordHistory('drain-deliveries.moved', client.workflow.getHandle('deliveries/0'));
});

test('a first attempt that fails goes on in a workflow that operators can find and hurry', async () => {
  const receiver = await startReceiver(status(503), ok());
  await startWorker();
  await ensureDrains(client);
  const { log, db, config } = hub.resources;
  const relay = startRelay({ db, databaseUrl: config.database.url, client, log }, ['deliveries']);
  const { applicationId } = await hub.newKey();
  const [id = ''] = await queuePostbacks([{ applicationId, url: receiver.url }], hub.resources);
  await untilState(hub.resources, id, 'retrying');
  while (
    await db('outbox')
      .where({ workflow_id: `delivery/${id}` })
      .first()
  )
    await delay(20);
  await relay.stop();
  const handle = client.workflow.getHandle(`delivery/${id}`);
  const { searchAttributes } = await handle.describe();
  expect(searchAttributes).toMatchObject({ HubApplicationId: [applicationId], HubState: ['retrying'] });
  await handle.signal('now');
  expect(await handle.result()).toBe('delivered');
  expect((await handle.describe()).searchAttributes).toMatchObject({ HubState: ['delivered'] });
  expect(await deliveryOf(hub.resources, id)).toMatchObject({ state: 'delivered', attempts: 2 });
});

test('a drain that somebody terminated is started again', async () => {
  await ensureDrains(client);
  await client.workflow.getHandle('deliveries/5').terminate();
  await ensureDrains(client);
  expect((await client.workflow.getHandle('deliveries/5').describe()).status.name).toBe('RUNNING');
});

test('a drain continues as new before its history is long', async () => {
  const native = await NativeConnection.connect({ address: temporal.address });
  const worker = await Worker.create({
    connection: native,
    taskQueue: 'short-drains',
    workflowBundle: workflowBundle(),
    activities: { drainShard: async () => undefined }, // As if each call's six hours were over.
  });
  const handle = await client.workflow.start('drainDeliveries', {
    workflowId: 'deliveries/short',
    taskQueue: 'short-drains',
    args: [{ shard: 0 }],
  });
  await worker.runUntil(async () => {
    const first = client.workflow.getHandle('deliveries/short', handle.firstExecutionRunId);
    while ((await first.describe()).status.name === 'RUNNING') await delay(100);
    expect((await first.describe()).status.name).toBe('CONTINUED_AS_NEW');
    await recordHistory('drain-deliveries.continued', first);
  });
  await client.workflow.getHandle('deliveries/short').terminate();
  await native.close();
});

test.each(['moved', 'continued'])('the recorded history replays on this code: %s', async (name) => {
  await expect(replay(`drain-deliveries.${name}`)).resolves.toBeUndefined();
});
