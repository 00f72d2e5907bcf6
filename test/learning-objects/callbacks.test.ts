import { setTimeout as delay } from 'node:timers/promises';
import { addEndpoint, startDrains, type TestDrains, untilAttempts } from '../support/deliveries';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { after, closeReceivers, hang, ok, type Receiver, startReceiver, status } from '../support/receivers';

let hub: TestHub;
let key: TestKey;
let drains: TestDrains;

beforeAll(async () => {
  hub = await startHub();
  drains = startDrains(hub.resources);
});
afterAll(async () => {
  await drains.stop();
  await hub.close();
});
beforeEach(async () => {
  key = await hub.newKey();
});
afterEach(closeReceivers);

const json = { 'content-type': 'application/json' };
const send = async <T>(method: string, path: string, body: unknown, by: TestKey = key): Promise<T> => {
  const answer = await hub.fetch(path, { method, key: by, headers: json, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
};

const register = (id_repository: string, more: object = {}) =>
  send<{ id: number }>('POST', '/api/v1/los', {
    lo: { name: 'Golf', url: 'https://example.com/golf', repository: 'Demo', id_repository, ...more },
  });

const evaluate = (id: number, reviewer: string, score: number) =>
  send('POST', `/hub/v1/learning-objects/${id}/evaluations`, {
    model: 'LORI v1.5',
    reviewer,
    items: Array<number>(9).fill(score),
  });

type Lo = Record<string, unknown>;
const loOf = ({ body }: Receiver['received'][number]): Lo => (JSON.parse(body) as { lo: Lo }).lo;
const evaluations = (lo: Lo | undefined): unknown => lo?.['Evaluations with LORI v1.5'];

const unfinished = async (applicationId: string): Promise<number> => {
  const rows = await hub.resources
    .db('deliveries')
    .where({ application_id: applicationId, finished_at: null })
    .pluck('id');
  return rows.length;
};
const untilQuiet = async (): Promise<void> => {
  while ((await unfinished(key.applicationId)) > 0) await delay(20);
};

test('a registration and each evaluation after it are told, in the form that LOEP sends', async () => {
  const receiver = await startReceiver(ok());
  const url = `${receiver.url}/callback/`;
  await addEndpoint(
    { applicationId: key.applicationId, url, dialect: 'loep', username: 'hub', password: 's3cret' },
    hub.resources,
  );
  const { id } = await register('Excursion:83/ä');
  await receiver.waitFor(1);
  await untilQuiet();
  await evaluate(id, 'ann', 4);
  await receiver.waitFor(2);
  const [first, second] = receiver.received;
  expect(first).toMatchObject({ method: 'PUT', path: '/callback/los/Excursion:83%2F%C3%A4' });
  expect(first?.headers).toMatchObject({
    'content-type': 'application/x-www-form-urlencoded',
    authorization: `Basic ${Buffer.from('hub:s3cret').toString('base64')}`,
  });
  const form = new URLSearchParams(second?.body);
  expect([form.get('id_loep'), form.get('id_repository')]).toEqual([String(id), 'Excursion:83/ä']);
  const lo = JSON.parse(form.get('lo') ?? '') as Lo;
  expect(lo).toMatchObject({ id, name: 'Golf', 'Evaluations with LORI v1.5': 1, 'LORI v1.5 item1': 4 });
  expect(lo['Metric Score: LORI Arithmetic Mean']).toBe(7.5);
});

test('what is told is what a GET of the object answers', async () => {
  const receiver = await startReceiver(ok());
  await addEndpoint({ applicationId: key.applicationId, url: receiver.url, dialect: 'loep-json' }, hub.resources);
  await register('same');
  await receiver.waitFor(1);
  const answer = await hub.fetch('/api/v1/los/same', { key });
  expect(JSON.stringify(loOf(receiver.received[0]!))).toBe(await answer.text());
});

test('a burst of evaluations is a handful of callbacks, and the last one has them all', async () => {
  const receiver = await startReceiver(after(150, ok()));
  await addEndpoint({ applicationId: key.applicationId, url: receiver.url, dialect: 'loep-json' }, hub.resources);
  const { id } = await register('busy');
  await receiver.waitFor(1);
  await Promise.all(Array.from({ length: 100 }, (_, index) => evaluate(id, `reviewer ${index}`, 3)));
  await untilQuiet();
  expect(receiver.received.length).toBeLessThan(40);
  expect(evaluations(loOf(receiver.received.at(-1)!))).toBe(100);
  const counts = receiver.received.map((request) => evaluations(loOf(request)) as number);
  expect(counts).toEqual([...counts].sort((one, other) => one - other));
});

test('while a receiver is away, one callback waits for it, and it has the final state', async () => {
  const receiver = await startReceiver(status(503));
  await addEndpoint({ applicationId: key.applicationId, url: receiver.url, dialect: 'loep-json' }, hub.resources);
  const { id } = await register('away');
  const [delivery = ''] = await hub.resources
    .db('deliveries')
    .where({ application_id: key.applicationId })
    .pluck<string[]>('id');
  await untilAttempts(hub.resources, delivery, 1);
  for (const reviewer of ['ann', 'ben', 'eve']) await evaluate(id, reviewer, 5);
  expect(await unfinished(key.applicationId)).toBe(1);
  receiver.answerWith(ok());
  const retry = await hub.fetch(`/hub/v1/deliveries/${delivery}/replay`, { method: 'POST', key });
  expect(retry.status).toBe(202);
  await untilQuiet();
  expect(receiver.received).toHaveLength(2);
  expect(evaluations(loOf(receiver.received[1]!))).toBe(3);
  const shown = await hub.fetch(`/hub/v1/deliveries/${delivery}`, { key });
  const { payload, attempts_made } = (await shown.json()) as { payload: null; attempts_made: { request: string }[] };
  expect(payload).toBeNull();
  expect(attempts_made.at(-1)?.request).toContain('"id_repository":"away"');
});

test('a change that is written while a callback is being computed is in it, or in one more', async () => {
  const receiver = await startReceiver(ok());
  await addEndpoint(
    { applicationId: key.applicationId, url: receiver.url, dialect: 'loep-json', slots: 1 },
    hub.resources,
  );
  const { id } = await register('race');
  for (let round = 1; round <= 15; round += 1) {
    await Promise.all([
      evaluate(id, `first ${round}`, 1),
      delay(round % 5).then(() => evaluate(id, `second ${round}`, 5)),
    ]);
    await untilQuiet();
    expect(evaluations(loOf(receiver.received.at(-1)!))).toBe(2 * round);
  }
});

test('nobody else is told, and nothing is told of an object without an id of the application’s', async () => {
  const receiver = await startReceiver(ok());
  const other = await hub.newKey();
  await addEndpoint({ applicationId: other.applicationId, url: receiver.url, dialect: 'loep' }, hub.resources);
  await addEndpoint({ applicationId: key.applicationId, url: receiver.url, dialect: 'postback' }, hub.resources);
  await register('mine');
  await addEndpoint({ applicationId: key.applicationId, url: receiver.url, dialect: 'loep' }, hub.resources);
  await send('POST', '/api/v1/los', { lo: { name: 'Nameless', url: 'https://example.com/x' } });
  const rows = await hub.resources.db('deliveries').whereIn('application_id', [key.applicationId, other.applicationId]);
  expect(rows).toEqual([]);
});

test('when the object is deleted, what was still to be told of it is cancelled', async () => {
  const receiver = await startReceiver(hang());
  await addEndpoint({ applicationId: key.applicationId, url: receiver.url, dialect: 'loep-json' }, hub.resources);
  const { id } = await register('gone');
  await receiver.waitFor(1);
  await evaluate(id, 'ann', 2);
  await send('DELETE', '/api/v1/los/gone', undefined);
  const states = await hub.resources
    .db('deliveries')
    .where({ application_id: key.applicationId })
    .pluck<string[]>('state');
  expect(states).toEqual(['cancelled', 'cancelled']);
});

test('both dialects can be told beside each other', async () => {
  const [form, asJson] = [await startReceiver(ok()), await startReceiver(ok())];
  await addEndpoint({ applicationId: key.applicationId, url: form.url, dialect: 'loep' }, hub.resources);
  await addEndpoint({ applicationId: key.applicationId, url: asJson.url, dialect: 'loep-json' }, hub.resources);
  await register('both');
  await Promise.all([form.waitFor(1), asJson.waitFor(1)]);
  expect(JSON.parse(new URLSearchParams(form.received[0]?.body).get('lo') ?? '')).toEqual(loOf(asJson.received[0]!));
});
