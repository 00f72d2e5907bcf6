import { setTimeout as delay } from 'node:timers/promises';
import { type FanOut, fanOut, startFanOut } from '../../src/events/fan-out';
import { type HubEventRelay, startHubEventRelay } from '../../src/events/relay-hub-events';
import { addEndpoint, queueTo, startDrains, type TestDrains, untilEndpoint } from '../support/deliveries';
import { type Entry, eventOf, eventStore } from '../support/events';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { closeReceivers, ok, type Receiver, startReceiver, status } from '../support/receivers';

let hub: TestHub;
let drains: TestDrains;
let work: (FanOut | HubEventRelay)[];

beforeAll(async () => {
  hub = await startHub();
  drains = startDrains(hub.resources);
  const needs = { ...hub.resources, databaseUrl: hub.config.database.url };
  work = [startFanOut(needs), startHubEventRelay(needs)];
});
afterAll(async () => {
  await Promise.all(work.map((one) => one.stop()));
  await drains.stop();
  await hub.close();
});
afterEach(closeReceivers);

let programs = 0;
async function publisher(): Promise<{ key: TestKey; program: string; store: ReturnType<typeof eventStore> }> {
  const program = `SUB${(programs += 1)}`;
  const key = await hub.newKey({ programs: [program] });
  return { key, program, store: eventStore(hub, key) };
}

const json = { 'content-type': 'application/json' };
const call = (key: TestKey, method: string, path: string, body?: unknown): Promise<Response> =>
  hub.fetch(`/hub/v1${path}`, {
    method,
    key,
    ...(body !== undefined && { headers: json, body: JSON.stringify(body) }),
  });

async function subscribe(key: TestKey, receiver: Receiver, subscription?: object): Promise<string> {
  const answer = await call(key, 'POST', '/endpoints', {
    url: receiver.url,
    dialect: 'events',
    ...(subscription && { subscription }),
  });
  const body = (await answer.json()) as { id: string };
  if (answer.status !== 201) throw new Error(JSON.stringify(body));
  return body.id;
}

const entries = ({ received }: Receiver): Entry[] => received.map(({ body }) => JSON.parse(body) as Entry);
const ids = (receiver: Receiver): string[] => entries(receiver).map(({ EventId }) => EventId);

/** Everything that was written before it has been looked at for the endpoint, and arrived. */
async function untilQuiet(key: TestKey, endpointId: string): Promise<void> {
  const { db } = hub.resources;
  for (;;) {
    const { rows } = await db.raw<{ rows: { behind: boolean }[] }>(
      `select s.position < coalesce((select max(position) from event_feed), 0) as behind
       from event_subscriptions s where endpoint_id = ?`,
      [endpointId],
    );
    const open = await db('deliveries').where({ endpoint_id: endpointId }).whereNull('finished_at').first('id');
    const unmoved = await db('hub_events').where({ application_id: key.applicationId }).first('id');
    if (rows[0]?.behind === false && !open && !unmoved) return;
    await delay(20);
  }
}

describe('a subscription', () => {
  test('is told of what comes from now on: each change once, as a reader of the feed gets it', async () => {
    const { key, program, store } = await publisher();
    await store.put(`${program}-1`, eventOf(program));
    const receiver = await startReceiver(ok());
    const endpoint = await subscribe(key, receiver, { programs: [program] });
    await store.put(`${program}-2`, eventOf(program));
    await store.put(`${program}-2`, eventOf(program));
    await store.put(`${program}-2`, eventOf(program, { EventData: { score: 1 } }));
    await store.delete(`${program}-1`);
    await untilQuiet(key, endpoint);
    const { events } = await store.feed({ ProgramId: program });
    expect(entries(receiver)).toHaveLength(3);
    expect(new Set(entries(receiver).map((entry) => JSON.stringify(entry)))).toEqual(
      new Set(events.slice(1).map((entry) => JSON.stringify(entry))),
    );
    expect(receiver.received[0]).toMatchObject({ method: 'POST' });
    expect(receiver.received[0]?.headers['webhook-signature']).toMatch(/^v1,/);
  });

  test('can begin at the beginning, or at a cursor', async () => {
    const { key, program, store } = await publisher();
    for (const number of [1, 2, 3]) await store.put(`${program}-${number}`, eventOf(program));
    const { next } = await store.feed({ ProgramId: program, limit: 2 });
    const [all, some] = [await startReceiver(ok()), await startReceiver(ok())];
    const first = await subscribe(key, all, { programs: [program], from: 'beginning' });
    const second = await subscribe(key, some, { programs: [program], from: next });
    await Promise.all([untilQuiet(key, first), untilQuiet(key, second)]);
    expect(ids(all)).toEqual([1, 2, 3].map((number) => `${program}-${number}`));
    expect(ids(some)).toEqual([`${program}-3`]);
  });

  test('costs no transaction of its own when nothing came for it', async () => {
    const [quiet, busy] = [await publisher(), await publisher()];
    const receiver = await startReceiver(ok());
    const idle: string[] = [];
    for (let n = 0; n < 20; n += 1) idle.push(await subscribe(quiet.key, receiver));
    const looked: unknown[] = [];
    const note = ({ sql, bindings }: { sql: string; bindings: unknown[] }): void => {
      if (sql.includes('as unfinished')) looked.push(...bindings);
    };
    hub.resources.db.on('query', note);
    await busy.store.put(`${busy.program}-1`, eventOf(busy.program));
    for (const endpoint of idle) await untilQuiet(quiet.key, endpoint);
    hub.resources.db.removeListener('query', note);
    expect(looked.filter((binding) => idle.includes(binding as string))).toEqual([]);
    expect(receiver.received).toEqual([]);
  });

  test('takes the types and members that it names', async () => {
    const { key, program, store } = await publisher();
    const receiver = await startReceiver(ok());
    const endpoint = await subscribe(key, receiver, {
      programs: [program],
      types: ['AI_COMP_SUCCESS', 'AI_STARTED'],
      filter: { 'EventData.courseId': ['golf', 'chess'], 'EventData.level': 2 },
    });
    const put = (name: string, members: object) => store.put(`${program}-${name}`, eventOf(program, { ...members }));
    await put('taken', { EventData: { courseId: 'chess', level: 2 } });
    await put('other-type', { EventType: 'LPI_STARTED', EventData: { courseId: 'golf', level: 2 } });
    await put('other-course', { EventData: { courseId: 'go', level: 2 } });
    await put('other-level', { EventData: { courseId: 'golf', level: '2' } });
    await put('no-level', { EventData: { courseId: 'golf' } });
    await put('started', { EventType: 'AI_STARTED', EventData: { courseId: 'golf', level: 2 } });
    await untilQuiet(key, endpoint);
    expect(ids(receiver).sort()).toEqual([`${program}-started`, `${program}-taken`]);
  });

  test('tells each member’s changes in order, while a receiver fails', async () => {
    const { key, program, store } = await publisher();
    const receiver = await startReceiver(status(503), ok());
    const endpoint = await subscribe(key, receiver, { programs: [program] });
    const members = ['ann', 'ben'];
    for (let number = 1; number <= 10; number += 1) {
      for (const member of members) {
        await store.put(
          `${program}-${member}-${number}`,
          eventOf(program, { ProgramMemberId: member, EventData: { number } }),
        );
      }
    }
    while (receiver.received.length < 11) await delay(20);
    const { db, wake } = hub.resources;
    await db('deliveries')
      .where({ endpoint_id: endpoint, state: 'retrying' })
      .update({ state: 'pending', next_attempt_at: null, lease_token: 0 });
    for (const shard of [0, 1, 2, 3, 4, 5, 6, 7]) wake(`deliveries_${shard}`);
    await untilQuiet(key, endpoint);
    for (const member of members) {
      const theirs = [...new Set(ids(receiver).filter((id) => id.includes(`-${member}-`)))];
      expect(theirs).toEqual(Array.from({ length: 10 }, (_, index) => `${program}-${member}-${index + 1}`));
    }
  });

  test('sees the programs that its application may read, from when on it may', async () => {
    const [mine, theirs] = [await publisher(), await publisher()];
    const receiver = await startReceiver(ok());
    const endpoint = await subscribe(mine.key, receiver);
    await theirs.store.put(`${theirs.program}-1`, eventOf(theirs.program));
    await mine.store.put(`${mine.program}-1`, eventOf(mine.program));
    await untilQuiet(mine.key, endpoint);
    expect(ids(receiver)).toEqual([`${mine.program}-1`]);
    const grant = `/event-programs/${theirs.program}/grants/${mine.key.applicationId}`;
    expect((await call(theirs.key, 'PUT', grant)).ok).toBe(true);
    await theirs.store.put(`${theirs.program}-2`, eventOf(theirs.program));
    await untilQuiet(mine.key, endpoint);
    expect(ids(receiver)).toEqual([`${mine.program}-1`, `${theirs.program}-2`]);
  });

  test('is read and changed: a new place in the feed sends again what comes after it', async () => {
    const { key, program, store } = await publisher();
    const receiver = await startReceiver(ok());
    const endpoint = await subscribe(key, receiver, { programs: [program] });
    await store.put(`${program}-1`, eventOf(program));
    await untilQuiet(key, endpoint);
    const path = `/endpoints/${endpoint}/subscription`;
    expect(await (await call(key, 'GET', path)).json()).toMatchObject({ programs: [program], types: null, filter: {} });
    const changed = await call(key, 'PATCH', path, { types: ['AI_COMP_SUCCESS'], from: 'beginning' });
    expect(await changed.json()).toMatchObject({ programs: [program], types: ['AI_COMP_SUCCESS'] });
    await untilQuiet(key, endpoint);
    while (receiver.received.length < 2) await delay(20);
    expect(ids(receiver)).toEqual([`${program}-1`, `${program}-1`]);
  });

  test('of another application is not there, and one that is not possible is refused by name', async () => {
    const [mine, theirs] = [await publisher(), await publisher()];
    const receiver = await startReceiver(ok());
    const endpoint = await subscribe(theirs.key, receiver);
    for (const method of ['GET', 'PATCH']) {
      const body = method === 'PATCH' ? {} : undefined;
      expect((await call(mine.key, method, `/endpoints/${endpoint}/subscription`, body)).status).toBe(404);
    }
    const refused = async (body: object): Promise<unknown> => {
      const answer = await call(mine.key, 'POST', '/endpoints', { url: receiver.url, dialect: 'events', ...body });
      const { errors } = (await answer.json()) as { errors?: { path: string }[] };
      return [answer.status, errors?.map(({ path }) => path)];
    };
    expect(await refused({ subscription: { programs: [mine.program, theirs.program] } })).toEqual([
      400,
      ['subscription.programs.1'],
    ]);
    expect(await refused({ subscription: { filter: { x: {} } } })).toEqual([400, ['subscription.filter.x']]);
    expect(await refused({ subscription: { from: 'soon' } })).toMatchObject([400]);
    expect(await refused({ dialect: 'postback', subscription: {} })).toEqual([400, ['subscription']]);
    const none = await addEndpoint({ applicationId: mine.key.applicationId, url: receiver.url }, hub.resources);
    expect((await call(mine.key, 'GET', `/endpoints/${none.id}/subscription`)).status).toBe(404);
  });

  test('is advanced by one at a time, each change queued once', async () => {
    const { key, program, store } = await publisher();
    const receiver = await startReceiver(ok());
    const endpoint = await subscribe(key, receiver, { programs: [program] });
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        await store.put(`${program}-${index}`, eventOf(program, { ProgramMemberId: `m${index}` }));
        await Promise.all([fanOut(endpoint, hub.resources), fanOut(endpoint, hub.resources)]);
      }),
    );
    await untilQuiet(key, endpoint);
    expect(ids(receiver).sort()).toEqual(Array.from({ length: 40 }, (_, index) => `${program}-${index}`).sort());
  });
});

test('the hub’s own events reach a subscriber: an endpoint that fails and recovers, scores that change', async () => {
  const { key } = await publisher();
  const receiver = await startReceiver(ok());
  const subscriber = await subscribe(key, receiver);
  const failing = await startReceiver(status(503));
  const endpoint = await addEndpoint({ applicationId: key.applicationId, url: failing.url }, hub.resources);
  const deliver = () => queueTo(endpoint, { applicationId: key.applicationId }, hub.resources);
  await Promise.all(Array.from({ length: 12 }, deliver));
  await untilEndpoint(hub.resources, endpoint.id, 'recovering');
  failing.answerWith(ok());
  expect((await call(key, 'POST', `/endpoints/${endpoint.id}/resume`)).status).toBe(200);
  await hub.fetch('/api/v1/los', {
    method: 'POST',
    key,
    headers: json,
    body: JSON.stringify({ lo: { name: 'Golf', url: 'https://example.com', id_repository: 'golf' } }),
  });
  await untilQuiet(key, subscriber);
  const types = entries(receiver).map(({ EventType }) => EventType);
  expect(types).toEqual(expect.arrayContaining(['HUB_ENDPOINT_FAILING', 'HUB_ENDPOINT_HELD', 'HUB_SCORES_CHANGED']));
  const held = entries(receiver).find(({ EventType }) => EventType === 'HUB_ENDPOINT_HELD');
  expect(held).toMatchObject({
    ProgramId: expect.stringMatching(/^HUB-/) as string,
    EventData: {
      endpointId: endpoint.id,
      origin: failing.url,
      state: 'recovering',
      reason: 'the receiver answered 503',
    },
  });
});
