import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { v7 as uuid } from 'uuid';
import { freePort } from '../../src/local/ports';
import {
  attemptsOf,
  deliveryOf,
  queuePostbacks,
  startDrains,
  type TestDrains,
  type TestPostback,
  untilState,
} from '../support/deliveries';
import { startHub, type TestHub } from '../support/hub';
import {
  after,
  closeReceivers,
  cutShort,
  endless,
  hang,
  ok,
  raw,
  redirect,
  type Reply,
  reset,
  resetMidAnswer,
  startReceiver,
  status,
  tooManyRequests,
  trickle,
} from '../support/receivers';

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

const drain = (): TestDrains => (drains = startDrains(hub.resources));

async function queue(
  ...postbacks: (Omit<TestPostback, 'applicationId'> & { applicationId?: string })[]
): Promise<string[]> {
  return queuePostbacks(
    postbacks.map((postback) => ({ applicationId, ...postback })),
    hub.resources,
  );
}

const queueOne = async (postback: Omit<TestPostback, 'applicationId'>): Promise<string> => {
  const [id] = await queue(postback);
  return id ?? '';
};

describe('a postback', () => {
  test('is POSTed as the JSON it is, signed, once', async () => {
    const receiver = await startReceiver(ok('thanks'));
    const payload = { jobId: 'naïve ✓', nothing: null, nested: { b: 1, a: [2] } };
    const id = await queueOne({ url: `${receiver.url}/hook?of=import`, payload });
    drain();
    await untilState(hub.resources, id, 'delivered');

    const [request] = receiver.received;
    expect(request).toMatchObject({ method: 'POST', path: '/hook?of=import', body: JSON.stringify(payload) });
    expect(request?.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': id });
    expect(request?.headers['user-agent']).toMatch(/^Learning-Hub\/\d/);
    expect(receiver.received).toHaveLength(1);
    expect(await attemptsOf(hub.resources, id)).toMatchObject([
      { number: 1, status: 200, answer: 'thanks', error: null },
    ]);
  });

  test('carries a signature that its endpoint’s secret verifies', async () => {
    const receiver = await startReceiver(ok());
    const id = await queueOne({ url: receiver.url, payload: { text: '✓' } });
    drain();
    await receiver.waitFor(1);

    const { signing_secret } = await hub.resources
      .db('endpoints')
      .where({ application_id: applicationId })
      .first<{ signing_secret: Buffer }>();
    const key = Buffer.from(hub.resources.secrets.decrypt(signing_secret).replace('whsec_', ''), 'base64');
    const [request] = receiver.received;
    const content = `${id}.${String(request?.headers['webhook-timestamp'])}.${request?.body}`;
    const signed = createHmac('sha256', key).update(content);
    expect(request?.headers['webhook-signature']).toBe(`v1,${signed.digest('base64')}`);
  });

  test('takes the credentials of its URL as Basic auth, and keeps them nowhere else', async () => {
    const echo: Reply = (response, request) => void response.end(`${request.headers.authorization} p@ss p%40ss \0`);
    const receiver = await startReceiver(echo);
    const id = await queueOne({ url: receiver.url.replace('//', '//me:p%40ss@') });
    drain();
    await untilState(hub.resources, id, 'delivered');

    const authorization = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
    expect(receiver.received[0]?.headers.authorization).toBe(authorization);
    const [attempt] = await attemptsOf(hub.resources, id);
    expect(attempt?.answer).toBe('Basic [secret] [secret] [secret] \uFFFD');
    const { rows } = await hub.resources.db.raw<{ rows: { origin: string; url: Buffer }[] }>(
      'select e.origin, d.url from deliveries d join endpoints e on e.id = d.endpoint_id where d.id = ?',
      [id],
    );
    expect(rows[0]?.origin).toBe(receiver.url);
    expect(rows[0]?.url.toString('latin1')).not.toContain('p%40ss');
  });

  test('shares an endpoint with the others of its application and origin, and with no one else', async () => {
    const [here, there] = [await startReceiver(ok()), await startReceiver(ok())];
    const { applicationId: other } = await hub.newKey();
    await queue(
      { url: `${here.url}/a` },
      { url: `${here.url}/b` },
      { url: there.url },
      { url: here.url, applicationId: other },
    );
    const endpoints = await hub.resources
      .db('endpoints')
      .whereIn('application_id', [applicationId, other])
      .orderBy('id');
    expect(endpoints.map(({ application_id, origin }) => [application_id, origin])).toEqual([
      [applicationId, here.url],
      [applicationId, there.url],
      [other, here.url],
    ]);
    drain();
    await Promise.all([here.waitFor(3), there.waitFor(1)]);
  });

  test('that is queued while the drains are idle goes out', async () => {
    const receiver = await startReceiver(ok());
    drain();
    await untilState(hub.resources, await queueOne({ url: receiver.url }), 'delivered');
    await untilState(hub.resources, await queueOne({ url: receiver.url }), 'delivered');
    expect(receiver.received).toHaveLength(2);
  });

  test('whose notification is lost goes out all the same', async () => {
    const receiver = await startReceiver(ok());
    drain();
    await untilState(hub.resources, await queueOne({ url: receiver.url }), 'delivered');
    await queuePostbacks([{ applicationId, url: receiver.url }], { ...hub.resources, wake: () => undefined });
    await receiver.waitFor(2);
  });
});

describe('an attempt that fails is recorded and goes to a workflow of its own', () => {
  const answered: [string, Reply, Partial<Record<'status' | 'answer', unknown>>][] = [
    ['a server error', status(500, { body: 'x'.repeat(5000) }), { status: 500, answer: 'x'.repeat(4096) }],
    ['too many requests', tooManyRequests(7), { status: 429 }],
    ['a redirect', redirect('http://127.0.0.1:1/'), { status: 302 }],
    ['not found', status(404), { status: 404 }],
  ];
  test.each(answered)('%s', async (_, reply, expected) => {
    const receiver = await startReceiver(reply);
    const id = await queueOne({ url: receiver.url });
    drain();
    await untilState(hub.resources, id, 'retrying');
    expect(await attemptsOf(hub.resources, id)).toMatchObject([{ number: 1, error: null, ...expected }]);
    expect(receiver.received).toHaveLength(1);
  });

  const unanswered: [string, Reply, RegExp][] = [
    ['no answer', hang(), /did not finish its answer within 1000 ms/],
    ['a connection that is reset', reset(), /closed the connection/],
    ['an answer that breaks off', resetMidAnswer(), /closed the connection/],
    ['an answer that is cut short', cutShort(), /closed the connection/],
    ['an answer that trickles', trickle(100), /did not finish its answer within 1000 ms/],
    ['what is not HTTP', raw('SSH-2.0-OpenSSH_9.6\r\n'), /does not answer in HTTP/],
  ];
  test.each(unanswered)('%s', async (_, reply, error) => {
    const receiver = await startReceiver(reply);
    const id = await queueOne({ url: receiver.url });
    drain();
    await untilState(hub.resources, id, 'retrying');
    expect(await attemptsOf(hub.resources, id)).toMatchObject([
      { number: 1, status: null, answer: null, error: expect.stringMatching(error) as string },
    ]);
  });

  test('nobody listens', async () => {
    const id = await queueOne({ url: `http://127.0.0.1:${await freePort()}/` });
    drain();
    await untilState(hub.resources, id, 'retrying');
    const [attempt] = await attemptsOf(hub.resources, id);
    expect(attempt?.error).toMatch(/refused the connection/);
  });

  test('an address that is not allowed', async () => {
    const id = await queueOne({ url: 'http://10.0.0.1/' });
    drain();
    await untilState(hub.resources, id, 'retrying');
    const [attempt] = await attemptsOf(hub.resources, id);
    expect(attempt?.error).toMatch(/private address/);
  });

  test('with its workflow in the outbox, by the same commit', async () => {
    const receiver = await startReceiver(status(503));
    const id = await queueOne({ url: receiver.url });
    drain();
    await untilState(hub.resources, id, 'retrying');
    const row = await hub.resources
      .db('outbox')
      .where({ workflow_id: `delivery/${id}` })
      .first();
    expect(row).toMatchObject({
      action: 'start',
      task_queue: 'deliveries',
      workflow_type: 'retryDelivery',
      args: [{ deliveryId: id }],
      search_attributes: { HubApplicationId: applicationId, HubState: 'retrying' },
    });
    expect((await deliveryOf(hub.resources, id)).next_attempt_at?.getTime()).toBeGreaterThan(Date.now());
  });

  test('a huge answer is cut, and counts by its status', async () => {
    const receiver = await startReceiver(endless());
    const id = await queueOne({ url: receiver.url });
    drain();
    await untilState(hub.resources, id, 'delivered');
    expect((await attemptsOf(hub.resources, id))[0]?.answer).toHaveLength(4096);
  });

  test('410 ends this delivery and no other', async () => {
    const receiver = await startReceiver(status(410), ok());
    const subject = uuid();
    const [gone = '', next = ''] = await queue({ url: receiver.url, subject }, { url: receiver.url, subject });
    drain();
    await untilState(hub.resources, next, 'delivered');
    expect(await deliveryOf(hub.resources, gone)).toMatchObject({ state: 'dead', attempts: 1 });
    expect(await hub.resources.db('outbox').where({ workflow_id: `delivery/${gone}` })).toEqual([]);
  });
});

describe('order', () => {
  test('a subject’s deliveries arrive one after the other, other subjects’ beside them', async () => {
    const open: ServerResponse[] = [];
    const receiver = await startReceiver((response) => void open.push(response));
    const [subject, other] = [uuid(), uuid()];
    const say = (of: string, text: string) => ({ url: receiver.url, subject: of, payload: { text } });
    await queue(say(subject, 'a1'), say(subject, 'a2'), say(other, 'b1'), say(subject, 'a3'));
    drain();
    const texts = (): string[] => receiver.received.map(({ body }) => (JSON.parse(body) as { text: string }).text);

    await receiver.waitFor(2);
    expect(texts()).toEqual(['a1', 'b1']);
    open[1]?.end();
    open[0]?.end();
    await receiver.waitFor(3);
    expect(texts()).toEqual(['a1', 'b1', 'a2']);
    open[2]?.end();
    await receiver.waitFor(4);
    open[3]?.end();
    expect(texts()).toEqual(['a1', 'b1', 'a2', 'a3']);
  });

  test('what waits for its retry holds back its subject, and only that', async () => {
    const receiver = await startReceiver(status(500), ok());
    const subject = uuid();
    const [first = '', second = ''] = await queue({ url: receiver.url, subject }, { url: receiver.url, subject });
    drain();
    await untilState(hub.resources, first, 'retrying');
    await untilState(hub.resources, await queueOne({ url: receiver.url }), 'delivered');
    expect(await deliveryOf(hub.resources, second)).toMatchObject({ state: 'blocked', attempts: 0 });
    expect(receiver.received).toHaveLength(2);
  });
});

describe('isolation', () => {
  test('a receiver that hangs takes its own slots and holds up no one else', async () => {
    const [hanging, healthy] = [await startReceiver(hang()), await startReceiver(ok())];
    const keys = await Promise.all(Array.from({ length: 8 }, () => hub.newKey()));
    const to = (url: string, count: number) =>
      keys.flatMap((key) => Array.from({ length: count }, () => ({ url, applicationId: key.applicationId })));
    await queue(...to(hanging.url, 30), ...to(healthy.url, 20));
    const { config } = hub.resources;
    const patient = { ...config, deliveries: { ...config.deliveries, timeoutSeconds: 20 } };
    drains = startDrains({ ...hub.resources, config: patient });
    await healthy.waitFor(keys.length * 20);
    // Of each hanging endpoint's deliveries as many as it has slots, and none has been given up yet.
    expect(hanging.received.length).toBeLessThanOrEqual(keys.length * 10);
  });

  test('a long backlog of one endpoint is shared with those that come later', async () => {
    const [busy, late] = [await startReceiver(after(5, ok())), await startReceiver(ok())];
    const backlog = Array.from({ length: 1500 }, () => ({ url: busy.url }));
    await queue(...backlog);
    drain();
    await busy.waitFor(50);
    await queue(...Array.from({ length: 5 }, () => ({ url: late.url })));
    await late.waitFor(5);
    expect(busy.received.length).toBeLessThan(backlog.length);
    await busy.waitFor(backlog.length);
  });
});

describe('the lease of a shard', () => {
  test('a second drain sends nothing while the first holds it', async () => {
    const receiver = await startReceiver(after(20, ok()));
    drain();
    const second = startDrains(hub.resources);
    const ids = await queue(...Array.from({ length: 100 }, () => ({ url: receiver.url })));
    for (const id of ids) await untilState(hub.resources, id, 'delivered');
    expect(receiver.received).toHaveLength(ids.length);
    await second.stop();
  });

  test('what a holder sent that has lost it does not count: the next sends it again, with the same id', async () => {
    const receiver = await startReceiver(hang());
    drain();
    const id = await queueOne({ url: receiver.url });
    await receiver.waitFor(1);
    const { shard } = await deliveryOf(hub.resources, id);
    receiver.answerWith(ok('second'));
    await hub.resources
      .db('delivery_leases')
      .where({ shard })
      .update({ expires_at: new Date(0) });
    const successor = startDrains(hub.resources, [shard]);
    await untilState(hub.resources, id, 'delivered');
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
    expect(await attemptsOf(hub.resources, id)).toMatchObject([{ number: 1, status: 200, answer: 'second' }]);
    await drains?.stop();
    await successor.stop();
  });

  test('a drain that is stopped finishes what it has begun, leaves the rest, and gives the shard free', async () => {
    const open: ServerResponse[] = [];
    const receiver = await startReceiver((response) => void open.push(response));
    const first = drain();
    const ids = await queue(...Array.from({ length: 15 }, () => ({ url: receiver.url })));
    await receiver.waitFor(10);
    const stopped = first.stop();
    for (const response of open) response.end('finished');
    await stopped;
    const states = await hub.resources.db('deliveries').whereIn('id', ids).orderBy('position').pluck<string[]>('state');
    expect(states).toEqual([...Array<string>(10).fill('delivered'), ...Array<string>(5).fill('pending')]);

    receiver.answerWith(ok());
    drain();
    for (const id of ids) await untilState(hub.resources, id, 'delivered');
    expect(receiver.received).toHaveLength(15);
  });
});
