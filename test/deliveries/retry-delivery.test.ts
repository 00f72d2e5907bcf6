import type { ServerResponse } from 'node:http';
import { register } from 'prom-client';
import { v7 as uuid } from 'uuid';
import { countDeliveriesIn } from '../../src/deliveries/delivery-metrics';
import { cancelRetry, planRetry, retryDelivery } from '../../src/deliveries/retry-delivery';
import type { Resources } from '../../src/resources';
import { attemptsOf, deliveryOf, queuePostbacks, startDrains, untilState } from '../support/deliveries';
import { startHub, type TestHub } from '../support/hub';
import { closeReceivers, ok, type Receiver, type Reply, startReceiver, status } from '../support/receivers';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());
afterEach(closeReceivers);

const now = () => new Date();
const woken: string[] = [];
const listening = (): Resources => ({ ...hub.resources, wake: (channel) => void woken.push(channel) });
const retry = (deliveryId: string, number: number) => retryDelivery({ deliveryId, number }, listening(), now);

/** A delivery whose first attempt failed, and another of its subject behind it. */
async function failed(...replies: Reply[]): Promise<{ id: string; next: string; receiver: Receiver }> {
  const receiver = await startReceiver(status(500), ...replies);
  const { applicationId } = await hub.newKey();
  const postback = { applicationId, url: receiver.url, subject: uuid() };
  const [id = '', next = ''] = await queuePostbacks([postback, postback], hub.resources);
  const drains = startDrains(hub.resources);
  await untilState(hub.resources, id, 'retrying');
  await drains.stop();
  return { id, next, receiver };
}

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
  const plan = await retry(id, 2);
  expect(plan).toMatchObject({ state: 'retrying', attempts: 2, reason: 'the receiver answered 502' });
  expect(await retry(id, 2)).toEqual(plan);
  expect(receiver.received).toHaveLength(2);
});

test('of two that are made at the same time one is written', async () => {
  const { id, receiver } = await failed();
  const open: ServerResponse[] = [];
  receiver.answerWith((response) => void open.push(response));
  const both = Promise.all([retry(id, 2), retry(id, 2)]);
  await receiver.waitFor(3);
  for (const response of open) response.end();
  expect(await both).toEqual([{ state: 'delivered' }, { state: 'delivered' }]);
  expect(receiver.received).toHaveLength(3);
  expect(await attemptsOf(hub.resources, id)).toHaveLength(2);
});

test('a delivery that has ended is not sent again', async () => {
  const { id, receiver } = await failed(ok());
  expect(await retry(id, 2)).toEqual({ state: 'delivered' });
  expect(await retry(id, 3)).toEqual({ state: 'delivered' });
  expect(await cancelRetry(id, hub.resources)).toEqual({ state: 'delivered' });
  expect(receiver.received).toHaveLength(2);
});

test.each<['delivered' | 'cancelled', (id: string) => Promise<unknown>]>([
  ['delivered', (id) => retry(id, 2)],
  ['cancelled', (id) => cancelRetry(id, listening())],
])('one that is %s lets the next of its subject go', async (state, end) => {
  const { id, next } = await failed(ok());
  const { shard } = await deliveryOf(hub.resources, id);
  woken.length = 0;
  const drains = startDrains(hub.resources);
  expect(await end(id)).toEqual({ state });
  expect(woken).toEqual([`deliveries_${shard}`]);
  await untilState(hub.resources, next, 'delivered');
  await drains.stop();
});

test('a delivery that is not there is said to be not there', async () => {
  await expect(planRetry(uuid(), hub.resources)).rejects.toMatchObject({
    kind: 'not-found',
    code: 'delivery_not_found',
  });
});

test('metrics count attempts by outcome, deliveries by state, and what is unfinished', async () => {
  register.resetMetrics();
  countDeliveriesIn(hub.resources.db);
  await hub.resources.db('deliveries').delete();
  const { id } = await failed(ok());
  const before = await register.metrics();
  expect(before).toContain('hub_deliveries_unfinished{state="retrying"} 1');
  expect(before).toContain('hub_deliveries_unfinished{state="pending"} 1');
  await retry(id, 2);
  const text = await register.metrics();
  expect(text).toContain('hub_delivery_attempts_total{outcome="status_5xx"} 1');
  expect(text).toContain('hub_delivery_attempts_total{outcome="delivered"} 1');
  expect(text).toContain('hub_deliveries_total{state="retrying"} 1');
  expect(text).toContain('hub_deliveries_total{state="delivered"} 1');
  expect(text).not.toContain('hub_deliveries_unfinished{state="retrying"}');
});
