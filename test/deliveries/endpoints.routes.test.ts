import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { removeEndpoint } from '../../src/deliveries/delete-endpoint';
import { lockEndpoint, markDeleted } from '../../src/deliveries/endpoint-changes.store';
import { queuePostback } from '../../src/deliveries/queue-postback';
import { queuePostbacks, startDrains, type TestDrains, untilState } from '../support/deliveries';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { type HubApi, hubApi, type ShownDelivery, type ShownEndpoint } from '../support/hub-api';
import { type HubWorkers, startWorkers } from '../support/hub-workers';
import { closeReceivers, ok, type ReceivedRequest, startReceiver, status } from '../support/receivers';
import { devServer } from '../support/temporal';

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

const problem = async (answer: Promise<Response>): Promise<{ status: number; code: string; paths: string[] }> => {
  const response = await answer;
  const { code, errors = [] } = (await response.json()) as { code: string; errors?: { path: string }[] };
  return { status: response.status, code, paths: errors.map(({ path }) => path) };
};

/** What the record says that nobody is shown. */
const recordOf = (id: string): Promise<Record<string, unknown>> =>
  hub.resources.db('endpoints').where({ id }).first<Record<string, unknown>>();

const setRecord = (id: string, values: Record<string, unknown>): Promise<number> =>
  hub.resources.db('endpoints').where({ id }).update(values);

/** The endpoint that postbacks to an origin share, with one delivery to it. */
async function implicitEndpoint(url: string): Promise<{ endpoint: ShownEndpoint; deliveryId: string }> {
  const [deliveryId = ''] = await queuePostbacks([{ applicationId: key.applicationId, url }], hub.resources);
  const { endpoints } = await api.get<{ endpoints: ShownEndpoint[] }>('/endpoints');
  return { endpoint: endpoints.find(({ implicit }) => implicit)!, deliveryId };
}

describe('POST /hub/v1/endpoints', () => {
  it('answers the whole endpoint, with a secret that is shown this once', async () => {
    const made = await api.newEndpoint('https://lms.example.com/hooks?of=hub', {
      dialect: 'loep-json',
      name: 'our LMS',
      concurrency: 3,
      requests_per_second: 20,
    });
    expect(made).toMatchObject({
      application_id: key.applicationId,
      dialect: 'loep-json',
      name: 'our LMS',
      url: 'https://lms.example.com/hooks?of=hub',
      origin: 'https://lms.example.com',
      implicit: false,
      username: null,
      has_password: false,
      concurrency: 3,
      requests_per_second: 20,
      state: 'active',
      health: { failures: 0, failing_since: null, failed_probes: 0, next_probe_at: null, held_until: null },
      unfinished: 0,
      signing_secret: expect.stringMatching(/^whsec_/) as string,
    });
    const { signing_secret, ...endpoint } = made;
    expect(signing_secret).not.toBe('');
    expect(await api.get(`/endpoints/${made.id}`)).toEqual(endpoint);
  });

  it('takes credentials out of the URL, shows no password, and encrypts both', async () => {
    const { id } = await api.newEndpoint('https://me:p%40ss@lms.example.com/hooks#top');
    const shown = await api.call('GET', `/endpoints/${id}`);
    const text = await shown.text();
    expect(JSON.parse(text)).toMatchObject({
      url: 'https://lms.example.com/hooks',
      username: 'me',
      has_password: true,
    });
    expect(text).not.toMatch(/p@ss|p%40ss/);
    const { url, password } = (await recordOf(id)) as { url: Buffer; password: Buffer };
    expect(url.toString('latin1')).not.toContain('lms');
    expect(hub.resources.secrets.decrypt(password)).toBe('p@ss');
  });

  it('prefers credentials that are said to those of the URL', async () => {
    const more = { username: 'you', password: 'other' };
    const { id, username } = await api.newEndpoint('https://me:secret@lms.example.com/', more);
    expect(username).toBe('you');
    const { password } = (await recordOf(id)) as { password: Buffer };
    expect(hub.resources.secrets.decrypt(password)).toBe('other');
  });

  it.each([
    ['no URL', { url: undefined }, 'url'],
    ['what is no URL', { url: 'lms' }, 'url'],
    ['another scheme', { url: 'ftp://lms.example.com/' }, 'url'],
    ['a port of another protocol', { url: 'http://lms.example.com:25/' }, 'url'],
    ['a user with a colon in the URL', { url: 'https://a%3Ab:c@lms.example.com/' }, 'url'],
    ['a U+0000 in the URL’s user', { url: 'https://a%00@lms.example.com/' }, 'url'],
    ['a user with a colon', { username: 'a:b' }, 'username'],
    ['a password without a user', { password: 'secret' }, 'password'],
    ['an unknown dialect', { dialect: 'soap' }, 'dialect'],
    ['no requests at a time', { concurrency: 0 }, 'concurrency'],
    ['too many requests at a time', { concurrency: 101 }, 'concurrency'],
    ['a rate of nothing', { requests_per_second: 0 }, 'requests_per_second'],
    ['a member it does not know', { secret: 'x' }, 'secret'],
  ])('refuses %s and names the member', async (_, more, path) => {
    const body = { url: 'https://lms.example.com/', dialect: 'postback', ...more };
    expect(await problem(api.call('POST', '/endpoints', body))).toMatchObject({ status: 400, paths: [path] });
  });

  it('refuses one more than 1,000 with 409', async () => {
    const { db, secrets } = hub.resources;
    await db.raw(
      `insert into endpoints (id, application_id, dialect, origin, url, signing_secret)
       select gen_random_uuid(), ?, 'postback', 'https://lms.example.com', ?, '' from generate_series(1, 1000)`,
      [key.applicationId, secrets.encrypt('https://lms.example.com/')],
    );
    const answer = api.call('POST', '/endpoints', { url: 'https://lms.example.com/', dialect: 'postback' });
    expect(await problem(answer)).toMatchObject({ status: 409, code: 'too_many_endpoints' });
  });

  it('wants to know from an administrator whose it is to be', async () => {
    const body = { url: 'https://lms.example.com/', dialect: 'postback' };
    expect(await problem(admin.call('POST', '/endpoints', body))).toMatchObject({ paths: ['application_id'] });
    expect((await admin.call('POST', '/endpoints', { ...body, application_id: uuid() })).status).toBe(404);
    const { id } = await admin.newEndpoint(body.url, { application_id: key.applicationId });
    expect(await api.get(`/endpoints/${id}`)).toMatchObject({ id });
  });

  it('knows no other application than the key’s', async () => {
    const body = { url: 'https://lms.example.com/', dialect: 'postback' };
    const { applicationId } = await hub.newKey();
    expect((await api.call('POST', '/endpoints', { ...body, application_id: applicationId })).status).toBe(404);
    expect((await api.call('POST', '/endpoints', { ...body, application_id: key.applicationId })).status).toBe(201);
  });
});

describe('GET /hub/v1/endpoints', () => {
  it('lists the application’s in the order in which they were made, a page at a time', async () => {
    const ids: string[] = [];
    for (const path of ['a', 'b', 'c']) ids.push((await api.newEndpoint(`https://lms.example.com/${path}`)).id);
    const listed: string[] = [];
    let after = '';
    do {
      const page = await api.get<{ endpoints: ShownEndpoint[]; next?: string }>(`/endpoints?limit=2${after}`);
      listed.push(...page.endpoints.map(({ id }) => id));
      after = page.next === undefined ? '' : `&after=${page.next}`;
    } while (after !== '');
    expect(listed).toEqual(ids);
  });

  it('filters by dialect and state; one that is probed shows as recovering', async () => {
    const url = 'https://lms.example.com/';
    const [hook, form, json] = [
      await api.newEndpoint(url),
      await api.newEndpoint(url, { dialect: 'loep' }),
      await api.newEndpoint(url, { dialect: 'loep-json' }),
    ];
    await setRecord(form.id, { state: 'probing', next_probe_at: new Date() });
    await setRecord(json.id, { state: 'recovering', next_probe_at: new Date() });
    const idsOf = async (query: string): Promise<string[]> =>
      (await api.get<{ endpoints: ShownEndpoint[] }>(`/endpoints?${query}`)).endpoints.map(({ id }) => id);
    expect(await idsOf('dialect=loep')).toEqual([form.id]);
    expect(await idsOf('state=recovering')).toEqual([form.id, json.id]);
    expect(await idsOf('state=active')).toEqual([hook.id]);
    expect(await idsOf('state=recovering&dialect=postback')).toEqual([]);
    expect(await api.get(`/endpoints/${form.id}`)).toMatchObject({ state: 'recovering' });
  });

  it('shows an administrator those of all applications, or of one', async () => {
    const { id } = await api.newEndpoint('https://lms.example.com/');
    const other = await hubApi(hub, await hub.newKey()).newEndpoint('https://lms.example.com/');
    const idsOf = async (query: string): Promise<string[]> =>
      (await admin.get<{ endpoints: ShownEndpoint[] }>(`/endpoints?${query}`)).endpoints.map((one) => one.id);
    expect(await idsOf(`application_id=${key.applicationId}`)).toEqual([id]);
    // More than one page by now: the newest are at its end.
    const all = await hub.resources.db('endpoints').orderBy('id').pluck<string[]>('id');
    expect(all).toEqual(expect.arrayContaining([id, other.id]));
    expect(await idsOf('limit=1')).toEqual([all[0]]);
  });

  it.each(['after=bm9uc2Vuc2U', 'after=WyJub25zZW5zZSJd', 'state=probing', 'dialect=x', 'application_id=x'])(
    'refuses %s',
    async (query) => expect((await api.call('GET', `/endpoints?${query}`)).status).toBe(400),
  );
});

describe('another application’s endpoint', () => {
  it.each([
    ['GET', '', undefined],
    ['PATCH', '', { name: 'mine' }],
    ['DELETE', '', undefined],
    ['POST', '/pause', undefined],
    ['POST', '/resume', undefined],
    ['POST', '/rotate-secret', {}],
    ['POST', '/test', {}],
  ])('is not there: %s %s', async (method, path, body) => {
    const { id } = await hubApi(hub, await hub.newKey()).newEndpoint('https://lms.example.com/');
    expect(await problem(api.call(method, `/endpoints/${id}${path}`, body))).toMatchObject({
      status: 404,
      code: 'endpoint_not_found',
    });
    expect(await admin.get(`/endpoints/${id}`)).toMatchObject({ name: '', state: 'active' });
  });

  it('is not named by a filter either', async () => {
    const { applicationId } = await hub.newKey();
    expect((await api.call('GET', `/endpoints?application_id=${applicationId}`)).status).toBe(404);
  });
});

describe('scopes', () => {
  it('read:hub reads and does not write, write:hub the other way round', async () => {
    const reader = hubApi(hub, await hub.newKey({ scopes: ['read:hub'] }));
    const writer = hubApi(hub, await hub.newKey({ scopes: ['write:hub'] }));
    const body = { url: 'https://lms.example.com/', dialect: 'postback' };
    expect((await reader.call('POST', '/endpoints', body)).status).toBe(403);
    expect((await writer.call('POST', '/endpoints', body)).status).toBe(201);
    expect((await reader.call('GET', '/endpoints')).status).toBe(200);
    expect((await writer.call('GET', '/endpoints')).status).toBe(403);
    const outsider = hubApi(hub, await hub.newKey({ scopes: ['read', 'write'] }));
    expect((await outsider.call('GET', '/deliveries')).status).toBe(403);
  });
});

describe('PATCH /hub/v1/endpoints/{endpointId}', () => {
  it('changes what is given and leaves the rest', async () => {
    const { id } = await api.newEndpoint('https://me:secret@lms.example.com/', { name: 'one', concurrency: 5 });
    const change = { name: 'two', requests_per_second: 7, url: 'https://lms.example.org/hooks' };
    const answer = await api.call('PATCH', `/endpoints/${id}`, change);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      ...change,
      origin: 'https://lms.example.org',
      concurrency: 5,
      username: 'me',
      has_password: true,
    });
    expect((await api.call('PATCH', `/endpoints/${id}`, { requests_per_second: null })).status).toBe(200);
    expect(await api.get(`/endpoints/${id}`)).toMatchObject({ requests_per_second: null, name: 'two' });
  });

  it.each([
    ['a new user', { username: 'you' }, { username: 'you', has_password: true }],
    ['no password', { password: null }, { username: 'me', has_password: false }],
    ['no user, and so no password', { username: null }, { username: null, has_password: false }],
    ['credentials in a new URL', { url: 'https://you@lms.example.com/' }, { username: 'you', has_password: false }],
  ])('changes credentials: %s', async (_, change, expected) => {
    const { id } = await api.newEndpoint('https://me:secret@lms.example.com/');
    const answer = await api.call('PATCH', `/endpoints/${id}`, change);
    expect(await answer.json()).toMatchObject(expected);
  });

  it('refuses a password where there is no user', async () => {
    const { id } = await api.newEndpoint('https://lms.example.com/');
    const answer = api.call('PATCH', `/endpoints/${id}`, { password: 'x' });
    expect(await problem(answer)).toMatchObject({ status: 400, paths: ['password'] });
  });

  it('refuses with 412 a change of a version that is there no more', async () => {
    const { id } = await api.newEndpoint('https://lms.example.com/');
    const etag = (await api.call('GET', `/endpoints/${id}`)).headers.get('etag') ?? '';
    const patch = (name: string, tag: string) => api.call('PATCH', `/endpoints/${id}`, { name }, { 'if-match': tag });
    const first = await patch('first', etag);
    expect(first.status).toBe(200);
    expect(await problem(patch('second', etag))).toMatchObject({ status: 412, code: 'precondition_failed' });
    expect((await patch('third', `"none", ${first.headers.get('etag')}`)).status).toBe(200);
    expect((await patch('fourth', '*')).status).toBe(200);
    expect(await api.get(`/endpoints/${id}`)).toMatchObject({ name: 'fourth' });
  });

  it('lets one of two simultaneous changes of a version win', async () => {
    const { id } = await api.newEndpoint('https://lms.example.com/');
    const etag = (await api.call('GET', `/endpoints/${id}`)).headers.get('etag') ?? '';
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((name) => api.call('PATCH', `/endpoints/${id}`, { name }, { 'if-match': etag })),
    );
    expect(answers.filter((answer) => answer.status === 412)).toHaveLength(2);
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
  });

  it('has one that is held back probed at once when its address is new, and not when its name is', async () => {
    const { id } = await api.newEndpoint('https://lms.example.com/');
    await setRecord(id, { state: 'recovering', next_probe_at: new Date(Date.now() + 600_000) });
    const signals = async (): Promise<unknown[]> =>
      hub.resources
        .db('outbox')
        .where({ workflow_id: `endpoint/${id}` })
        .pluck('signal');
    await api.call('PATCH', `/endpoints/${id}`, { name: 'x' });
    expect(await signals()).toEqual([]);
    await api.call('PATCH', `/endpoints/${id}`, { url: 'https://lms.example.org/' });
    expect(await signals()).toEqual(['now']);
  });

  it('changes the name and limits of an implicit endpoint, and no address or credentials', async () => {
    const { endpoint } = await implicitEndpoint('https://lms.example.com/hooks?secret=1');
    expect(endpoint).toMatchObject({ implicit: true, url: 'https://lms.example.com', dialect: 'postback' });
    const limits = { name: 'their LMS', concurrency: 2, requests_per_second: 5 };
    const answer = await api.call('PATCH', `/endpoints/${endpoint.id}`, limits);
    expect(await answer.json()).toMatchObject(limits);
    for (const change of [{ url: 'https://lms.example.org/' }, { username: 'me' }, { password: null }]) {
      expect(await problem(api.call('PATCH', `/endpoints/${endpoint.id}`, change))).toMatchObject({
        status: 409,
        code: 'endpoint_implicit',
      });
    }
  });
});

describe('pause and resume', () => {
  it('hold deliveries back, and let them go', async () => {
    const receiver = await startReceiver(ok());
    const { id } = await api.newEndpoint(receiver.url);
    expect(await api.post(`/endpoints/${id}/pause`)).toMatchObject({ state: 'paused' });
    expect(await api.post(`/endpoints/${id}/pause`)).toMatchObject({ state: 'paused' });
    drain();
    const delivery = await api.post<ShownDelivery>(`/endpoints/${id}/test`, {}, 201);
    expect(delivery).toMatchObject({ state: 'pending', attempts: 0, subject: { kind: 'test' } });
    await delay(300);
    expect(receiver.received).toHaveLength(0);
    expect(await api.get(`/endpoints/${id}`)).toMatchObject({ unfinished: 1 });
    expect(await api.post(`/endpoints/${id}/resume`)).toMatchObject({ state: 'active' });
    await untilState(hub.resources, delivery.id, 'delivered');
    expect(await api.get(`/endpoints/${id}`)).toMatchObject({ unfinished: 0 });
  });

  it.each(['recovering', 'probing', 'disabled', 'active'])(
    'resume opens one that is %s as if it had never failed, and makes its retries at once',
    async (state) => {
      const receiver = await startReceiver(status(500));
      const { id } = await api.newEndpoint(receiver.url);
      const { id: deliveryId } = await api.post<ShownDelivery>(`/endpoints/${id}/test`, {}, 201);
      drain();
      await untilState(hub.resources, deliveryId, 'retrying');
      await drains?.stop();
      const soon = new Date(Date.now() + 600_000);
      await setRecord(id, {
        state,
        failures: 12,
        failing_since: new Date(),
        last_failure: 'x',
        dying: true,
        probes: 3,
        next_probe_at: soon,
        held_until: soon,
      });
      receiver.answerWith(ok());
      expect(await api.post(`/endpoints/${id}/resume`)).toMatchObject({
        state: 'active',
        health: {
          failures: 0,
          failing_since: null,
          last_failure: null,
          dying: false,
          failed_probes: 0,
          next_probe_at: null,
          held_until: null,
        },
      });
      drain();
      await untilState(hub.resources, deliveryId, 'delivered');
      const work = await hub.resources
        .db('outbox')
        .where({ workflow_id: `endpoint/${id}` })
        .pluck('signal');
      expect(work).toEqual(['changed']);
    },
  );

  it('pause ends a recovery, and leaves one alone that is disabled', async () => {
    const { id } = await api.newEndpoint('https://lms.example.com/');
    await setRecord(id, { state: 'recovering', next_probe_at: new Date(), probes: 2 });
    expect(await api.post(`/endpoints/${id}/pause`)).toMatchObject({
      state: 'paused',
      health: { next_probe_at: null, failed_probes: 0 },
    });
    const work = await hub.resources
      .db('outbox')
      .where({ workflow_id: `endpoint/${id}` })
      .pluck('signal');
    expect(work).toEqual(['changed']);
    await setRecord(id, { state: 'disabled' });
    expect(await problem(api.call('POST', `/endpoints/${id}/pause`))).toMatchObject({ status: 409 });
  });
});

describe('POST /hub/v1/endpoints/{endpointId}/rotate-secret', () => {
  const signatureOf = (secret: string, { headers, body }: ReceivedRequest): string => {
    const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    const sealed = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64')).update(content);
    return `v1,${sealed.digest('base64')}`;
  };

  it('lets the new secret and the former sign for a while', async () => {
    const receiver = await startReceiver(ok());
    const { id, signing_secret: former } = await api.newEndpoint(receiver.url);
    drain();
    const path = `/endpoints/${id}/rotate-secret`;
    const { signing_secret: second } = await api.post<{ signing_secret: string }>(path, {});
    await api.post(`/endpoints/${id}/test`, {}, 201);
    await receiver.waitFor(1);
    const [both] = receiver.received;
    expect(both?.headers['webhook-signature']).toBe(`${signatureOf(second, both!)} ${signatureOf(former, both!)}`);
    expect(new Set([former, second]).size).toBe(2);

    const { signing_secret: third } = await api.post<{ signing_secret: string }>(path, { overlap_seconds: 0 });
    await api.post(`/endpoints/${id}/test`, {}, 201);
    await receiver.waitFor(2);
    const alone = receiver.received[1]!;
    expect(alone.headers['webhook-signature']).toBe(signatureOf(third, alone));
  });

  it('gives the secret of an implicit endpoint, which nobody was shown', async () => {
    const receiver = await startReceiver(ok());
    const { endpoint, deliveryId } = await implicitEndpoint(receiver.url);
    const path = `/endpoints/${endpoint.id}/rotate-secret`;
    const { signing_secret: secret } = await api.post<{ signing_secret: string }>(path, { overlap_seconds: 0 });
    drain();
    await untilState(hub.resources, deliveryId, 'delivered');
    expect(receiver.received[0]?.headers['webhook-signature']).toBe(signatureOf(secret, receiver.received[0]!));
  });

  it.each([-1, 604_801, 1.5])('refuses an overlap of %s s', async (seconds) => {
    const { id } = await api.newEndpoint('https://lms.example.com/');
    const answer = api.call('POST', `/endpoints/${id}/rotate-secret`, { overlap_seconds: seconds });
    expect(await problem(answer)).toMatchObject({ status: 400, paths: ['overlap_seconds'] });
  });
});

describe('POST /hub/v1/endpoints/{endpointId}/test', () => {
  it('sends a sample, with the endpoint’s credentials', async () => {
    const receiver = await startReceiver(ok());
    const { id } = await api.newEndpoint(`${receiver.url.replace('//', '//me:secret@')}/hook`);
    drain();
    const delivery = await api.post<ShownDelivery>(`/endpoints/${id}/test`, {}, 201);
    await untilState(hub.resources, delivery.id, 'delivered');
    const [request] = receiver.received;
    expect(request).toMatchObject({ method: 'POST', path: '/hook' });
    expect(request?.headers).toMatchObject({
      'webhook-id': delivery.id,
      authorization: `Basic ${btoa('me:secret')}`,
    });
    expect(JSON.parse(request?.body ?? '')).toMatchObject({ type: 'test', endpoint_id: id });
  });

  it('sends a learning object of its own as a LOEP callback', async () => {
    const receiver = await startReceiver(ok());
    const { id } = await api.newEndpoint(receiver.url, { dialect: 'loep-json' });
    drain();
    const payload = { id_loep: 7, id_repository: 'Excursion:83', lo: { name: 'x' } };
    await api.post(`/endpoints/${id}/test`, { payload }, 201);
    await api.post(`/endpoints/${id}/test`, {}, 201);
    await receiver.waitFor(2);
    const paths = receiver.received.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(paths)).toEqual(new Set(['PUT /los/Excursion:83', 'PUT /los/test']));
  });

  it('sends what a learning object of the application is now', async () => {
    const receiver = await startReceiver(ok());
    const lo = { name: 'Golf', url: 'https://example.com/golf', repository: 'Demo', id_repository: 'golf' };
    const registered = await hub.fetch('/api/v1/los', {
      method: 'POST',
      key,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ lo }),
    });
    const object = (await registered.json()) as { id: number };
    const { id } = await api.newEndpoint(receiver.url, { dialect: 'loep-json' });
    drain();
    await api.post(`/endpoints/${id}/test`, { learning_object_id: object.id }, 201);
    await receiver.waitFor(1);
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({ id_loep: object.id, lo });

    const test = (endpoint: string, body: object) => problem(api.call('POST', `/endpoints/${endpoint}/test`, body));
    expect(await test(id, { learning_object_id: object.id + 1000 })).toMatchObject({ status: 404 });
    const postback = await api.newEndpoint(receiver.url);
    for (const [endpoint, payload] of [
      [postback.id, {}],
      [id, { payload: {} }],
    ] as const) {
      const refused = await test(endpoint, { learning_object_id: object.id, ...payload });
      expect(refused).toMatchObject({ status: 400, paths: ['learning_object_id'] });
    }
  });

  it('refuses what a LOEP receiver could not read', async () => {
    const { id } = await api.newEndpoint('https://lms.example.com/', { dialect: 'loep' });
    const answer = api.call('POST', `/endpoints/${id}/test`, { payload: { lo: [] } });
    expect(await problem(answer)).toMatchObject({ status: 400, paths: ['id_loep', 'id_repository', 'lo'] });
  });

  it('delivers tests of one subject in order', async () => {
    const receiver = await startReceiver(status(500), ok());
    const { id } = await api.newEndpoint(receiver.url);
    const ids: string[] = [];
    for (const number of [1, 2, 3]) {
      const body = { payload: { number }, subject: 'golf' };
      const delivery = await api.post<ShownDelivery>(`/endpoints/${id}/test`, body, 201);
      expect(delivery.subject).toEqual({ kind: 'test', id: 'golf' });
      ids.push(delivery.id);
    }
    drain();
    await untilState(hub.resources, ids[0]!, 'retrying');
    await api.post(`/deliveries/${ids[0]}/replay`, undefined, 202);
    await untilState(hub.resources, ids[2]!, 'delivered');
    expect(receiver.received.map(({ body }) => (JSON.parse(body) as { number: number }).number)).toEqual([1, 1, 2, 3]);
  });

  it('has nowhere to go for an implicit endpoint', async () => {
    const { endpoint } = await implicitEndpoint('https://lms.example.com/hook');
    expect(await problem(api.call('POST', `/endpoints/${endpoint.id}/test`, {}))).toMatchObject({ status: 409 });
  });
});

describe('DELETE /hub/v1/endpoints/{endpointId}', () => {
  it('sends nothing any more, and shows neither the endpoint nor its deliveries', async () => {
    const receiver = await startReceiver(ok());
    const { id } = await api.newEndpoint(receiver.url);
    const { id: deliveryId } = await api.post<ShownDelivery>(`/endpoints/${id}/test`, {}, 201);
    expect((await api.call('DELETE', `/endpoints/${id}`)).status).toBe(204);
    drain();
    await delay(300);
    expect(receiver.received).toHaveLength(0);
    for (const path of [`/endpoints/${id}`, `/deliveries/${deliveryId}`, `/deliveries?endpoint_id=${id}`]) {
      expect((await api.call('GET', path)).status).toBe(404);
    }
    expect(await api.get('/endpoints')).toEqual({ endpoints: [] });
    expect(await api.get('/deliveries')).toEqual({ deliveries: [] });
    expect((await api.call('POST', `/deliveries/${deliveryId}/replay`)).status).toBe(404);
    expect((await api.call('DELETE', `/endpoints/${id}`)).status).toBe(404);
  });

  it('makes room for a new implicit endpoint of the same origin, with a new secret', async () => {
    const url = 'https://lms.example.com/hook';
    const { endpoint } = await implicitEndpoint(url);
    expect((await api.call('DELETE', `/endpoints/${endpoint.id}`)).status).toBe(204);
    const next = await implicitEndpoint(url);
    expect(next.endpoint.origin).toBe(endpoint.origin);
    expect(next.endpoint.id).not.toBe(endpoint.id);
    expect(await api.get(`/deliveries/${next.deliveryId}`)).toMatchObject({ endpoint_id: next.endpoint.id });
  });

  it('waits for a postback that is being queued', async () => {
    const url = 'https://lms.example.com/hook';
    const { endpoint } = await implicitEndpoint(url);
    const { db, secrets } = hub.resources;
    const tx = await db.transaction();
    const subject = { kind: 'import-job' as const, id: uuid() };
    await queuePostback(tx, { applicationId: key.applicationId, url, payload: {}, subject }, secrets);
    const deleted = api.call('DELETE', `/endpoints/${endpoint.id}`);
    await delay(200);
    expect(await recordOf(endpoint.id)).toMatchObject({ state: 'active' });
    await tx.commit();
    expect((await deleted).status).toBe(204);
  });

  it('is waited for by a postback, which gets a new endpoint then', async () => {
    const url = 'https://lms.example.com/hook';
    const { endpoint } = await implicitEndpoint(url);
    const { db } = hub.resources;
    const tx = await db.transaction();
    await lockEndpoint(tx, key.applicationId, endpoint.id, { whole: true });
    await markDeleted(tx, endpoint.id);
    const queued = queuePostbacks([{ applicationId: key.applicationId, url }], hub.resources);
    await delay(200);
    await tx.commit();
    const [id] = await queued;
    const { endpoint_id: chosen } = await db('deliveries').where({ id }).first<{ endpoint_id: string }>();
    expect(chosen).not.toBe(endpoint.id);
    expect(await recordOf(chosen)).toMatchObject({ state: 'active', origin: 'https://lms.example.com' });
  });

  it('removes deliveries in batches and then the endpoint, and leaves one alone that is not deleted', async () => {
    const { db } = hub.resources;
    const { id } = await api.newEndpoint('https://lms.example.com/');
    const { shard } = (await recordOf(id)) as { shard: number };
    await db.raw(
      `insert into deliveries (id, application_id, endpoint_id, shard, subject_kind, subject_id, payload)
       select gen_random_uuid(), ?, ?, ?, 'test', 'many', '{}' from generate_series(1, 2500)`,
      [key.applicationId, id, shard],
    );
    let batches = 0;
    const remove = (): Promise<boolean> => removeEndpoint(id, hub.resources, () => void (batches += 1));
    expect(await remove()).toBe(true);
    expect(await db('deliveries').where({ endpoint_id: id }).count()).toEqual([{ count: 2500 }]);
    expect((await api.call('DELETE', `/endpoints/${id}`)).status).toBe(204);
    batches = 0;
    expect(await remove()).toBe(true);
    expect(batches).toBe(3);
    expect(await db('deliveries').where({ endpoint_id: id }).count()).toEqual([{ count: 0 }]);
    expect(await recordOf(id)).toBeUndefined();
    expect(await remove()).toBe(true);
  });
});

describe('a deleted endpoint’s workflow', () => {
  let workers: HubWorkers;

  beforeAll(async () => {
    workers = await startWorkers(hub, await devServer(), ['housekeeping']);
  }, 60_000);
  afterAll(async () => {
    await workers.stop();
    await (await devServer()).remove();
  });

  it('removes it', async () => {
    const { id } = await api.newEndpoint('https://lms.example.com/');
    await api.post(`/endpoints/${id}/test`, {}, 201);
    expect((await api.call('DELETE', `/endpoints/${id}`)).status).toBe(204);
    while ((await recordOf(id)) !== undefined) await delay(50);
    expect(await hub.resources.db('deliveries').where({ endpoint_id: id })).toEqual([]);
  });
});
