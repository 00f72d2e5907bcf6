import { register } from 'prom-client';
import { v7 as uuid } from 'uuid';
import { countDeliveriesIn } from '../../src/deliveries/delivery-metrics';
import { cancelRetry, planRetry, sendAgain } from '../../src/deliveries/retry-delivery';
import type { Resources } from '../../src/resources';
import {
  attemptsOf,
  deliveryOf,
  queuePostbacks,
  startDrains,
  type TestDrains,
  untilAttempts,
  untilState,
} from '../support/deliveries';
import { startHub, type TestHub } from '../support/hub';
import { closeReceivers, ok, type Receiver, type Reply, startReceiver, status } from '../support/receivers';

let hub: TestHub;
let drains: TestDrains;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());
afterEach(async () => {
  await drains.stop();
  await closeReceivers();
});

const woken: string[] = [];
const listening = (): Resources => ({ ...hub.resources, wake: (channel) => void woken.push(channel) });
const again = (deliveryId: string, attempts: number) => sendAgain({ deliveryId, attempts }, hub.resources);

/** A delivery whose first attempt failed, and another of its subject behind it; the drains are running. */
async function failed(...replies: Reply[]): Promise<{ id: string; next: string; receiver: Receiver }> {
  const receiver = await startReceiver(status(500), ...replies);
  const { applicationId } = await hub.newKey();
  const postback = { applicationId, url: receiver.url, subject: uuid() };
  const [id = '', next = ''] = await queuePostbacks([postback, postback], hub.resources);
  drains = startDrains(hub.resources);
  await untilState(hub.resources, id, 'retrying');
  return { id, next, receiver };
}

const setEndpoint = async (deliveryId: string, state: string): Promise<void> => {
  const { db } = hub.resources;
  const ids = db('deliveries').where({ id: deliveryId }).select('endpoint_id');
  await db('endpoints').whereIn('id', ids).update({ state, next_probe_at: new Date() });
};

test('the plan says how many attempts were made, why the last failed and when the next is due', async () => {
  const { id } = await failed();
  const { next_attempt_at } = await deliveryOf(hub.resources, id);
  expect(await planRetry(id, hub.resources)).toEqual({
    state: 'retrying',
    attempts: 1,
    reason: 'the receiver answered 500',
    until: next_attempt_at?.getTime(),
  });
});

test('an attempt is made once, however often it is asked for', async () => {
  const { id, receiver } = await failed(status(502), ok());
  expect(await again(id, 1)).toMatchObject({ state: 'sending', attempts: 1 });
  await untilAttempts(hub.resources, id, 2);
  expect(await again(id, 1)).toMatchObject({ state: 'retrying', attempts: 2, reason: 'the receiver answered 502' });
  expect(receiver.received).toHaveLength(2);
});

test('a delivery that has ended is not sent again', async () => {
  const { id, receiver } = await failed(ok());
  await again(id, 1);
  await untilState(hub.resources, id, 'delivered');
  expect(await again(id, 1)).toEqual({ state: 'delivered' });
  expect(await again(id, 2)).toEqual({ state: 'delivered' });
  expect(await cancelRetry(id, hub.resources)).toEqual({ state: 'delivered' });
  await drains.stop();
  expect(receiver.received.filter(({ headers }) => headers['webhook-id'] === id)).toHaveLength(2);
});

test.each(['paused', 'recovering', 'disabled'])(
  'at an endpoint that is %s it waits for that, and is not sent',
  async (state) => {
    const { id, receiver } = await failed(ok());
    await setEndpoint(id, state);
    expect(await again(id, 1)).toMatchObject({
      state: 'held',
      reason: expect.stringContaining(`is ${state}`) as string,
    });
    expect(await deliveryOf(hub.resources, id)).toMatchObject({ state: 'retrying', attempts: 1 });
    expect(receiver.received).toHaveLength(1);
  },
);

test('one that is cancelled lets the next of its subject go', async () => {
  const { id, next } = await failed(ok());
  const { shard } = await deliveryOf(hub.resources, id);
  woken.length = 0;
  expect(await cancelRetry(id, listening())).toEqual({ state: 'cancelled' });
  expect(woken).toEqual([`deliveries_${shard}`]);
  await untilState(hub.resources, next, 'delivered');
});

test('a retry that nobody has looked after is made by the drain', async () => {
  const { id } = await failed(ok());
  await drains.stop();
  await hub.resources
    .db('deliveries')
    .where({ id })
    .update({ next_attempt_at: new Date(Date.now() - 180_000) });
  drains = startDrains(hub.resources);
  await untilState(hub.resources, id, 'delivered');
  expect(await attemptsOf(hub.resources, id)).toHaveLength(2);
});

test('there is nothing to do for a delivery that was removed with its endpoint', async () => {
  expect(await planRetry(uuid(), hub.resources)).toEqual({ state: 'cancelled' });
  expect(await again(uuid(), 1)).toEqual({ state: 'cancelled' });
});

test('metrics count attempts by outcome, deliveries by state, and what is unfinished', async () => {
  register.resetMetrics();
  countDeliveriesIn(hub.resources.db);
  await hub.resources.db('endpoints').delete();
  const { id, next } = await failed(ok());
  const before = await register.metrics();
  expect(before).toContain('hub_deliveries_unfinished{state="retrying"} 1');
  expect(before).toMatch(/hub_deliveries_unfinished\{state="(pending|blocked)"\} 1/);
  expect(before).toContain('hub_endpoints{state="active"} 1');
  await again(id, 1);
  await untilState(hub.resources, next, 'delivered');
  const text = await register.metrics();
  expect(text).toContain('hub_delivery_attempts_total{outcome="status_5xx"} 1');
  expect(text).toContain('hub_delivery_attempts_total{outcome="delivered"} 2');
  expect(text).toContain('hub_deliveries_total{state="retrying"} 1');
  expect(text).toContain('hub_deliveries_total{state="delivered"} 2');
  expect(text).not.toContain('hub_deliveries_unfinished{state="retrying"}');
});
