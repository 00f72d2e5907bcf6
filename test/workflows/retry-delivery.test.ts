import type { WorkflowHandle } from '@temporalio/client';
import type { retryDelivery } from '../../workflows';
import { attemptsOf, deliveryOf, queuePostbacks, untilState } from '../support/deliveries';
import { recordHistory, replay } from '../support/histories';
import {
  ok,
  closeReceivers,
  type Receiver,
  type Reply,
  startReceiver,
  status,
  tooManyRequests,
} from '../support/receivers';
import { SkippedDeliveries } from '../support/skipped-deliveries';
import { untilStarted } from '../support/workflows';

jest.setTimeout(180_000);

let deliveries: SkippedDeliveries;
beforeAll(async () => {
  deliveries = await SkippedDeliveries.start();
});
afterAll(() => deliveries.stop());
afterEach(closeReceivers);

interface Failed {
  id: string;
  receiver: Receiver;
  handle: WorkflowHandle<typeof retryDelivery>;
}

/** A delivery whose first attempt failed, and its workflow. */
async function failedDelivery(...replies: Reply[]): Promise<Failed> {
  const { hub, env } = deliveries;
  const receiver = await startReceiver(status(500), ...replies);
  const { applicationId } = await hub.newKey();
  await deliveries.readClock();
  const [id = ''] = await queuePostbacks([{ applicationId, url: receiver.url }], hub.resources);
  const handle = env.client.workflow.getHandle<typeof retryDelivery>(`delivery/${id}`);
  await untilStarted(handle);
  return { id, receiver, handle };
}

const deliveryNow = (id: string) => deliveryOf(deliveries.hub.resources, id);

const attemptTimes = async (id: string): Promise<number[]> =>
  (await attemptsOf(deliveries.hub.resources, id)).map(({ attempted_at }) => attempted_at.getTime() / 1000);

const waits = (times: number[]): number[] => times.slice(1).map((time, index) => time - (times[index] ?? 0));

test('delivers when the receiver recovers, each attempt with the same id', async () => {
  const { id, receiver, handle } = await failedDelivery(status(503), status(404), ok('at last'));
  expect(await handle.result()).toBe('delivered');
  expect(await deliveryNow(id)).toMatchObject({ state: 'delivered', attempts: 4, next_attempt_at: null });
  const made = await attemptsOf(deliveries.hub.resources, id);
  expect(made.map((attempt) => attempt.status)).toEqual([500, 503, 404, 200]);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
  await recordHistory('retry-delivery.delivered', handle);
});

test('goes on for three days after the first attempt, at growing intervals, and then the delivery is dead', async () => {
  const { id, receiver, handle } = await failedDelivery(status(500));
  expect(await handle.result()).toBe('dead');
  const { state, attempts, first_attempt_at } = await deliveryNow(id);
  expect(state).toBe('dead');
  expect(receiver.received).toHaveLength(attempts);
  const times = await attemptTimes(id);
  const threeDays = 3 * 24 * 3600;
  expect((times.at(-1) ?? 0) - (first_attempt_at?.getTime() ?? 0) / 1000).toBeGreaterThanOrEqual(threeDays);
  expect((times.at(-2) ?? 0) - (first_attempt_at?.getTime() ?? 0) / 1000).toBeLessThan(threeDays);
  const growing = waits(times).slice(3, 8);
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
  expect(await deliveryNow(id)).toMatchObject({ state: 'dead', attempts: 2 });
});

test('`now` makes the next attempt at once', async () => {
  const { id, receiver, handle } = await failedDelivery(status(503), ok());
  await handle.signal('now');
  await receiver.waitFor(2);
  await untilState(deliveries.hub.resources, id, 'retrying');
  await handle.signal('now');
  expect(await handle.result()).toBe('delivered');
  expect(await deliveryNow(id)).toMatchObject({ attempts: 3 });
  await recordHistory('retry-delivery.now', handle);
});

test('`cancel` gives the delivery up', async () => {
  const { id, receiver, handle } = await failedDelivery(ok());
  await handle.signal('cancel');
  expect(await handle.result()).toBe('cancelled');
  expect(await deliveryNow(id)).toMatchObject({ state: 'cancelled', next_attempt_at: null });
  expect(receiver.received).toHaveLength(1);
  await recordHistory('retry-delivery.cancelled', handle);
});

test('ends where the endpoint is paused, and says what the delivery waits for', async () => {
  const { id, receiver, handle } = await failedDelivery(ok());
  const { db } = deliveries.hub.resources;
  await db('endpoints').where({ origin: receiver.url }).update({ state: 'paused' });
  expect(await handle.result()).toBe('held');
  expect(await deliveryNow(id)).toMatchObject({ state: 'retrying' });
  expect(receiver.received).toHaveLength(1);
  await recordHistory('retry-delivery.held', handle);
});

test('a delivery that fails again after that has a workflow again', async () => {
  const { id, receiver, handle } = await failedDelivery(status(502), ok());
  const { db } = deliveries.hub.resources;
  await db('endpoints').where({ origin: receiver.url }).update({ state: 'paused' });
  expect(await handle.result()).toBe('held');
  await db('endpoints').where({ origin: receiver.url }).update({ state: 'active' });
  await db('deliveries').where({ id }).update({ state: 'pending', next_attempt_at: null, lease_token: 0 });
  await receiver.waitFor(2);
  const again = deliveries.env.client.workflow.getHandle<typeof retryDelivery>(`delivery/${id}`);
  while ((await again.describe()).status.name !== 'RUNNING') await untilState(deliveries.hub.resources, id, 'retrying');
  expect(await again.result()).toBe('delivered');
});

test('returns at once when the delivery has ended', async () => {
  const { id, handle } = await failedDelivery(ok());
  await handle.result();
  const again = await deliveries.env.client.workflow.execute<typeof retryDelivery>('retryDelivery', {
    workflowId: `delivery/${id}`,
    taskQueue: 'deliveries',
    args: [{ deliveryId: id }],
  });
  expect(again).toBe('delivered');
  expect(await attemptsOf(deliveries.hub.resources, id)).toHaveLength(2);
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
  test.each(['delivered', 'dead', 'now', 'cancelled', 'held'])('replay on this code: %s', async (name) => {
    await expect(replay(`retry-delivery.${name}`)).resolves.toBeUndefined();
  });

  test('of another behaviour do not replay', async () => {
    const other = replay('retry-delivery.dead', (text) => text.replaceAll('"sendAgain"', '"sendOnce"'));
    await expect(other).rejects.toThrow(/Nondeterminism/);
  });
});
