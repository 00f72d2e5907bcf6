import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { deliveryOf, queuePostbacks, startDrains, type TestDrains, untilState } from '../support/deliveries';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { type HubApi, hubApi, type ShownDelivery, type ShownDeliveryWithAttempts } from '../support/hub-api';
import { closeReceivers, ok, type Receiver, startReceiver, status } from '../support/receivers';

jest.setTimeout(60_000);

let hub: TestHub;
let key: TestKey;
let api: HubApi;
let admin: HubApi;
let drains: TestDrains | undefined;

beforeAll(async () => {
  hub = await startHub({ env: { DELIVERY_TIMEOUT_SECONDS: '1' } });
  admin = hubApi(hub, await hub.adminKey());
});
afterAll(() => hub.close());

beforeEach(async () => {
  key = await hub.newKey();
  api = hubApi(hub, key);
});
afterEach(async () => {
  await closeReceivers();
  await drains?.stop();
  drains = undefined;
});

const drain = (): TestDrains => (drains = startDrains(hub.resources));

const listed = async (query = '', as = api): Promise<string[]> =>
  (await as.get<{ deliveries: ShownDelivery[] }>(`/deliveries${query}`)).deliveries.map(({ id }) => id);

const codeOf = async (answer: Promise<Response>): Promise<[number, string]> => {
  const response = await answer;
  return [response.status, ((await response.json()) as { code: string }).code];
};

const test1 = async (endpointId: string, body: object = {}): Promise<string> =>
  (await api.post<ShownDelivery>(`/endpoints/${endpointId}/test`, body, 201)).id;

const tests = async (endpointId: string, count: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let number = 0; number < count; number += 1) ids.push(await test1(endpointId, { payload: { number } }));
  return ids;
};

/** Writes deliveries as if they had ended so, some time ago. */
async function finished(endpointId: string, states: string[], createdAt = new Date()): Promise<string[]> {
  const { db } = hub.resources;
  const { shard } = await db('endpoints').where({ id: endpointId }).first<{ shard: number }>();
  const rows = states.map((state) => ({
    id: uuid({ msecs: createdAt.getTime() }),
    application_id: key.applicationId,
    endpoint_id: endpointId,
    shard,
    subject_kind: 'test',
    subject_id: uuid(),
    payload: JSON.stringify({ state }),
    state,
    attempts: 2,
    created_at: createdAt,
    first_attempt_at: createdAt,
    finished_at: createdAt,
  }));
  await db('deliveries').insert(rows);
  return rows.map(({ id }) => id);
}

describe('GET /hub/v1/deliveries', () => {
  it('shows the newest first, a page at a time', async () => {
    const { id: endpointId } = await api.newEndpoint('https://lms.example.com/');
    const ids = await tests(endpointId, 5);
    const seen: string[] = [];
    let after = '';
    do {
      const page = await api.get<{ deliveries: ShownDelivery[]; next?: string }>(`/deliveries?limit=2${after}`);
      expect(page.deliveries.length).toBeLessThanOrEqual(2);
      seen.push(...page.deliveries.map(({ id }) => id));
      after = page.next === undefined ? '' : `&after=${page.next}`;
    } while (after !== '');
    expect(seen).toEqual(ids.reverse());
  });

  it('shows what each is about and how it is', async () => {
    const { id: endpointId } = await api.newEndpoint('https://lms.example.com/a', { dialect: 'loep' });
    const id = await test1(endpointId, { subject: 'golf' });
    const page = await api.get<{ deliveries: ShownDelivery[] }>('/deliveries');
    expect(page.deliveries).toEqual([
      {
        id,
        endpoint_id: endpointId,
        application_id: key.applicationId,
        dialect: 'loep',
        origin: 'https://lms.example.com',
        subject: { kind: 'test', id: 'golf' },
        state: 'pending',
        attempts: 0,
        replayed: false,
        created_at: expect.any(String) as string,
        first_attempt_at: null,
        next_attempt_at: null,
        finished_at: null,
      },
    ]);
  });

  it('filters by endpoint, state, subject and time, and by all of them together', async () => {
    const [one, two] = [
      await api.newEndpoint('https://a.example.com/'),
      await api.newEndpoint('https://b.example.com/'),
    ];
    const [old] = await finished(one.id, ['dead'], new Date('2026-01-31T12:00:00Z'));
    const [dead] = await finished(two.id, ['dead']);
    const pending = await test1(one.id, { subject: 'golf' });
    expect(await listed(`?endpoint_id=${one.id}`)).toEqual([pending, old]);
    expect(await listed('?state=dead')).toEqual([dead, old]);
    expect(await listed('?subject_id=golf')).toEqual([pending]);
    expect(await listed('?subject_id=golf&subject_kind=import-job')).toEqual([]);
    expect(await listed('?since=2026-02-01')).toEqual([pending, dead]);
    expect(await listed('?until=2026-02-01')).toEqual([old]);
    expect(await listed('?since=2026-01-31T12:00:00Z&until=2026-01-31T12:00:00Z')).toEqual([old]);
    expect(await listed('?until=2026-01-31T11:59:59.999Z')).toEqual([]);
    const all = `endpoint_id=${one.id}&state=pending&subject_kind=test&subject_id=golf&since=2026-02-01&until=2126-01-01`;
    expect(await listed(`?${all}`)).toEqual([pending]);
    expect(await listed(`?${all}`, admin)).toEqual([pending]);
    expect(await listed(`?state=dead&application_id=${key.applicationId}`, admin)).toEqual([dead, old]);
    expect(await listed('?state=dead', admin)).toEqual(expect.arrayContaining([dead, old]));
  });

  it.each(['state=open', 'since=yesterday', 'endpoint_id=1', 'after=bm9uc2Vuc2U', 'subject_kind=test', 'limit=0'])(
    'refuses %s',
    async (query) => expect((await api.call('GET', `/deliveries?${query}`)).status).toBe(400),
  );

  it('shows nobody another application’s', async () => {
    const { id: endpointId } = await api.newEndpoint('https://lms.example.com/');
    const id = await test1(endpointId);
    const other = hubApi(hub, await hub.newKey());
    expect(await listed('', other)).toEqual([]);
    expect(await codeOf(other.call('GET', `/deliveries?endpoint_id=${endpointId}`))).toEqual([
      404,
      'endpoint_not_found',
    ]);
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/replay'],
      ['POST', '/cancel'],
    ] as const) {
      expect(await codeOf(other.call(method, `/deliveries/${id}${path}`))).toEqual([404, 'delivery_not_found']);
    }
    const bulk = { endpoint_id: endpointId, since: '2026-01-01' };
    for (const path of ['/deliveries/replay', '/deliveries/cancel']) {
      expect((await other.call('POST', path, bulk)).status).toBe(404);
    }
    expect(await admin.get(`/deliveries/${id}`)).toMatchObject({ id, state: 'pending' });
  });
});

describe('GET /hub/v1/deliveries/{deliveryId}', () => {
  it('shows what was sent and answered, and no credentials', async () => {
    const receiver = await startReceiver(status(500, { body: 'not now' }), ok('thanks'));
    const url = `${receiver.url.replace('//', '//me:secret@')}/hook?token=hidden`;
    const postback = { applicationId: key.applicationId, url, payload: { n: 1 } };
    const [id = ''] = await queuePostbacks([postback], hub.resources);
    drain();
    await untilState(hub.resources, id, 'retrying');
    expect(await api.get(`/deliveries/${id}`)).toMatchObject({ next_attempt_at: expect.any(String) as string });
    await api.post(`/deliveries/${id}/replay`, undefined, 202);
    await untilState(hub.resources, id, 'delivered');
    const shown = await api.get<ShownDeliveryWithAttempts>(`/deliveries/${id}`);
    expect(shown).toMatchObject({
      url: `${receiver.url}/hook`,
      payload: '{"n":1}',
      state: 'delivered',
      replayed: false,
      attempts: 2,
      attempts_made: [
        { number: 1, status: 500, answer: 'not now', error: null, request: null },
        { number: 2, status: 200, answer: 'thanks', error: null, request: null },
      ],
    });
    expect(JSON.stringify(shown)).not.toMatch(/secret|hidden/);
  });

  it('shows the last hundred attempts', async () => {
    const { id: endpointId } = await api.newEndpoint('https://lms.example.com/');
    const [id] = await finished(endpointId, ['dead']);
    await hub.resources.db.raw(
      `insert into delivery_attempts (delivery_id, number, attempted_at, latency_ms, error)
       select ?, number, now(), 1, 'x' from generate_series(1, 150) number`,
      [id!],
    );
    const { attempts_made: made } = await api.get<ShownDeliveryWithAttempts>(`/deliveries/${id}`);
    expect([made.length, made[0]?.number, made.at(-1)?.number]).toEqual([100, 51, 150]);
  });
});

describe('POST /hub/v1/deliveries/{deliveryId}/replay', () => {
  it.each(['delivered', 'dead', 'cancelled'])('sends one that is %s once more, under the same id', async (state) => {
    const receiver = await startReceiver(ok());
    const { id: endpointId } = await api.newEndpoint(receiver.url);
    const [id = ''] = await finished(endpointId, [state]);
    expect(await api.post(`/deliveries/${id}/replay`, undefined, 202)).toMatchObject({
      id,
      state: 'pending',
      replayed: true,
      attempts: 2,
      first_attempt_at: null,
      finished_at: null,
    });
    drain();
    await untilState(hub.resources, id, 'delivered');
    expect(receiver.received[0]?.headers['webhook-id']).toBe(id);
    expect(await api.get(`/deliveries/${id}`)).toMatchObject({ replayed: true, attempts: 3 });
  });

  it('goes out of order: one that waits for its retry does not hold it up', async () => {
    const receiver = await startReceiver(ok());
    const { id: endpointId } = await api.newEndpoint(receiver.url);
    drain();
    const first = await test1(endpointId, { subject: 'golf' });
    await untilState(hub.resources, first, 'delivered');
    receiver.answerWith(status(500), ok());
    const second = await test1(endpointId, { subject: 'golf' });
    await untilState(hub.resources, second, 'retrying');
    await api.post(`/deliveries/${first}/replay`, undefined, 202);
    await untilState(hub.resources, first, 'delivered');
    expect((await deliveryOf(hub.resources, second)).state).toBe('retrying');
  });

  it('refuses one that goes out by itself', async () => {
    const { id: endpointId } = await api.newEndpoint('https://lms.example.com/');
    const id = await test1(endpointId);
    const refused = await codeOf(api.call('POST', `/deliveries/${id}/replay`));
    expect(refused).toEqual([409, 'delivery_not_finished']);
    expect((await api.call('POST', `/deliveries/${uuid()}/replay`)).status).toBe(404);
  });
});

describe('POST /hub/v1/deliveries/{deliveryId}/cancel', () => {
  it('gives a delivery up, lets the next of its subject go, and ends its workflow', async () => {
    const receiver = await startReceiver(status(500), ok());
    const { id: endpointId } = await api.newEndpoint(receiver.url);
    const first = await test1(endpointId, { subject: 'golf', payload: { n: 1 } });
    const second = await test1(endpointId, { subject: 'golf', payload: { n: 2 } });
    drain();
    await untilState(hub.resources, first, 'retrying');
    await untilState(hub.resources, second, 'blocked');
    expect(await api.post(`/deliveries/${first}/cancel`)).toMatchObject({ state: 'cancelled', next_attempt_at: null });
    await untilState(hub.resources, second, 'delivered');
    const work = await hub.resources
      .db('outbox')
      .where({ workflow_id: `delivery/${first}` })
      .pluck('action');
    expect(work).toEqual(['start', 'signal']);
    expect(await codeOf(api.call('POST', `/deliveries/${first}/cancel`))).toEqual([409, 'delivery_finished']);
  });
});

describe('POST /hub/v1/deliveries/replay', () => {
  let receiver: Receiver;
  let endpointId: string;

  beforeEach(async () => {
    receiver = await startReceiver(ok());
    ({ id: endpointId } = await api.newEndpoint(receiver.url));
  });

  const replay = (body: object, as = api) => as.post('/deliveries/replay', body, 202);

  it('sends the dead since a time once more', async () => {
    const ids = await finished(endpointId, ['dead', 'dead', 'delivered', 'cancelled'], new Date('2026-03-01'));
    const [old] = await finished(endpointId, ['dead'], new Date('2026-01-01'));
    expect(await replay({ since: '2026-02-01' })).toEqual({ replayed: 2, complete: true });
    expect(await replay({ since: '2026-02-01' })).toEqual({ replayed: 0, complete: true });
    drain();
    for (const id of ids.slice(0, 3)) await untilState(hub.resources, id, 'delivered');
    expect(receiver.received.map(({ body }) => body)).toEqual(['{"state":"dead"}', '{"state":"dead"}']);
    expect((await deliveryOf(hub.resources, old!)).state).toBe('dead');
    expect((await deliveryOf(hub.resources, ids[3]!)).state).toBe('cancelled');
  });

  it('sends all to an endpoint since a time once more, and nothing to another', async () => {
    const { id: otherId } = await api.newEndpoint(receiver.url);
    await finished(endpointId, ['dead', 'delivered', 'cancelled'], new Date('2026-03-01'));
    await finished(endpointId, ['dead'], new Date('2026-04-01'));
    await finished(otherId, ['dead'], new Date('2026-03-01'));
    const pending = await test1(endpointId);
    const body = { endpoint_id: endpointId, since: '2026-02-01', until: '2026-03-31' };
    expect(await replay(body)).toEqual({ replayed: 3, complete: true });
    expect(await replay({ ...body, until: undefined, state: 'dead' }, admin)).toEqual({ replayed: 1, complete: true });
    expect((await deliveryOf(hub.resources, pending)).state).toBe('pending');
  });

  it('goes on where the call before left off, and replays nothing twice although it is delivered meanwhile', async () => {
    const { db } = hub.resources;
    const { shard } = await db('endpoints').where({ id: endpointId }).first<{ shard: number }>();
    await db.raw(
      `insert into deliveries (id, application_id, endpoint_id, shard, subject_kind, subject_id, payload, state,
         finished_at, created_at)
       select ('019c0000-0000-7000-8000-' || lpad(number::text, 12, '0'))::uuid, ?, ?, ?, 'test', number, '{}',
         'delivered', now(), '2026-01-29'
       from generate_series(1, 20500) number`,
      [key.applicationId, endpointId, shard],
    );
    const body = { endpoint_id: endpointId, since: '2026-01-01' };
    const first = (await replay(body)) as { replayed: number; complete: boolean; next: string };
    expect(first).toMatchObject({ replayed: 20_000, complete: false });
    await db('deliveries').where({ endpoint_id: endpointId }).update({ state: 'delivered', finished_at: new Date() });
    expect(await replay({ ...body, after: first.next })).toEqual({ replayed: 500, complete: true });
    await db('deliveries').where({ endpoint_id: endpointId }).delete();
  });

  it('wants a time, and from an administrator whose they are', async () => {
    expect((await api.call('POST', '/deliveries/replay', {})).status).toBe(400);
    expect((await admin.call('POST', '/deliveries/replay', { since: '2026-01-01' })).status).toBe(400);
    await finished(endpointId, ['dead']);
    const body = { since: '2026-01-01', application_id: key.applicationId };
    expect(await replay(body, admin)).toEqual({ replayed: 1, complete: true });
    expect((await api.call('POST', '/deliveries/replay', { since: '2026-01-01', state: 'pending' })).status).toBe(400);
  });
});

describe('POST /hub/v1/deliveries/cancel', () => {
  it('gives up what an endpoint is still to be told, and none of it goes out meanwhile', async () => {
    const receiver = await startReceiver(status(500));
    const { id: endpointId } = await api.newEndpoint(receiver.url);
    const { id: otherId } = await api.newEndpoint('https://lms.example.com/');
    await api.post(`/endpoints/${otherId}/pause`);
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) ids.push(await test1(endpointId, { subject: 'golf' }));
    drain();
    await untilState(hub.resources, ids[0]!, 'retrying');
    await untilState(hub.resources, ids[2]!, 'blocked');
    await drains?.stop();
    const other = await test1(otherId);
    const late = await test1(endpointId);
    receiver.answerWith(ok());
    const body = { endpoint_id: endpointId };
    expect(await api.post('/deliveries/cancel', body)).toEqual({ cancelled: 4, complete: true });
    expect(await api.post('/deliveries/cancel', body)).toEqual({ cancelled: 0, complete: true });
    drain();
    await delay(300);
    expect(receiver.received).toHaveLength(1);
    expect(await listed('?state=cancelled')).toEqual([late, ...ids.reverse()]);
    expect(await listed('?state=pending')).toEqual([other]);
  });

  it('by time, or by state', async () => {
    const { id: endpointId } = await api.newEndpoint('https://lms.example.com/');
    await tests(endpointId, 2);
    expect(await api.post('/deliveries/cancel', { since: '2126-01-01' })).toMatchObject({ cancelled: 0 });
    expect(await api.post('/deliveries/cancel', { since: '2026-01-01', state: 'blocked' })).toMatchObject({
      cancelled: 0,
    });
    expect(await api.post('/deliveries/cancel', { since: '2026-01-01' })).toMatchObject({ cancelled: 2 });
    expect((await api.call('POST', '/deliveries/cancel', {})).status).toBe(400);
  });
});
