import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createRetryDeliveryActivities } from '../../activities/retry-delivery';
import type { retryDelivery } from '../../workflows';
import { attemptsOf, deliveryOf, queuePostbacks, startDrains, untilState } from '../support/deliveries';
import { recordHistory, replay } from '../support/histories';
import { startHub, type TestHub } from '../support/hub';
import {
  closeReceivers,
  ok,
  type Receiver,
  type Reply,
  startReceiver,
  status,
  tooManyRequests,
} from '../support/receivers';
import { quietRuntime, timeSkipping, workflowBundle } from '../support/temporal';

/** IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD of Temporal's protocol. */
const keyword = 2;

let hub: TestHub;
let env: TestWorkflowEnvironment;
let worker: Worker;
let running: Promise<void>;
let skippedMs = 0;

beforeAll(async () => {
  quietRuntime();
  hub = await startHub();
  env = await timeSkipping();
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: { HubState: keyword },
  });
  const activities = createRetryDeliveryActivities(hub.resources, () => new Date(Date.now() + skippedMs));
  worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: 'deliveries',
    workflowBundle: workflowBundle(),
    activities: {
      ...activities,
      // The server's clock runs ahead of this machine's.
      makeAttempt: async (attempt: { deliveryId: string; number: number }) => {
        skippedMs = (await env.currentTimeMs()) - Date.now();
        return activities.makeAttempt(attempt);
      },
    },
  });
  running = worker.run();
});
afterAll(async () => {
  worker.shutdown();
  await running;
  await env.teardown();
  await hub.close();
});
afterEach(closeReceivers);

interface Failed {
  id: string;
  receiver: Receiver;
  handle: WorkflowHandle<typeof retryDelivery>;
}

/** A delivery whose first attempt failed, and its workflow. */
async function failedDelivery(...replies: Reply[]): Promise<Failed> {
  const receiver = await startReceiver(status(500), ...replies);
  const { applicationId } = await hub.newKey();
  const [id = ''] = await queuePostbacks([{ applicationId, url: receiver.url }], hub.resources);
  const drains = startDrains(hub.resources);
  await untilState(hub.resources, id, 'retrying');
  await drains.stop();
  // As if it had failed at the time that the server's clock shows.
  const ahead = (await env.currentTimeMs()) - Date.now();
  await hub.resources
    .db('deliveries')
    .where({ id })
    .update({
      first_attempt_at: hub.resources.db.raw(`first_attempt_at + make_interval(secs => ?)`, [ahead / 1000]),
      next_attempt_at: hub.resources.db.raw(`next_attempt_at + make_interval(secs => ?)`, [ahead / 1000]),
    });
  const handle = await env.client.workflow.start<typeof retryDelivery>('retryDelivery', {
    workflowId: `delivery/${id}`,
    taskQueue: 'deliveries',
    args: [{ deliveryId: id }],
  });
  return { id, receiver, handle };
}

const attemptTimes = async (id: string): Promise<number[]> =>
  (await attemptsOf(hub.resources, id)).map(({ attempted_at }) => attempted_at.getTime() / 1000);

const waits = (times: number[]): number[] => times.slice(1).map((time, index) => time - (times[index] ?? 0));

test('delivers when the receiver recovers, each attempt with the same id', async () => {
  const { id, receiver, handle } = await failedDelivery(status(503), status(404), ok('at last'));
  expect(await handle.result()).toBe('delivered');
  expect(await deliveryOf(hub.resources, id)).toMatchObject({ state: 'delivered', attempts: 4, next_attempt_at: null });
  expect((await attemptsOf(hub.resources, id)).map((attempt) => attempt.status)).toEqual([500, 503, 404, 200]);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
  await recordHistory('retry-delivery.delivered', handle);
});

test('goes on for three days after the first attempt, at growing intervals, and then the delivery is dead', async () => {
  const { id, receiver, handle } = await failedDelivery(status(500));
  expect(await handle.result()).toBe('dead');
  const { state, attempts, first_attempt_at } = await deliveryOf(hub.resources, id);
  expect(state).toBe('dead');
  expect(receiver.received).toHaveLength(attempts);
  const times = await attemptTimes(id);
  const threeDays = 3 * 24 * 3600;
  expect((times.at(-1) ?? 0) - (first_attempt_at?.getTime() ?? 0) / 1000).toBeGreaterThanOrEqual(threeDays);
  expect((times.at(-2) ?? 0) - (first_attempt_at?.getTime() ?? 0) / 1000).toBeLessThan(threeDays);
  const growing = waits(times).slice(1, 8);
  expect(growing).toEqual([...growing].sort((one, other) => one - other));
  await recordHistory('retry-delivery.dead', handle);
});

test('waits as long as the receiver asks for', async () => {
  const { id, handle } = await failedDelivery(tooManyRequests(7200), ok());
  expect(await handle.result()).toBe('delivered');
  expect(waits(await attemptTimes(id))[1]).toBeGreaterThanOrEqual(7200);
});

test('410 ends it at once', async () => {
  const { id, handle } = await failedDelivery(status(410));
  expect(await handle.result()).toBe('dead');
  expect(await deliveryOf(hub.resources, id)).toMatchObject({ state: 'dead', attempts: 2 });
});

test('`now` makes the next attempt at once', async () => {
  const { id, receiver, handle } = await failedDelivery(status(503), ok());
  await receiver.waitFor(1);
  await handle.signal('now');
  await receiver.waitFor(2);
  await handle.signal('now');
  expect(await handle.result()).toBe('delivered');
  expect(await deliveryOf(hub.resources, id)).toMatchObject({ attempts: 3 });
  await recordHistory('retry-delivery.now', handle);
});

test('`cancel` gives the delivery up', async () => {
  const { id, receiver, handle } = await failedDelivery(ok());
  await handle.signal('cancel');
  expect(await handle.result()).toBe('cancelled');
  expect(await deliveryOf(hub.resources, id)).toMatchObject({ state: 'cancelled', next_attempt_at: null });
  expect(receiver.received).toHaveLength(1);
  await recordHistory('retry-delivery.cancelled', handle);
});

test('returns at once when the delivery has ended', async () => {
  const { id, handle } = await failedDelivery(ok());
  await handle.result();
  const again = await env.client.workflow.execute<typeof retryDelivery>('retryDelivery', {
    workflowId: `delivery/${id}`,
    taskQueue: 'deliveries',
    args: [{ deliveryId: id }],
  });
  expect(again).toBe('delivered');
  expect(await attemptsOf(hub.resources, id)).toHaveLength(2);
});

test('says what it waits for, and until when', async () => {
  const { handle } = await failedDelivery(ok());
  const details = async (): Promise<string> =>
    (await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails;
  let said = await details();
  while (!said) said = await details();
  expect(said).toMatch(/^Waiting until \d{4}-.*Z because the receiver answered 500 \(attempt 1\)\.$/);
  await handle.result();
});

describe('recorded histories', () => {
  test.each(['delivered', 'dead', 'now', 'cancelled'])('replay on this code: %s', async (name) => {
    await expect(replay(`retry-delivery.${name}`)).resolves.toBeUndefined();
  });

  test('of another behaviour do not replay', async () => {
    const other = replay('retry-delivery.dead', (text) => text.replaceAll('"makeAttempt"', '"sendOnce"'));
    await expect(other).rejects.toThrow(/Nondeterminism/);
  });
});
