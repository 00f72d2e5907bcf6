import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { cancelDelivery } from '../../src/deliveries/cancel-deliveries';
import { queueDelivery } from '../../src/deliveries/queue-delivery';
import type { EndpointRef } from '../../src/deliveries/endpoints.store';
import { addEndpoint, deliveryOf, startDrains, type TestDrains, untilState } from '../support/deliveries';
import { startHub, type TestHub } from '../support/hub';
import { after, closeReceivers, hang, ok, startReceiver } from '../support/receivers';

let hub: TestHub;
let applicationId: string;
let drains: TestDrains | undefined;

beforeAll(async () => {
  hub = await startHub({ env: { DELIVERY_TIMEOUT_SECONDS: '1' } });
});
afterAll(() => hub.close());
beforeEach(async () => {
  ({ applicationId } = await hub.newKey());
});
afterEach(async () => {
  await closeReceivers();
  await drains?.stop();
  drains = undefined;
});

const endpointAt = (url: string): Promise<EndpointRef> => addEndpoint({ applicationId, url }, hub.resources);

/** As a verb does it: the subject is locked while it changes, here by a lock of its name. */
async function queue(endpoint: EndpointRef, subject: string, number: number, work = 0): Promise<string> {
  const { db, wake } = hub.resources;
  const { id, channel } = await db.transaction(async (tx) => {
    await tx.raw('select pg_advisory_xact_lock(hashtext(?))', [subject]);
    const payload = JSON.stringify({ subject, number });
    const queued = await queueDelivery(tx, {
      applicationId,
      endpoint,
      subject: { kind: 'test', id: subject },
      payload,
    });
    if (work > 0) await delay(work);
    return queued;
  });
  wake(channel);
  return id;
}

const unfinished = async (endpoint: EndpointRef): Promise<number> => {
  const [row] = await hub.resources
    .db('deliveries')
    .where({ endpoint_id: endpoint.id, finished_at: null })
    .count<{ count: number }[]>();
  return row?.count ?? 0;
};

test('what waits for an older one of its subject is put aside, and not looked at again until that has ended', async () => {
  const receiver = await startReceiver(hang());
  const endpoint = await endpointAt(receiver.url);
  const ids: string[] = [];
  for (let number = 0; number < 300; number += 1) ids.push(await queue(endpoint, 'one', number));
  drains = startDrains(hub.resources, [endpoint.shard]);
  await untilState(hub.resources, ids.at(-1) ?? '', 'blocked');
  const states = await hub.resources.db('deliveries').whereIn('id', ids).orderBy('position').pluck<string[]>('state');
  expect(states).toEqual(['pending', ...Array<string>(299).fill('blocked')]);
});

test('a long line of one subject goes out one by one, and others overtake it', async () => {
  const receiver = await startReceiver(ok());
  const endpoint = await endpointAt(receiver.url);
  for (let number = 0; number < 120; number += 1) await queue(endpoint, 'long', number);
  const late = await queue(endpoint, 'late', 0);
  drains = startDrains(hub.resources, [endpoint.shard]);
  await untilState(hub.resources, late, 'delivered');
  expect(await unfinished(endpoint)).toBeGreaterThan(0);
  while ((await unfinished(endpoint)) > 0) await delay(20);
  const numbers = receiver.received
    .map(({ body }) => JSON.parse(body) as { subject: string; number: number })
    .filter(({ subject }) => subject === 'long')
    .map(({ number }) => number);
  expect(numbers).toEqual(Array.from({ length: 120 }, (_, number) => number));
});

test('nothing is left behind and nothing overtakes, however writers and drains interleave', async () => {
  const receiver = await startReceiver(after(1, ok()));
  const endpoint = await endpointAt(receiver.url);
  drains = startDrains(hub.resources, [endpoint.shard]);
  const subjects = Array.from({ length: 8 }, () => uuid());
  const each = 60;
  await Promise.all(
    subjects.map(async (subject, index) => {
      for (let number = 0; number < each; number += 1) {
        // Some commit late, so that a delivery shows up while the one before is ending.
        await queue(endpoint, subject, number, (number * 7 + index) % 5);
      }
    }),
  );
  while ((await unfinished(endpoint)) > 0) await delay(20);
  for (const subject of subjects) {
    const numbers = receiver.received
      .map(({ body }) => JSON.parse(body) as { subject: string; number: number })
      .filter((one) => one.subject === subject)
      .map(({ number }) => number);
    expect(numbers).toEqual(Array.from({ length: each }, (_, number) => number));
  }
});

test('a cancelled delivery lets the next one go', async () => {
  const receiver = await startReceiver(hang());
  const endpoint = await endpointAt(receiver.url);
  const first = await queue(endpoint, 'cancelled', 1);
  const second = await queue(endpoint, 'cancelled', 2);
  drains = startDrains(hub.resources, [endpoint.shard]);
  await receiver.waitFor(1);
  await untilState(hub.resources, second, 'blocked');
  receiver.answerWith(ok());
  expect(await cancelDelivery(first, hub.resources)).toBe(true);
  expect(await cancelDelivery(first, hub.resources)).toBe(false);
  await untilState(hub.resources, second, 'delivered');
  expect(await deliveryOf(hub.resources, first)).toMatchObject({ state: 'cancelled' });
});
