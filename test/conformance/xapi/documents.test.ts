import { createHash, randomUUID } from 'node:crypto';
import { type XapiVersion, versions } from '../../../src/statements/formats.rules';
import { startHub, type TestHub, type TestKey } from '../../support/hub';
import { type Json, newAgent, newIri, statement, xapiApi, type XapiApi, type XapiRequest } from '../../support/xapi';

let hub: TestHub;
let key: TestKey;
beforeAll(async () => {
  hub = await startHub({ env: { XAPI_MAX_DOCUMENT_BYTES: '10000' } });
  key = await hub.newKey();
});
afterAll(() => hub.close());

type Query = Record<string, string>;

/** A resource that holds documents, its parameters, and the requirements that are its own, by what is asked of it. */
interface Resource {
  path: string;
  idName: string;
  /** Parameters of another document each time. */
  newQuery: () => Query;
  /** Whether whoever puts over a document has to know it. */
  isGuarded: (version: XapiVersion) => boolean;
}

const agentText = (): string => JSON.stringify(newAgent());

const resources: Record<string, Resource> = {
  state: {
    path: '/activities/state',
    idName: 'stateId',
    newQuery: () => ({ activityId: newIri(), agent: agentText(), stateId: randomUUID() }),
    isGuarded: (version) => version === '2.0.0',
  },
  'agent profile': {
    path: '/agents/profile',
    idName: 'profileId',
    newQuery: () => ({ agent: agentText(), profileId: randomUUID() }),
    isGuarded: () => true,
  },
  'activity profile': {
    path: '/activities/profile',
    idName: 'profileId',
    newQuery: () => ({ activityId: newIri(), profileId: randomUUID() }),
    isGuarded: () => true,
  },
};

/** What is asked of all three, and the numbers that it has for each, in the order above. */
const requirements = {
  endpoint: 'XAPI-00230 XAPI-00282 XAPI-00311 XAPI-00140',
  put: 'XAPI-00190 XAPI-00273 XAPI-00287 XAPI-00293',
  post: 'XAPI-00189 XAPI-00231 XAPI-00233 XAPI-00272 XAPI-00280 XAPI-00283 XAPI-00286 XAPI-00292 XAPI-00310 XAPI-00312',
  get: 'XAPI-00188 XAPI-00192 XAPI-00217 XAPI-00259 XAPI-00269 XAPI-00274 XAPI-00288 XAPI-00290',
  delete: 'XAPI-00187 XAPI-00191 XAPI-00216 XAPI-00271 XAPI-00285 XAPI-00291',
  list: 'XAPI-00193 XAPI-00270 XAPI-00289',
  since: 'XAPI-00141 XAPI-00195 XAPI-00221 XAPI-00222 XAPI-00268 XAPI-00275 XAPI-00294 XAPI-00303',
  wrongSince: 'XAPI-00204 XAPI-00260 XAPI-00295',
  withoutId: 'XAPI-00206 XAPI-00211 XAPI-00265 XAPI-00266 XAPI-00267 XAPI-00300 XAPI-00301 XAPI-00302',
  idThatIsNone: 'XAPI-00224 XAPI-00225 XAPI-00226 XAPI-00228 XAPI-00276 XAPI-00277 XAPI-00305 XAPI-00306 XAPI-00307',
  withoutActivity: 'XAPI-00207 XAPI-00208 XAPI-00209 XAPI-00210 XAPI-00296 XAPI-00297 XAPI-00298 XAPI-00299',
  withoutAgent: 'XAPI-00212 XAPI-00213 XAPI-00214 XAPI-00215 XAPI-00261 XAPI-00262 XAPI-00263 XAPI-00264',
  wrongAgent: 'XAPI-00196 XAPI-00197 XAPI-00198 XAPI-00199 XAPI-00255 XAPI-00256 XAPI-00257 XAPI-00258 XAPI-00304',
  merge: 'XAPI-00183 XAPI-00184 XAPI-00185 XAPI-00186 XAPI-00234 XAPI-00279 XAPI-00308',
  mergeOfOtherTypes: 'XAPI-00232 XAPI-00278 XAPI-00309',
  mergeOfNoObjects: 'XAPI-00229 XAPI-00281 XAPI-00313',
  noJson: 'XAPI-00235 XAPI-00284 XAPI-00314',
} as const;

const methods = ['PUT', 'POST', 'GET', 'DELETE'] as const;

describe.each(versions)('documents of %s', (version) => {
  describe.each(Object.entries(resources))('%s', (name, { path, idName, newQuery, isGuarded }) => {
    let xapi: XapiApi;
    beforeAll(() => (xapi = xapiApi(hub, key, version)));
    const call = (method: string, query: Query, more: XapiRequest = {}) => xapi.call(path, { method, query, ...more });
    const status = async (method: string, query: Query, more?: XapiRequest): Promise<number> =>
      (await call(method, query, more)).status;
    /** Puts one that is not there yet, as every resource in every version takes it. */
    const create = (query: Query, more: XapiRequest) =>
      call('PUT', query, { ...more, headers: { 'if-none-match': '*', ...more.headers } });
    const read = async (query: Query): Promise<unknown> => (await call('GET', query)).json();
    const without = (query: Query, one: string): Query =>
      Object.fromEntries(Object.entries(query).filter(([parameter]) => parameter !== one));
    const typed = (body: string, type = 'text/plain'): XapiRequest => ({ body, headers: { 'content-type': type } });
    /** Each method, with a body where it has one. */
    const statuses = (query: Query): Promise<number[]> =>
      Promise.all(
        methods.map((method) => {
          const headers = { 'if-none-match': '"other"' };
          return status(method, query, 'PUT POST'.includes(method) ? { body: { a: 1 }, headers } : {});
        }),
      );

    it(`${requirements.endpoint} ${requirements.put} ${requirements.get}: is put and read`, async () => {
      const query = newQuery();
      expect(await status('GET', query)).toBe(404);
      expect((await create(query, { body: { car: 'MKX' } })).status).toBe(204);
      const answer = await call('GET', query);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
      expect(Date.parse(answer.headers.get('last-modified') ?? '')).toBeGreaterThan(Date.now() - 60_000);
      expect(await answer.json()).toEqual({ car: 'MKX' });
    });

    it('is of whatever type, kept byte by byte, and runs no scripts', async () => {
      const query = newQuery();
      const body = Buffer.from([0, 255, 10, 13, 128]);
      expect((await create(query, { body, headers: { 'content-type': 'text/html' } })).status).toBe(204);
      const answer = await call('GET', query);
      expect(answer.headers.get('content-type')).toBe('text/html');
      expect(answer.headers.get('content-security-policy')).toContain('sandbox');
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(body);
    });

    it(`${requirements.post}: is posted, whatever it holds`, async () => {
      for (const [body, type] of [
        ['{}', 'application/json'],
        ['1', 'application/x-www-form-urlencoded'],
        ['true', 'text/plain'],
      ] as const) {
        const query = newQuery();
        expect(await status('POST', query, typed(body, type))).toBe(204);
        expect(await (await call('GET', query)).text()).toBe(body);
      }
    });

    it(`${requirements.delete}: is deleted`, async () => {
      const query = newQuery();
      await create(query, { body: {} });
      expect([await status('DELETE', query), await status('GET', query), await status('DELETE', query)]).toEqual([
        204, 404, 204,
      ]);
    });

    it(`${requirements.list} ${requirements.since}: their ids are listed, of those that were stored after a time`, async () => {
      const [first, id] = [newQuery(), randomUUID()];
      const second = { ...first, [idName]: id };
      await create(first, { body: {} });
      await new Promise((resolve) => setTimeout(resolve, 5));
      const since = new Date().toISOString();
      await new Promise((resolve) => setTimeout(resolve, 5));
      await create(second, { body: {} });
      const scope = without(first, idName);
      expect(new Set((await read(scope)) as string[])).toEqual(new Set([first[idName], id]));
      expect(await read({ ...scope, since })).toEqual([id]);
      expect(await read({ ...scope, since: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
    });

    it(`${requirements.wrongSince}: a time that is none is a 400`, async () => {
      expect(await status('GET', { ...without(newQuery(), idName), since: 'yesterday' })).toBe(400);
    });

    it(`${requirements.withoutId} ${requirements.idThatIsNone}: an id is needed to store one, and is a text`, async () => {
      const [query, scope] = [newQuery(), without(newQuery(), idName)];
      // Without one a list is read, and all states are deleted.
      expect(await statuses(scope)).toEqual([400, 400, 200, name === 'state' ? 204 : 400]);
      expect(await statuses({ ...query, [idName]: '' })).toEqual([400, 400, 400, 400]);
      expect(await statuses({ ...query, [idName]: 'x'.repeat(1001) })).toEqual([400, 400, 400, 400]);
    });

    it(`${requirements.withoutActivity} ${requirements.withoutAgent}: whose it is has to be said`, async () => {
      for (const one of ['activityId', 'agent'].filter((parameter) => parameter in newQuery())) {
        expect(await statuses(without(newQuery(), one))).toEqual([400, 400, 400, 400]);
      }
    });

    it(`${requirements.wrongAgent} XAPI-00012: an agent is one in JSON, an activity an IRI`, async () => {
      const query = newQuery();
      const wrong = ['not JSON', 'true', '{}', '{"name":"Ada"}', '{"mbox":"ada"}'];
      const queries = [
        ...('agent' in query ? wrong.map((one) => ({ ...query, agent: one })) : []),
        ...('activityId' in query ? [{ ...query, activityId: 'no iri' }] : []),
        { ...query, agent: 'agent' in query ? '[]' : agentText() },
      ];
      for (const one of queries) expect([one, await statuses(one)]).toEqual([one, [400, 400, 400, 400]]);
    });

    it(`${requirements.merge}: JSON is joined with what is there, on its first level`, async () => {
      const query = newQuery();
      await call('POST', query, { body: { car: { make: 'Ford', model: 'Escape' }, driver: 'Dale' } });
      expect(await status('POST', query, { body: { car: { make: 'Dodge' }, team: null } })).toBe(204);
      expect(await read(query)).toEqual({ car: { make: 'Dodge' }, driver: 'Dale', team: null });
      await call('POST', query, typed('{"__proto__":{"a":1}}', 'application/json; charset=utf-8'));
      expect(Object.keys((await read(query)) as object)).toContain('__proto__');
    });

    it(`${requirements.mergeOfOtherTypes} ${requirements.mergeOfNoObjects} XAPI-00182: what cannot be joined is a 400, and changes nothing`, async () => {
      const [json, text, list] = [newQuery(), newQuery(), newQuery()];
      await create(json, { body: { a: 1 } });
      await create(text, typed('hello'));
      await create(list, { body: [1] });
      expect(await status('POST', json, typed('abc'))).toBe(400);
      expect(await status('POST', json, { body: [2] })).toBe(400);
      expect(await status('POST', text, { body: { b: 2 } })).toBe(400);
      expect(await status('POST', list, { body: { b: 2 } })).toBe(400);
      expect([await read(json), await (await call('GET', text)).text(), await read(list)]).toEqual([
        { a: 1 },
        'hello',
        [1],
      ]);
    });

    it(`${requirements.noJson}: JSON that is none is a 400`, async () => {
      const query = newQuery();
      expect(await status('POST', query, typed('{"a":', 'application/json'))).toBe(400);
      expect(await status('GET', query)).toBe(404);
    });

    it('XAPI-00322: an ETag is the SHA-1 of what is there', async () => {
      const query = newQuery();
      await create(query, typed('hello'));
      const etag = (await call('GET', query)).headers.get('etag');
      expect(etag).toBe(`"${createHash('sha1').update('hello').digest('hex')}"`);
      expect(await status('GET', query, { headers: { 'if-none-match': etag!, 'cache-control': 'max-age=0' } })).toBe(
        304,
      );
      expect((await call('HEAD', query)).headers.get('etag')).toBe(etag);
    });

    it.each(['PUT', 'POST', 'DELETE'])('XAPI-00322: %s minds If-Match', async (method) => {
      const query = newQuery();
      await create(query, { body: { a: 1 } });
      const etag = (await call('GET', query)).headers.get('etag')!;
      const body = method === 'DELETE' ? {} : { body: { a: 2 } };
      for (const wrong of ['"1111111111111111111111111111111111111111"', '1234']) {
        expect(await status(method, query, { ...body, headers: { 'if-match': wrong } })).toBe(412);
      }
      expect(await read(query)).toEqual({ a: 1 });
      expect(await status(method, query, { ...body, headers: { 'if-match': `"x", ${etag}` } })).toBe(204);
      expect(await status('GET', query)).toBe(method === 'DELETE' ? 404 : 200);
      expect(await status('PUT', newQuery(), { body: {}, headers: { 'if-match': '*' } })).toBe(412);
    });

    it('XAPI-00322: PUT minds If-None-Match', async () => {
      const query = newQuery();
      const none = { headers: { 'if-none-match': '*' } };
      expect([
        await status('PUT', query, { body: { a: 1 }, ...none }),
        await status('PUT', query, { body: { a: 2 }, ...none }),
      ]).toEqual([204, 412]);
      expect(await read(query)).toEqual({ a: 1 });
    });

    it('XAPI-00322: PUT over what is there, without either, is a conflict where it could be lost', async () => {
      const query = newQuery();
      await create(query, { body: { a: 1 } });
      const answer = await call('PUT', query, { body: { a: 2 } });
      expect(answer.status).toBe(isGuarded(version) ? 409 : 204);
      expect(await answer.text()).toMatch(isGuarded(version) ? /If-Match/ : /^$/);
      expect(await read(query)).toEqual({ a: isGuarded(version) ? 1 : 2 });
    });

    it('XAPI-00273 XAPI-00287: PUT of a new one, without either, is a 400 for a profile in 1.0.3', async () => {
      const query = newQuery();
      const isRefused = name !== 'state' && version === '1.0.3';
      const answer = await call('PUT', query, { body: { a: 1 } });
      expect(answer.status).toBe(isRefused ? 400 : 204);
      expect(await answer.text()).toMatch(isRefused ? /If-None-Match/ : /^$/);
      expect(await status('GET', query)).toBe(isRefused ? 404 : 200);
    });

    it('of many who put at once with If-None-Match one is first', async () => {
      const query = newQuery();
      const all = await Promise.all(
        Array.from({ length: 8 }, (_, a) => status('PUT', query, { body: { a }, headers: { 'if-none-match': '*' } })),
      );
      expect([all.filter((one) => one === 204).length, all.filter((one) => one === 412).length]).toEqual([1, 7]);
    });

    it('XAPI-00328: what is too large is a 413, joined or at once', async () => {
      const query = newQuery();
      expect((await create(query, typed('x'.repeat(10_001)))).status).toBe(413);
      await call('POST', query, { body: { a: 'x'.repeat(6000) } });
      expect(await status('POST', query, { body: { b: 'x'.repeat(6000) } })).toBe(413);
      expect(Object.keys((await read(query)) as object)).toEqual(['a']);
    });

    it('XAPI-00324: a parameter that is not known is a 400; another application’s document is a 404', async () => {
      const query = newQuery();
      await create(query, { body: {} });
      expect(await statuses({ ...query, foo: 'bar' })).toEqual([400, 400, 400, 400]);
      const other = xapiApi(hub, await hub.newKey(), version);
      expect((await other.call(path, { query })).status).toBe(404);
      expect(await (await other.call(path, { query: without(query, idName) })).json()).toEqual([]);
    });
  });

  describe('state', () => {
    let xapi: XapiApi;
    beforeAll(() => (xapi = xapiApi(hub, key, version)));
    const path = '/activities/state';
    const { newQuery } = resources['state']!;
    const call = (method: string, query: Query, body?: Json) =>
      xapi.call(path, { method, query, ...(body ? { body } : {}) });

    it('XAPI-00218 XAPI-00219 XAPI-00220 XAPI-00227: is of a registration, or of none', async () => {
      const query = newQuery();
      const [first, second] = [
        { ...query, registration: randomUUID() },
        { ...query, registration: randomUUID() },
      ];
      await call('PUT', query, { of: 'none' });
      expect((await call('PUT', first, { of: 'first' })).status).toBe(204);
      expect((await call('POST', second, { of: 'second' })).status).toBe(204);
      expect(await (await call('GET', first)).json()).toEqual({ of: 'first' });
      expect(await (await call('GET', query)).json()).toEqual({ of: 'none' });
      expect((await call('DELETE', first)).status).toBe(204);
      expect([(await call('GET', first)).status, (await call('GET', second)).status]).toEqual([404, 200]);
    });

    it('XAPI-00200 XAPI-00201 XAPI-00202 XAPI-00203: a registration is a UUID', async () => {
      const query = { ...newQuery(), registration: 'x' };
      for (const method of methods)
        expect((await call(method, query, method.startsWith('P') ? {} : undefined)).status).toBe(400);
    });

    it('XAPI-00194: all of an agent and an activity are deleted, of a registration where one is named', async () => {
      const { stateId, ...scope } = newQuery();
      const registration = randomUUID();
      for (const more of [{}, { registration }]) await call('PUT', { ...scope, ...more, stateId: stateId! }, {});
      expect((await call('DELETE', { ...scope, registration })).status).toBe(204);
      expect(await (await call('GET', scope)).json()).toEqual([stateId]);
      expect((await call('DELETE', scope)).status).toBe(204);
      expect(await (await call('GET', scope)).json()).toEqual([]);
    });

    it('XAPI-00205: there is no since for deleting', async () => {
      const { stateId: _, ...scope } = newQuery();
      expect((await call('DELETE', { ...scope, since: 'x' })).status).toBe(400);
    });
  });

  describe('agents and activities', () => {
    let xapi: XapiApi;
    beforeAll(() => (xapi = xapiApi(hub, key, version)));
    const person = async (one: Json): Promise<unknown> =>
      (await xapi.call('/agents', { query: { agent: JSON.stringify(one) } })).json();

    it('XAPI-00236 XAPI-00237 XAPI-00245 XAPI-00246 XAPI-00248 XAPI-00238 XAPI-00239 XAPI-00244: an agent is a person, with its names', async () => {
      const { mbox } = newAgent();
      await xapi.post([statement({ actor: { mbox, name: 'Ada' } }), statement({ actor: { mbox, name: 'Ada L.' } })]);
      const names = ['Me', 'Ada', 'Ada L.'];
      expect(await person({ mbox, name: 'Me' })).toEqual({ objectType: 'Person', name: names, mbox: [mbox] });
    });

    it('XAPI-00240 XAPI-00241 XAPI-00242 XAPI-00247: of whom nothing else is known by what was asked', async () => {
      const account = { homePage: 'https://school.example', name: randomUUID() };
      const sha1 = createHash('sha1').update(randomUUID()).digest('hex');
      const openid = newIri();
      expect(await person({ account })).toEqual({ objectType: 'Person', account: [account] });
      expect(await person({ mbox_sha1sum: sha1 })).toEqual({ objectType: 'Person', mbox_sha1sum: [sha1] });
      expect(await person({ openid })).toEqual({ objectType: 'Person', openid: [openid] });
    });

    it('XAPI-00243 XAPI-00249: an agent has to be named, and to be one', async () => {
      for (const agent of [
        undefined,
        'x',
        '{}',
        '{"objectType":"Group","mbox":"mailto:a@b.example"}',
        '{"mbox":"x"}',
      ]) {
        expect((await xapi.call('/agents', { query: { agent } })).status).toBe(400);
      }
    });

    it('XAPI-00251 XAPI-00252 XAPI-00253 XAPI-00254: an activity is all that statements have said of it', async () => {
      const id = newIri();
      const get = async (): Promise<unknown> => (await xapi.call('/activities', { query: { activityId: id } })).json();
      expect(await get()).toEqual({ objectType: 'Activity', id });
      const say = (definition: Json) => xapi.post(statement({ object: { id, definition } }));
      await say({
        name: { en: 'golf' },
        type: 'https://school.example/t/old',
        extensions: { 'http://a.example/1': 1 },
      });
      await say({
        name: { de: 'Golf' },
        type: 'https://school.example/t/new',
        extensions: { 'http://a.example/2': 2 },
      });
      await xapi.post(
        statement({
          context: { contextActivities: { parent: { id, definition: { description: { en: 'a game' } } } } },
        }),
      );
      expect(await get()).toEqual({
        objectType: 'Activity',
        id,
        definition: {
          name: { en: 'golf', de: 'Golf' },
          description: { en: 'a game' },
          type: 'https://school.example/t/new',
          extensions: { 'http://a.example/1': 1, 'http://a.example/2': 2 },
        },
      });
    });

    it('XAPI-00250: an activity has to be named, by an IRI', async () => {
      for (const activityId of [undefined, 'x y'])
        expect((await xapi.call('/activities', { query: { activityId } })).status).toBe(400);
    });
  });
});
