import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { releaseHeld } from '../../src/deliveries/recover-endpoint';
import {
  attemptsOf,
  deliveryOf,
  queuePostbacks,
  startDrains,
  type TestDrains,
  untilAttempts,
} from '../support/deliveries';
import { FailingReceiver, type ScriptedReply } from '../support/failing-receiver';
import { startHub, type TestHub } from '../support/hub';

jest.setTimeout(120_000);

/** How a receiver can fail, and what the first attempt's record says of it. */
const failures: [name: string, reply: ScriptedReply | 'refuses', record: { status: number | null; error?: string }][] =
  [
    ['refuses', 'refuses', { status: null, error: 'refused the connection' }],
    ['hangs', ['hang'], { status: null, error: 'did not finish its answer' }],
    ['resets', ['reset'], { status: null, error: 'closed the connection' }],
    ['resets in the middle of its answer', ['resetMidAnswer'], { status: null, error: 'closed the connection' }],
    ['answers 500', ['status', 500], { status: 500 }],
    ['answers 429 with Retry-After', ['tooManyRequests', 1], { status: 429 }],
    ['redirects', ['redirect', 'http://127.0.0.1:9/'], { status: 302 }],
    ['trickles', ['trickle', 50], { status: null, error: 'did not finish its answer' }],
    ['speaks another protocol', ['raw', 'SSH-2.0-x\r\n'], { status: null, error: 'does not answer in HTTP' }],
  ];

let hub: TestHub;
let receiver: FailingReceiver;
let untrusted: FailingReceiver;
let drains: TestDrains;

beforeAll(async () => {
  [hub, receiver, untrusted] = await Promise.all([
    startHub({ env: { DELIVERY_TIMEOUT_SECONDS: '1' } }),
    FailingReceiver.start({ origins: failures.length + 2 }),
    FailingReceiver.start({ certificate: { expired: true } }),
  ]);
  drains = startDrains(hub.resources);
});
afterAll(async () => {
  await drains.stop();
  await Promise.all([receiver.stop(), untrusted.stop()]);
  await hub.close();
});

/** Three deliveries of one subject to each of the URLs, in order. */
async function queueThree(urls: readonly string[]): Promise<string[][]> {
  const { applicationId } = await hub.newKey();
  const subjects = urls.map((url) => ({ applicationId, url, subject: uuid() }));
  const ids = await queuePostbacks(
    [1, 2, 3].flatMap((number) => subjects.map((subject) => ({ ...subject, payload: { number } }))),
    hub.resources,
  );
  return urls.map((_, index) => ids.filter((_id, place) => place % urls.length === index));
}

/** What Temporal would do: gives all that waits for a retry back, again and again. */
async function retryAll(ids: readonly string[]): Promise<void> {
  const { db } = hub.resources;
  for (;;) {
    const left = await db('deliveries')
      .whereIn('id', ids)
      .whereNull('finished_at')
      .distinct()
      .pluck<string[]>('endpoint_id');
    if (left.length === 0) return;
    for (const endpoint of left) await releaseHeld(endpoint, hub.resources);
    await delay(100);
  }
}

test('however a receiver fails, nothing is lost, and once it works a subject’s deliveries arrive in order', async () => {
  await receiver.script(
    ...failures.flatMap(([, reply], origin) => (reply === 'refuses' ? [] : [{ origin, replies: [reply] }])),
    { origin: failures.length, replies: [['endless']] },
  );
  await receiver.refuse(0);
  const subjects = await queueThree(receiver.urls.slice(0, failures.length + 1));
  for (const [index, [, , record]] of failures.entries()) {
    const [first = '', second = ''] = subjects[index] ?? [];
    await untilAttempts(hub.resources, first, 1);
    const [attempt] = await attemptsOf(hub.resources, first);
    expect(attempt?.status).toBe(record.status);
    expect(attempt?.error ?? '').toContain(record.error ?? '');
    expect(await deliveryOf(hub.resources, first)).toMatchObject({ state: 'retrying' });
    expect(await deliveryOf(hub.resources, second)).toMatchObject({ attempts: 0 });
  }

  await receiver.accept(0);
  await receiver.script();
  await retryAll(subjects.flat());
  for (const [index, ids] of subjects.entries()) {
    const taken = receiver.received
      .filter(({ origin }) => origin === index)
      .map(({ headers }) => headers['webhook-id']);
    // The last answers of each that came: in order, whatever was repeated before.
    expect([...new Set(taken)]).toEqual(ids);
    for (const id of ids) expect(await deliveryOf(hub.resources, id)).toMatchObject({ state: 'delivered' });
  }
});

test('a huge answer is no failure, and 410 ends a delivery at once', async () => {
  const gone = failures.length + 1;
  await receiver.script({ origin: gone, eachPath: true, replies: [['status', 410]] }, { replies: [['endless']] });
  const [huge = [], ended = []] = await queueThree([receiver.urls[0] ?? '', receiver.urls[gone] ?? '']);
  await retryAll([...huge, ...ended]);
  for (const id of huge) expect(await deliveryOf(hub.resources, id)).toMatchObject({ state: 'delivered', attempts: 1 });
  for (const id of ended) expect(await deliveryOf(hub.resources, id)).toMatchObject({ state: 'dead', attempts: 1 });
});

test('a certificate that nobody trusts is a failure, and nothing is sent', async () => {
  const [ids = []] = await queueThree(untrusted.urls);
  await untilAttempts(hub.resources, ids[0] ?? '', 1);
  const [attempt] = await attemptsOf(hub.resources, ids[0] ?? '');
  expect(attempt).toMatchObject({ status: null, error: expect.stringContaining('No secure connection') as string });
  expect(await deliveryOf(hub.resources, ids[0] ?? '')).toMatchObject({ state: 'retrying' });
  expect(untrusted.received).toEqual([]);
});
