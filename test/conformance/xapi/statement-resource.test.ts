import { createHash, randomUUID } from 'node:crypto';
import { versions } from '../../../src/statements/formats.rules';
import { startHub, type TestHub, type TestKey } from '../../support/hub';
import {
  activityOf,
  type Json,
  mixed,
  mixedHeaders,
  newAgent,
  newIri,
  newSigner,
  reference,
  signatureOf,
  signatureUsage,
  type Signer,
  statement,
  voiding,
  xapiApi,
  type XapiApi,
  type XapiRequest,
} from '../../support/xapi';

let hub: TestHub;
let key: TestKey;
beforeAll(async () => {
  hub = await startHub({ env: { XAPI_MAX_BODY_BYTES: '100000' } });
  key = await hub.newKey();
});
afterAll(() => hub.close());

async function countBlobs(content: TestHub['resources']['content']): Promise<number> {
  let count = 0;
  for await (const _ of content.list({ olderThan: new Date(Date.now() + 60_000) })) count += 1;
  return count;
}

const idsOf = ({ statements }: { statements: Json[] }): unknown[] => statements.map(({ id }) => id);
const post = (body: unknown, more: XapiRequest = {}): XapiRequest => ({ method: 'POST', body, ...more });
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,}Z$/;
const consistentThrough = 'X-Experience-API-Consistent-Through';

describe.each(versions)('the statement resource of %s', (version) => {
  let xapi: XapiApi;
  beforeAll(() => (xapi = xapiApi(hub, key, version)));
  const status = async (path: string, request?: XapiRequest): Promise<number> =>
    (await xapi.call(path, request)).status;
  const put = (statementId: string | undefined, body: unknown): Promise<number> =>
    status('/statements', { method: 'PUT', query: { statementId }, body });
  const stored = async (more: Json = {}): Promise<string> => (await xapi.post(statement(more)))[0]!;

  describe('storing', () => {
    it('XAPI-00139 XAPI-00147 XAPI-00146: POST answers the ids of all, in their order', async () => {
      const id = randomUUID();
      const ids = await xapi.post([statement(), statement({ id })]);
      expect(ids).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), id]);
      for (const one of ids) expect((await xapi.find(one))['id']).toBe(one);
    });

    it('XAPI-00143 XAPI-00144: PUT with an id answers 204, and again for the same', async () => {
      const [id, sent] = [randomUUID(), statement()];
      expect([await put(id, sent), await put(id, { ...sent, id })]).toEqual([204, 204]);
      expect(await xapi.find(id)).toMatchObject(sent);
    });

    it('XAPI-00145: PUT without an id, with another one than the statement’s, or of a list is a 400', async () => {
      expect(await put(undefined, statement())).toBe(400);
      expect(await put(randomUUID(), statement({ id: randomUUID() }))).toBe(400);
      expect(await put(randomUUID(), [statement()])).toBe(400);
    });

    it.each(['PUT', 'POST'])(
      'XAPI-00142: another statement of the same id changes nothing, with %s',
      async (method) => {
        const [id, sent] = [randomUUID(), statement()];
        await xapi.post({ ...sent, id });
        const before = await xapi.find(id);
        const other = { ...sent, id, verb: { id: newIri('verb') } };
        const query = method === 'PUT' ? { statementId: id } : {};
        expect(await status('/statements', { method, query, body: other })).toBe(409);
        expect(await xapi.find(id)).toEqual(before);
      },
    );

    it('XAPI-00142: a batch with one id twice is a 400', async () => {
      const id = randomUUID();
      expect(await status('/statements', post([statement({ id }), statement({ id })]))).toBe(400);
    });

    it('the same statement, its words and order aside, is no conflict', async () => {
      const id = randomUUID();
      const sent = statement({ id, actor: { objectType: 'Group', member: [newAgent(), newAgent()] } });
      await xapi.post(sent);
      const { actor, verb, ...rest } = sent as { actor: { member: Json[] }; verb: Json };
      const again = {
        ...rest,
        verb: { id: verb['id'] },
        actor: { objectType: 'Group', member: actor.member.toReversed() },
      };
      expect(await xapi.post(again)).toEqual([id]);
      const verdict = await status('/statements', post({ ...again, result: { success: true } }));
      expect(verdict).toBe(409);
    });

    it('what was answered may be sent again, with the timestamp that the store gave it', async () => {
      const [sent, timestamp] = [statement(), '2026-01-31T12:00:00+02:00'];
      const [untimed, timed] = (await xapi.post([sent, { ...sent, timestamp }])) as [string, string];
      for (const id of [untimed, timed]) {
        for (const format of ['exact', 'canonical'])
          expect(await xapi.post(await xapi.find(id, { format }))).toEqual([id]);
      }
      const again = [
        { ...sent, id: timed },
        { ...sent, id: timed, timestamp: '2026-01-31T10:00:00Z' },
        { ...sent, id: timed, timestamp: '2026-01-31T10:00:00.000001Z' },
      ];
      const answers: number[] = [];
      for (const one of again) answers.push(await status('/statements', post(one)));
      expect(answers).toEqual([200, 200, 409]);
    });

    it('XAPI-00124: what a duration says beyond hundredths of a second is kept, and makes no other statement', async () => {
      const id = randomUUID();
      const sent = statement({ id });
      const lasting = (duration: string): XapiRequest => post({ ...sent, result: { duration } });
      const durations = ['PT36M0.1256S', 'PT36M0.12S', 'PT36M0.13S', 'PT36M0S'];
      const answers: number[] = [];
      for (const duration of durations) answers.push(await status('/statements', lasting(duration)));
      expect(answers).toEqual([200, 200, 409, 409]);
      expect(await xapi.find(id)).toMatchObject({ result: { duration: durations[0] } });
    });

    it('XAPI-00026 XAPI-00097 XAPI-00023 XAPI-00099: id, stored, timestamp and authority are the hub’s', async () => {
      const before = Date.now();
      const id = await stored({ stored: '2011-07-15T00:00:00.000Z', authority: newAgent() });
      const found = await xapi.find(id);
      expect(found['stored']).toMatch(moment);
      expect(Date.parse(found['stored'] as string)).toBeGreaterThanOrEqual(before - 1);
      expect(found['timestamp']).toBe(found['stored']);
      expect(found['authority']).toEqual({
        objectType: 'Agent',
        account: { homePage: hub.url, name: key.applicationId },
      });
    });

    it('XAPI-00122 XAPI-00002: keeps fractions of seconds and numbers as they are', async () => {
      const [timestamp, score] = ['2026-01-31T12:00:00.123456Z', { min: 0.12123434, raw: 12.125, max: 45.45 }];
      expect(await xapi.find(await stored({ timestamp, result: { score } }))).toMatchObject({
        timestamp,
        result: { score },
      });
    });

    it('XAPI-00332 XAPI-00330: a statement keeps its version; without one it gets the request’s', async () => {
      expect((await xapi.find(await stored({ version: '1.0' })))['version']).toBe('1.0');
      expect((await xapi.find(await stored()))['version']).toBe(version === '2.0.0' ? '2.0.0' : '1.0.0');
    });

    it('XAPI-00096: context activities are answered as lists', async () => {
      const parent = activityOf(newIri());
      const context = { contextActivities: { parent } };
      const sent = { context, object: { objectType: 'SubStatement', ...statement({ context }) } };
      const listed = { contextActivities: { parent: [parent] } };
      expect(await xapi.find(await stored(sent))).toMatchObject({ context: listed, object: { context: listed } });
    });

    it('XAPI-00015: text is UTF-8', async () => {
      const name = '学习 ✓ \ud83d\ude00';
      const found = await xapi.find(await stored({ actor: { ...newAgent(), name } }));
      expect(found['actor']).toMatchObject({ name });
    });

    it('XAPI-00021: an object with a member twice is a 400', async () => {
      const text = JSON.stringify(statement());
      for (const twice of [
        text.replace('{"actor"', '{"verb":{"id":"https://school.example/v"},"actor"'),
        text.replace('"name":"Ada"', '"name":"Ada","n\\u0061me":"Eve"'),
      ]) {
        expect(await status('/statements', post(twice))).toBe(400);
      }
      expect(await status('/statements', post(statement({ actor: { ...newAgent(), name: '"name":"a", {' } })))).toBe(
        200,
      );
    });

    it('XAPI-00326 XAPI-00182: of a batch with a wrong one nothing is stored', async () => {
      const id = randomUUID();
      expect(await status('/statements', post([statement({ id }), statement({ verb: { id: 'x' } })]))).toBe(400);
      expect(await status('/statements', { query: { statementId: id } })).toBe(404);
      const taken = await stored();
      expect(await status('/statements', post([statement({ id }), statement({ id: taken })]))).toBe(409);
      expect(await status('/statements', { query: { statementId: id } })).toBe(404);
    });

    it('XAPI-00328: what is too large is a 413, and nothing of it is stored', async () => {
      const id = randomUUID();
      const response = 'x'.repeat(100_000);
      expect(await status('/statements', post(statement({ id, result: { response } })))).toBe(413);
      expect(await status('/statements', { query: { statementId: id } })).toBe(404);
    });

    it('XAPI-00327 XAPI-00334 XAPI-00335: keys by Basic; a wrong one is a 401, one that may not write a 403', async () => {
      const reader = xapiApi(hub, await hub.newKey({ scopes: ['read'] }), version);
      const writer = xapiApi(hub, await hub.newKey({ scopes: ['write'] }), version);
      const stranger = xapiApi(hub, `Basic ${btoa('RobCIsNot:AUserOnThisLRS')}`, version);
      const malformed = xapiApi(hub, `Basic:${btoa(`${key.id}:${key.secret}`)}`, version);
      const answers = await Promise.all(
        [reader, writer, stranger, malformed].map((one) => one.call('/statements', post(statement()))),
      );
      expect(answers.map((answer) => answer.status)).toEqual([403, 200, 401, 401]);
      expect((await writer.call('/statements')).status).toBe(403);
      expect((await reader.call('/statements')).status).toBe(200);
    });

    it('XAPI-00323: what is wrong is answered by the specification’s statuses, in text', async () => {
      const answers = await Promise.all(
        ['{', '', '"x"', '[[]]', '[null]', '5', JSON.stringify(statement()).replace('Ada', '\\u0000')].map((body) =>
          xapi.call('/statements', post(body)),
        ),
      );
      for (const answer of answers) {
        expect(answer.status).toBe(400);
        expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
        expect(await answer.text()).not.toBe('');
      }
    });
  });

  describe('voiding', () => {
    it('XAPI-00018 XAPI-00019 XAPI-00155 XAPI-00157 XAPI-00163: hides a statement but from voidedStatementId', async () => {
      const verb = { id: newIri('verb') };
      const id = await stored({ verb });
      expect(await status('/statements', { query: { voidedStatementId: id } })).toBe(404);
      const [voidingId] = await xapi.post(voiding(id));
      expect(await status('/statements', { query: { statementId: id } })).toBe(404);
      const answer = await xapi.call('/statements', { query: { voidedStatementId: id } });
      expect(await answer.json()).toMatchObject({ id, verb });
      expect(idsOf(await xapi.list({ verb: verb.id }))).toEqual([voidingId]);
    });

    it('XAPI-00016: what voids is not voided', async () => {
      const id = await stored();
      const [voidingId] = await xapi.post(voiding(id));
      await xapi.call('/statements', post(voiding(voidingId!)));
      expect((await xapi.find(voidingId!))['id']).toBe(voidingId);
    });

    it('XAPI-00018: voids what comes after it too', async () => {
      const id = randomUUID();
      await xapi.post(voiding(id));
      await stored({ id });
      expect(await status('/statements', { query: { statementId: id } })).toBe(404);
      expect(await status('/statements', { query: { voidedStatementId: id } })).toBe(200);
    });

    it('XAPI-00162: what refers to a voided statement is listed in its stead', async () => {
      const verb = { id: newIri('verb') };
      const start = new Date().toISOString();
      const id = await stored({ verb });
      const [voidingId] = await xapi.post(voiding(id));
      const [referring] = await xapi.post(statement({ verb, object: reference(id) }));
      const until = new Date(Date.now() + 60_000).toISOString();
      const both = [referring, voidingId];
      expect(idsOf(await xapi.list({ verb: verb.id }))).toEqual(both);
      expect(idsOf(await xapi.list({ verb: verb.id, since: start }))).toEqual(both);
      expect(idsOf(await xapi.list({ verb: verb.id, until }))).toEqual(both);
      expect(idsOf(await xapi.list({ verb: verb.id, limit: '1' }))).toEqual([referring]);
    });
  });

  describe('reading', () => {
    it('XAPI-00156 XAPI-00158 XAPI-00159 XAPI-00165: a statement by its id, dated', async () => {
      const id = await stored();
      const answer = await xapi.call('/statements', { query: { statementId: id.toUpperCase() } });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
      const found = (await answer.json()) as Json;
      expect(found['id']).toBe(id);
      const seconds = (text: unknown) => Math.floor(Date.parse(String(text)) / 1000);
      expect(seconds(answer.headers.get('last-modified'))).toBe(seconds(found['stored']));
    });

    it('XAPI-00154 XAPI-00149 XAPI-00112 XAPI-00110 XAPI-00109: a list, empty where nothing fits, without a further page', async () => {
      expect(await xapi.list({ verb: newIri('verb') })).toEqual({ statements: [], more: '' });
    });

    it.each(['statementId', 'voidedStatementId'])(
      'XAPI-00150 XAPI-00151: %s goes with format and attachments alone',
      async (name) => {
        const id = await stored();
        if (name === 'voidedStatementId') await xapi.post(voiding(id));
        const others = {
          agent: JSON.stringify(newAgent()),
          verb: newIri(),
          activity: newIri(),
          registration: id,
          related_activities: 'true',
          related_agents: 'true',
          since: '2012-06-01T19:09:13.245Z',
          until: '2012-06-01T19:09:13.245Z',
          limit: '1',
          ascending: 'true',
        };
        for (const [other, value] of Object.entries(others)) {
          expect(await status('/statements', { query: { [name]: id, [other]: value } })).toBe(400);
        }
        const both = { statementId: id, voidedStatementId: id };
        expect(await status('/statements', { query: both })).toBe(400);
        for (const more of [{ format: 'ids' }, { attachments: 'true' }, {}]) {
          expect(await status('/statements', { query: { [name]: id, ...more } })).toBe(200);
        }
      },
    );

    it('XAPI-00153 XAPI-00160 XAPI-00152: every answer says through when it knows all, near now', async () => {
      const before = Date.now();
      await stored();
      for (const query of [
        {},
        { limit: '1' },
        { limit: 'x' },
        { statementId: randomUUID() },
        { foo: 'bar' },
      ] as const) {
        const through = (await xapi.call('/statements', { query })).headers.get(consistentThrough);
        expect(through).toMatch(moment);
        expect(Date.parse(through!)).toBeGreaterThan(before - 5000);
      }
      const list = await xapi.call('/statements', { query: { limit: '1' } });
      const { statements } = (await list.json()) as { statements: { stored: string }[] };
      expect(Date.parse(list.headers.get(consistentThrough)!)).toBeGreaterThanOrEqual(
        Date.parse(statements[0]!.stored) - 1,
      );
      for (const path of ['/about', '/agents', '/activities', '/activities/state']) {
        expect((await xapi.call(path)).headers.get(consistentThrough)).toMatch(moment);
      }
    });

    it('XAPI-00181 XAPI-00176: by agent: actor, object and members; with related_agents all who have to do with it', async () => {
      const ada = newAgent();
      const other = statement();
      const direct = await xapi.post([
        statement({ actor: ada }),
        statement({ object: ada }),
        statement({ actor: { objectType: 'Group', mbox: 'mailto:all@school.example', member: [newAgent(), ada] } }),
      ]);
      const related = await xapi.post([
        statement({ context: { instructor: ada } }),
        statement({ context: { team: { objectType: 'Group', member: [ada] } } }),
        statement({ object: { objectType: 'SubStatement', ...other, actor: ada } }),
        statement({ object: { objectType: 'SubStatement', ...other, context: { instructor: ada } } }),
        ...(version === '2.0.0'
          ? [statement({ context: { contextAgents: [{ objectType: 'contextAgent', agent: ada }] } })]
          : []),
      ]);
      const agent = JSON.stringify({ mbox: ada['mbox'] });
      expect(idsOf(await xapi.list({ agent }))).toEqual(direct.toReversed());
      const all = [...direct, ...related].toReversed();
      expect(idsOf(await xapi.list({ agent, related_agents: 'true' }))).toEqual(all);
      expect(idsOf(await xapi.list({ agent, related_agents: 'false' }))).toEqual(direct.toReversed());
      // As Python's client writes it.
      expect(idsOf(await xapi.list({ agent, related_agents: 'True' }))).toEqual(all);
    });

    it('XAPI-00176: by authority', async () => {
      const verb = { id: newIri('verb') };
      const id = await stored({ verb });
      const agent = JSON.stringify({ account: { homePage: hub.url, name: key.applicationId } });
      expect(idsOf(await xapi.list({ agent, verb: verb.id, related_agents: 'true' }))).toEqual([id]);
      expect(idsOf(await xapi.list({ agent, verb: verb.id }))).toEqual([]);
    });

    it.each([
      ['mbox', { mbox: `mailto:${randomUUID()}@school.example` }],
      ['mbox_sha1sum', { mbox_sha1sum: createHash('sha1').update(randomUUID()).digest('hex') }],
      ['openid', { openid: newIri('openid') }],
      ['account', { account: { homePage: 'https://school.example', name: randomUUID() } }],
    ])('XAPI-00181: by an agent’s %s', async (_, actor) => {
      const id = await stored({ actor });
      expect(idsOf(await xapi.list({ agent: JSON.stringify({ ...actor, name: 'someone' }) }))).toEqual([id]);
      expect(idsOf(await xapi.list({ agent: JSON.stringify({ objectType: 'Group', ...actor }) }))).toEqual([id]);
    });

    it('XAPI-00180: by verb', async () => {
      const verb = { id: newIri('verb') };
      const id = await stored({ verb });
      expect(idsOf(await xapi.list({ verb: verb.id }))).toEqual([id]);
    });

    it('XAPI-00179 XAPI-00177: by activity; with related_activities those of context and SubStatement too', async () => {
      const one = activityOf(newIri());
      const direct = await stored({ object: one });
      const context = { contextActivities: { category: [one] } };
      const related = await xapi.post([
        statement({ context }),
        statement({ object: { objectType: 'SubStatement', ...statement({ object: one }) } }),
        statement({ object: { objectType: 'SubStatement', ...statement({ context }) } }),
      ]);
      const activity = one['id'] as string;
      expect(idsOf(await xapi.list({ activity }))).toEqual([direct]);
      expect(idsOf(await xapi.list({ activity, related_activities: 'true' }))).toEqual(
        [direct, ...related].toReversed(),
      );
    });

    it('XAPI-00178: by registration, in whatever case', async () => {
      const registration = randomUUID();
      const id = await stored({ context: { registration: registration.toUpperCase() } });
      expect(idsOf(await xapi.list({ registration }))).toEqual([id]);
    });

    it('XAPI-00175 XAPI-00174: since leaves out what was stored then, until does not', async () => {
      const verb = { id: newIri('verb') };
      const ids = await xapi.post([statement({ verb }), statement({ verb }), statement({ verb })]);
      const middle = (await xapi.find(ids[1]!))['stored'] as string;
      expect(idsOf(await xapi.list({ verb: verb.id, since: middle }))).toEqual([ids[2]]);
      expect(idsOf(await xapi.list({ verb: verb.id, until: middle }))).toEqual([ids[1], ids[0]]);
    });

    it('XAPI-00164: what is asked together has to be true of one statement', async () => {
      const [ada, verb, object, registration] = [
        newAgent(),
        { id: newIri('verb') },
        activityOf(newIri()),
        randomUUID(),
      ];
      const context = { registration, contextActivities: { parent: [object] } };
      const id = await stored({ actor: ada, verb, object, context });
      await xapi.post([
        statement({ actor: ada, verb }),
        statement({ verb, object }),
        statement({ actor: ada, object }),
      ]);
      const agent = JSON.stringify(ada);
      const activity = object['id'] as string;
      expect(idsOf(await xapi.list({ agent, verb: verb.id, activity }))).toEqual([id]);
      expect(
        idsOf(await xapi.list({ agent, verb: verb.id, activity, related_activities: 'true', related_agents: 'true' })),
      ).toEqual([id]);
      expect(idsOf(await xapi.list({ agent, registration }))).toEqual([id]);
      expect(idsOf(await xapi.list({ activity, registration, verb: newIri('verb') }))).toEqual([]);
    });

    it('XAPI-00164: a reference is found by what it refers to, by way of others too, whichever came first', async () => {
      const [ada, verb, late] = [newAgent(), { id: newIri('verb') }, randomUUID()];
      const [early] = await xapi.post(statement({ object: reference(late) }));
      const [second] = await xapi.post(statement({ object: reference(early!) }));
      await stored({ id: late, actor: ada, verb, context: { instructor: newAgent() } });
      const [third] = await xapi.post(statement({ object: reference(second!) }));
      const agent = JSON.stringify(ada);
      const all = [third, late, second, early];
      for (const query of [{ agent }, { verb: verb.id }, { agent, verb: verb.id }, { agent, related_agents: 'true' }]) {
        expect(idsOf(await xapi.list(query))).toEqual(all);
      }
      const other = (await xapi.find(early!))['actor'];
      expect(idsOf(await xapi.list({ agent: JSON.stringify(other), verb: verb.id }))).toEqual([]);
    });

    it('XAPI-00173 XAPI-00108 XAPI-00111 XAPI-00113 XAPI-00114: pages of a limit, each with where the next one is', async () => {
      const verb = { id: newIri('verb') };
      const ids = (await xapi.post(Array.from({ length: 5 }, () => statement({ verb })))).toReversed();
      const seen: unknown[] = [];
      let page = await xapi.list({ verb: verb.id, limit: '2' });
      expect(Object.keys(page)).toEqual(['statements', 'more']);
      for (;;) {
        expect(page.statements.length).toBeLessThanOrEqual(2);
        seen.push(...idsOf(page));
        if (page.more === '') break;
        const answer = await hub.fetch(page.more, { key, headers: { 'x-experience-api-version': version } });
        page = (await answer.json()) as typeof page;
      }
      expect(seen).toEqual(ids);
      expect(idsOf(await xapi.list({ verb: verb.id, limit: '0' }))).toEqual(ids);
    });

    it('XAPI-00166: ascending, page by page', async () => {
      const verb = { id: newIri('verb') };
      const ids = await xapi.post([statement({ verb }), statement({ verb }), statement({ verb })]);
      const first = await xapi.list({ verb: verb.id, ascending: 'true', limit: '2' });
      const rest = await hub.fetch(first.more, { key, headers: { 'x-experience-api-version': version } });
      expect([...idsOf(first), ...idsOf((await rest.json()) as typeof first)]).toEqual(ids);
    });

    it('XAPI-00012 XAPI-00324 XAPI-00325: parameters are judged like members; unknown ones, and ones in another case, are a 400', async () => {
      const wrong = {
        agent: [
          'x',
          'true',
          '{"mbox":"x"}',
          '{"objectType":"Group","member":[{"mbox":"mailto:a@b.example"}]}',
          '{"mbox":"mailto:a@b.example","name":"\\u0000"}',
        ],
        verb: ['x'],
        activity: ['x y'],
        registration: ['x'],
        statementId: ['x'],
        voidedStatementId: ['x'],
        since: ['x', '01/011/2015'],
        until: ['x'],
        limit: ['x', '-1', '1.5'],
        format: ['Exact', 'x'],
        related_agents: ['yes'],
        related_activities: ['1'],
        attachments: ['x'],
        ascending: ['x'],
        more: ['x', btoa('{"parameters":{"more":"x"},"position":1}')],
        foo: ['bar'],
        StatementId: [randomUUID()],
        Verb: [newIri()],
        Limit: ['1'],
      };
      for (const [name, values] of Object.entries(wrong)) {
        for (const value of values)
          expect([name, value, await status('/statements', { query: { [name]: value } })]).toEqual([name, value, 400]);
      }
      expect(
        await status('/statements', { method: 'PUT', query: { StatementId: randomUUID() }, body: statement() }),
      ).toBe(400);
      expect(await status('/statements', post(statement(), { query: { statementId: randomUUID() } }))).toBe(400);
      expect(await status(`/statements?limit=1&limit=2`)).toBe(400);
    });

    it('XAPI-00125 XAPI-00126: HEAD is GET without a body', async () => {
      const id = await stored();
      for (const [path, query] of [
        ['/statements', { statementId: id }],
        ['/about', {}],
        ['/activities', { activityId: newIri() }],
        ['/agents', { agent: JSON.stringify(newAgent()) }],
      ] as const) {
        const [get, head] = [await xapi.call(path, { query }), await xapi.call(path, { method: 'HEAD', query })];
        expect([head.status, await head.text()]).toEqual([200, '']);
        for (const name of ['content-type', 'content-length', 'last-modified', 'x-experience-api-version']) {
          expect([name, head.headers.get(name)]).toEqual([name, get.headers.get(name)]);
        }
      }
      expect(await status('/statements', { method: 'HEAD', query: { statementId: randomUUID() } })).toBe(404);
    });

    it('another application’s statement is a 404, and in no list', async () => {
      const verb = { id: newIri('verb') };
      const id = await stored({ verb });
      const other = xapiApi(hub, await hub.newKey(), version);
      expect((await other.call('/statements', { query: { statementId: id } })).status).toBe(404);
      expect(await other.list({ verb: verb.id })).toEqual({ statements: [], more: '' });
      await other.post(statement({ id, verb }));
      await other.post(voiding(id));
      expect((await xapi.find(id))['id']).toBe(id);
    });
  });

  describe('formats', () => {
    const definition = {
      name: { 'en-US': 'color', 'en-GB': 'colour', de: 'Farbe' },
      description: { 'en-US': 'a color', 'en-GB': 'a colour' },
      type: 'https://school.example/types/question',
      interactionType: 'choice',
      choices: [{ id: 'r', description: { 'en-US': 'red', 'en-GB': 'redd' } }],
      extensions: { 'https://school.example/e': { en: 'x', de: 'y' } },
    };
    const sent = (): Json => {
      const object = activityOf(newIri(), { definition });
      const inner = statement({
        actor: { objectType: 'Group', name: 'all', member: [newAgent(), newAgent()] },
        object,
      });
      return statement({
        object: { objectType: 'SubStatement', ...inner },
        context: { contextActivities: { category: [object] }, instructor: newAgent() },
      });
    };

    it('XAPI-00168 XAPI-00170: exact is what was sent, and the default', async () => {
      const one = sent();
      const id = await stored(one);
      expect(await xapi.find(id)).toMatchObject(one);
      expect(await xapi.find(id, { format: 'exact' }, { 'accept-language': 'de' })).toEqual(await xapi.find(id));
    });

    it('XAPI-00171: ids has nothing but identifiers', async () => {
      const one = sent() as {
        actor: Json;
        verb: Json;
        object: { actor: { member: Json[] }; verb: Json; object: Json };
        context: { instructor: Json };
      };
      const found = await xapi.find(await stored(one), { format: 'ids' });
      const bare = ({ mbox, objectType }: Json) => ({ objectType, mbox });
      expect(found).toMatchObject({ actor: bare(one.actor), verb: { id: one.verb['id'] } });
      expect(found['actor']).toEqual(bare(one.actor));
      expect(found['verb']).toEqual({ id: one.verb['id'] });
      const object = found['object'] as Json;
      expect(object['object']).toEqual({ id: one.object.object['id'] });
      expect(object['verb']).toEqual({ id: one.object.verb['id'] });
      expect(object['actor']).toEqual({ objectType: 'Group', member: one.object.actor.member.map(bare) });
      expect(found['context']).toEqual({
        contextActivities: { category: [{ id: one.object.object['id'] }] },
        instructor: bare(one.context.instructor),
      });
    });

    it.each([
      ['en-GB', 'colour', 'finished'],
      ['de, en;q=0.5', 'Farbe', 'beendete'],
      ['fr, en-GB;q=0.8, de;q=0.9', 'Farbe', 'beendete'],
      ['en-GB-oxendict', 'colour', 'finished'],
      ['fr', 'color', 'finished'],
    ])('XAPI-00169 XAPI-00172: canonical for %s is in one language', async (accepted, name, verb) => {
      const one = sent() as { object: { object: Json } };
      const found = await xapi.find(await stored(one), { format: 'canonical' }, { 'accept-language': accepted });
      const only = (map: unknown) => Object.values(map as Json);
      expect(only((found['verb'] as Json)['display'])).toEqual([verb]);
      const object = (found['object'] as Json)['object'] as { definition: typeof definition };
      expect(only(object.definition.name)).toEqual([name]);
      expect(only(object.definition.choices[0]!.description)).toHaveLength(1);
      expect(object.definition).toMatchObject({ type: definition.type, extensions: definition.extensions });
      const [category] = (found['context'] as { contextActivities: { category: Json[] } }).contextActivities.category;
      expect(only((category!['definition'] as Json)['name'])).toEqual([name]);
    });

    it('XAPI-00048: a definition that says nothing is kept, and nothing is known by it', async () => {
      const object = activityOf(newIri(), { definition: {} });
      const id = await stored({ object });
      expect((await xapi.find(id))['object']).toEqual(object);
      expect((await xapi.find(id, { format: 'canonical' }))['object']).toEqual(object);
      const answer = await xapi.call('/activities', { query: { activityId: object['id'] as string } });
      expect(await answer.json()).toEqual({ objectType: 'Activity', id: object['id'] });
    });

    it('XAPI-00254 XAPI-00169: canonical is what all statements have said of an activity', async () => {
      const id = newIri();
      await stored({
        object: activityOf(id, { definition: { name: { en: 'golf' }, type: 'https://school.example/t' } }),
      });
      const second = await stored({ object: activityOf(id) });
      const found = await xapi.find(second, { format: 'canonical' });
      expect(found['object']).toMatchObject({ definition: { name: { en: 'golf' }, type: 'https://school.example/t' } });
      expect((await xapi.find(second))['object']).toEqual(activityOf(id));
    });
  });
});

describe('versions', () => {
  it('XAPI-00331 XAPI-00321 XAPI-00333: a request names one that is spoken, and the answer its newest', async () => {
    const xapi = xapiApi(hub, key);
    const answers = [
      '1.0',
      '1.0.0',
      '1.0.3',
      '1.0.9',
      '2.0',
      '2.0.0',
      '2.0.7',
      '',
      '0.95',
      '1.1',
      '1.1.0',
      '2.1.0',
      'x',
    ].map(async (named) => {
      const answer = await xapi.call('/statements', { headers: { 'x-experience-api-version': named } });
      return [named, answer.status, answer.headers.get('x-experience-api-version')];
    });
    expect(await Promise.all(answers)).toEqual([
      ...['1.0', '1.0.0', '1.0.3', '1.0.9'].map((named) => [named, 200, '1.0.3']),
      ...['2.0', '2.0.0', '2.0.7'].map((named) => [named, 200, '2.0.0']),
      ...['', '0.95', '1.1', '1.1.0', '2.1.0', 'x'].map((named) => [named, 400, '2.0.0']),
    ]);
    for (const path of ['/activities', '/activities/profile', '/activities/state', '/agents', '/agents/profile']) {
      expect((await xapi.call(path, { headers: { 'x-experience-api-version': '' } })).status).toBe(400);
    }
  });

  it('XAPI-00315 XAPI-00316 XAPI-00317 XAPI-00318 XAPI-00319: about says which, to anybody, without being asked in one', async () => {
    for (const named of ['', '1.0.3', '2.0.0', '0.9']) {
      for (const headers of [{}, { authorization: key.basic }, { authorization: 'Basic Zm9vOmJhcg==' }]) {
        const given = named === '' ? headers : { ...headers, 'x-experience-api-version': named };
        const answer = await hub.fetch('/xapi/about', { headers: given });
        expect([answer.status, await answer.json()]).toEqual([200, { version: ['1.0.3', '2.0.0'] }]);
        expect(answer.headers.get(consistentThrough)).toMatch(moment);
      }
    }
    expect((await hub.fetch('/xapi/about', { method: 'HEAD' })).status).toBe(200);
    expect((await hub.fetch('/xapi/about?foo=bar')).status).toBe(400);
  });

  it('XAPI-00316 XAPI-00317 XAPI-00321 XAPI-00331: where the newest is set to be 1.0.3, 2.0 is not spoken', async () => {
    const older = await startHub({ env: { XAPI_NEWEST_VERSION: '1.0.3' } });
    try {
      const xapi = xapiApi(older, await older.newKey());
      expect(await (await older.fetch('/xapi/about')).json()).toEqual({ version: ['1.0.3'] });
      for (const [named, expected] of Object.entries({ '': 400, '1.0': 200, '1.0.9': 200, '2.0.0': 400 })) {
        const answer = await xapi.call('/statements', { headers: { 'x-experience-api-version': named } });
        expect([named, answer.status, answer.headers.get('x-experience-api-version')]).toEqual([
          named,
          expected,
          '1.0.3',
        ]);
        expect(await answer.text()).not.toContain('2.0.0');
      }
    } finally {
      await older.close();
    }
  });

  it('a reader of 1.0.3 gets a statement of 2.0 without what is new in that', async () => {
    const [second, first] = [xapiApi(hub, key, '2.0.0'), xapiApi(hub, key)];
    const contextAgents = [{ objectType: 'contextAgent', agent: newAgent() }];
    const [id] = await second.post(statement({ context: { contextAgents, language: 'en' } }));
    expect((await second.find(id!))['context']).toEqual({ contextAgents, language: 'en' });
    expect(await first.find(id!)).toMatchObject({ version: '1.0.0', context: { language: 'en' } });
    expect((await first.find(id!))['context']).not.toHaveProperty('contextAgents');
  });

  it('XAPI-00324: a method that a resource does not have is a 405, whoever asks', async () => {
    const headers = { 'x-experience-api-version': '1.0.1' };
    for (const [method, path] of [
      ['DELETE', '/statements'],
      ['DELETE', '/activities'],
      ['POST', '/activities'],
      ['PUT', '/activities'],
      ['DELETE', '/agents'],
      ['POST', '/agents'],
      ['PUT', '/agents'],
    ] as const) {
      expect((await hub.fetch(`/xapi${path}`, { method, headers })).status).toBe(405);
    }
  });

  it('answers a browser’s question before a request of another origin', async () => {
    const answer = await hub.fetch('/xapi/statements', {
      method: 'OPTIONS',
      headers: { origin: 'https://course.example', 'access-control-request-method': 'PUT' },
    });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    expect(answer.headers.get('access-control-allow-headers')).toContain('X-Experience-API-Version');
  });
});

describe('the alternate request syntax', () => {
  const send = (
    version: '1.0.3' | '2.0.0',
    query: Record<string, string>,
    form: Record<string, string> | string,
    more: XapiRequest = {},
  ) =>
    xapiApi(hub, key, version).call('/statements', {
      method: 'POST',
      query,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...more.headers },
      body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
      ...(more.method === undefined ? {} : { method: more.method }),
    });

  it('XAPI-00336 XAPI-00148: a GET in a POST', async () => {
    const [id] = await xapiApi(hub, key).post(statement());
    const answer = await send('1.0.3', { method: 'GET' }, { statementId: id! });
    expect([answer.status, ((await answer.json()) as Json)['id']]).toEqual([200, id]);
    const list = await send('1.0.3', { method: 'GET' }, { limit: '1' });
    expect(await list.json()).toEqual({ statements: [expect.any(Object)], more: expect.any(String) as string });
  });

  it('XAPI-00336 XAPI-00126: a HEAD in a POST is answered in full, without a body', async () => {
    const [id] = await xapiApi(hub, key).post(statement());
    for (const form of [{ statementId: id! }, { limit: '1' }, { statementId: id!, attachments: 'true' }] as const) {
      const answer = await send('1.0.3', { method: 'HEAD' }, form);
      expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, '0', '']);
      expect(answer.headers.get('last-modified')).not.toBeNull();
    }
    expect((await send('1.0.3', { method: 'HEAD' }, { statementId: randomUUID() })).status).toBe(404);
  });

  it('XAPI-00336: a PUT in a POST, with its headers in the form', async () => {
    const statementId = randomUUID();
    const form = {
      statementId,
      content: JSON.stringify(statement()),
      'X-Experience-API-Version': '1.0.3',
      Authorization: key.basic,
    };
    const answer = await hub.fetch('/xapi/statements?method=PUT', { method: 'POST', body: new URLSearchParams(form) });
    expect([answer.status, answer.headers.get('x-experience-api-version')]).toEqual([204, '1.0.3']);
    expect((await xapiApi(hub, key).find(statementId))['id']).toBe(statementId);
  });

  it('XAPI-00336: documents by it, with a precondition', async () => {
    const query = { activityId: newIri(), profileId: 'p' };
    const put = (more: Json) =>
      xapiApi(hub, key).call('/activities/profile', {
        method: 'POST',
        query: { method: 'PUT' },
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ ...query, ...more } as Record<string, string>).toString(),
      });
    expect((await put({ content: 'hello', 'Content-Type': 'text/plain', 'If-None-Match': '*' })).status).toBe(204);
    expect((await put({ content: 'again', 'If-Match': '"x"' })).status).toBe(412);
    const answer = await xapiApi(hub, key).call('/activities/profile', { query });
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual(['text/plain', 'hello']);
  });

  it('XAPI-00336: what is not as it should be is a 400', async () => {
    const content = JSON.stringify(statement());
    const statementId = randomUUID();
    const answers = await Promise.all([
      send('1.0.3', { method: 'PUT', statementId }, { statementId, content }),
      send('1.0.3', { method: 'PUT' }, { statementId }),
      send('1.0.3', { method: 'PUT' }, JSON.stringify({ statementId, content })),
      send('1.0.3', { method: 'PUT' }, { statementId, content, 'X-Experience-API-Version': '0.8' }),
      send('1.0.3', { method: 'POST' }, { content }, { method: 'PUT' }),
      send('1.0.3', { method: 'CONNECT' }, { content }),
      send('1.0.3', { method: 'PUT' }, content, { headers: { 'content-type': 'application/json' } }),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([400, 400, 400, 400, 400, 400, 400]);
  });

  it('is not there in 2.0', async () => {
    const answers = await Promise.all([
      send('2.0.0', { method: 'GET' }, { limit: '1' }),
      send('2.0.0', { method: 'PUT' }, { statementId: randomUUID(), content: JSON.stringify(statement()) }),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([400, 400]);
  });
});

describe.each(versions)('attachments of %s', (version) => {
  let xapi: XapiApi;
  beforeAll(() => (xapi = xapiApi(hub, key, version)));
  const sha2Of = (content: string | Buffer, algorithm = 'sha256'): string =>
    createHash(algorithm).update(content).digest('hex');
  const attach = (content: string | Buffer, more: Json = {}): Json => ({
    usageType: 'https://school.example/usage/essay',
    display: { en: 'essay' },
    contentType: 'text/plain',
    length: Buffer.byteLength(content),
    sha2: sha2Of(content),
    ...more,
  });
  const head = (body: unknown) => ({ headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const partOf = (content: string | Buffer, headers: Record<string, string> = {}) => ({
    headers: {
      'Content-Type': 'text/plain',
      'Content-Transfer-Encoding': 'binary',
      'X-Experience-API-Hash': sha2Of(content),
      ...headers,
    },
    body: content,
  });
  const send = async (body: Buffer | string, headers: Record<string, string> = mixedHeaders): Promise<number> =>
    (await xapi.call('/statements', post(body, { headers }))).status;
  const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));

  it('XAPI-00167 XAPI-00161: come with statements and are answered with attachments=true, and not without', async () => {
    const id = randomUUID();
    const one = statement({ id, attachments: [attach('first'), attach(bytes, { contentType: 'image/png' })] });
    expect(await send(mixed([head(one), partOf('first'), partOf(bytes)]))).toBe(200);
    const answer = await xapi.call('/statements', { query: { statementId: id, attachments: 'true' } });
    const [, boundary] = /^multipart\/mixed; boundary=(.+)$/.exec(answer.headers.get('content-type') ?? '') ?? [];
    const parts = Buffer.from(await answer.arrayBuffer())
      .toString('latin1')
      .split(`--${boundary}`)
      .slice(1, -1);
    expect(JSON.parse(parts[0]!.split('\r\n\r\n')[1]!)).toMatchObject({ id });
    const contents = parts.slice(1).map((part) => {
      const end = part.indexOf('\r\n\r\n');
      return {
        hash: /X-Experience-API-Hash: (\w+)/.exec(part)?.[1],
        type: /Content-Type: (.+)\r/.exec(part)?.[1],
        content: part.slice(end + 4, -2),
      };
    });
    expect(contents).toHaveLength(2);
    expect(contents).toContainEqual({ hash: sha2Of('first'), type: 'text/plain', content: 'first' });
    expect(contents).toContainEqual({ hash: sha2Of(bytes), type: 'image/png', content: bytes.toString('latin1') });
    const plain = await xapi.call('/statements', { query: { statementId: id, attachments: 'false' } });
    expect([plain.headers.get('content-type'), ((await plain.json()) as Json)['id']]).toEqual(['application/json', id]);
    const list = await xapi.call('/statements', { query: { attachments: 'true', limit: '1' } });
    expect(list.headers.get('content-type')).toMatch(/^multipart\/mixed/);
  });

  it('come from clients that leave out the line break after one that another follows', async () => {
    const attachments = [attach('first'), attach(bytes), attach('third')];
    const body = mixed([head(statement({ attachments })), partOf('first'), partOf(bytes), partOf('third')]);
    const [statements = '', ...contents] = body.toString('latin1').split('\r\n--');
    const joined = [statements, contents.slice(0, 3).join('--'), ...contents.slice(3)].join('\r\n--');
    expect(joined).toContain('first--');
    expect(joined).toContain('\r\n--');
    expect(await send(Buffer.from(joined, 'latin1'))).toBe(200);
  });

  it('XAPI-00127: go as JSON where they are elsewhere, and as multipart/mixed either way', async () => {
    const elsewhere = statement({ attachments: [attach('x', { fileUrl: 'https://school.example/x' })] });
    const json = { 'content-type': 'application/json; charset=utf-8' };
    expect(await send(JSON.stringify(elsewhere), json)).toBe(200);
    expect(await send(mixed([head(elsewhere)]))).toBe(200);
    expect(await send(mixed([head(statement())]))).toBe(200);
    expect(
      await send(
        mixed([
          head([statement({ attachments: [attach('y')] }), statement({ attachments: [attach('y')] })]),
          partOf('y'),
        ]),
      ),
    ).toBe(200);
    for (const type of [
      'multipart/form-data; boundary=a-boundary',
      'text/plain',
      'application/x-www-form-urlencoded',
    ]) {
      expect(await send(JSON.stringify(elsewhere), { 'content-type': type })).toBe(400);
      expect(
        await send(mixed([head(statement({ attachments: [attach('z')] })), partOf('z')]), { 'content-type': type }),
      ).toBe(400);
    }
  });

  it('XAPI-00128: may come once for each statement that has them, and are kept once', async () => {
    const { content } = hub.resources;
    const unique = randomUUID();
    const before = await countBlobs(content);
    const both = head([statement({ attachments: [attach(unique)] }), statement({ attachments: [attach(unique)] })]);
    expect(await send(mixed([both, partOf(unique), partOf(unique)]))).toBe(200);
    expect(await countBlobs(content)).toBe(before + 1);
  });

  it.each(['sha224', 'sha384', 'sha512'])('are named by %s as well', async (algorithm) => {
    const content = randomUUID();
    const sha2 = sha2Of(content, algorithm);
    const body = mixed([
      head(statement({ attachments: [attach(content, { sha2 })] })),
      partOf(content, { 'X-Experience-API-Hash': sha2 }),
    ]);
    expect(await send(body)).toBe(200);
  });

  const withFirst = () => statement({ attachments: [attach('first')] });
  const line = '\r\n';
  const wrong: [what: string, body: () => Buffer | string, headers?: Record<string, string>][] = [
    ['XAPI-00128: a part that no statement names', () => mixed([head(withFirst()), partOf('first'), partOf('second')])],
    [
      'XAPI-00128: a part more often than statements name it',
      () => mixed([head(withFirst()), partOf('first'), partOf('first')]),
    ],
    [
      'XAPI-00132: a part twice, the second with other content',
      () =>
        mixed([
          head([withFirst(), withFirst()]),
          partOf('first'),
          partOf('other', { 'X-Experience-API-Hash': sha2Of('first') }),
        ]),
    ],
    [
      'XAPI-00129: an attachment without a part',
      () => mixed([head(statement({ attachments: [attach('first'), attach('second')] })), partOf('first')]),
    ],
    ['XAPI-00129: an attachment in JSON', () => JSON.stringify(withFirst()), { 'content-type': 'application/json' }],
    [
      'XAPI-00130: no boundary before a part',
      () =>
        mixed([
          { ...head(withFirst()), body: `${head(withFirst()).body}${line}Content-Type: text/plain${line}${line}first` },
        ]),
    ],
    [
      'XAPI-00130 XAPI-00131: no boundary in the header',
      () => mixed([head(withFirst()), partOf('first')]),
      { 'content-type': 'multipart/mixed;' },
    ],
    ['XAPI-00131: no boundary in the body', () => JSON.stringify(withFirst())],
    [
      'XAPI-00131: no boundary before the first part',
      () =>
        `Content-Type: application/json${line}${line}${JSON.stringify(withFirst())}${line}${mixed([partOf('first')]).toString()}`,
    ],
    [
      'XAPI-00132: a part without a hash',
      () => mixed([head(withFirst()), { headers: { 'Content-Transfer-Encoding': 'binary' }, body: 'first' }]),
    ],
    [
      'XAPI-00132: a part with another hash',
      () => mixed([head(withFirst()), partOf('first', { 'X-Experience-API-Hash': sha2Of('other') })]),
    ],
    [
      'XAPI-00132: a part with other content',
      () => mixed([head(withFirst()), partOf('other', { 'X-Experience-API-Hash': sha2Of('first') })]),
    ],
    ['XAPI-00133: statements in two parts', () => mixed([head(withFirst()), head(withFirst()), partOf('first')])],
    [
      'XAPI-00134: a first part that is not JSON',
      () => mixed([{ ...head(withFirst()), headers: { 'Content-Type': 'text/plain' } }, partOf('first')]),
    ],
    [
      'XAPI-00135: another transfer encoding',
      () => mixed([head(withFirst()), partOf('first', { 'Content-Transfer-Encoding': 'base64' })]),
    ],
    [
      'XAPI-00135: no transfer encoding',
      () => mixed([head(withFirst()), { headers: { 'X-Experience-API-Hash': sha2Of('first') }, body: 'first' }]),
    ],
    ['a body that breaks off', () => mixed([head(withFirst()), partOf('first')]).subarray(0, -20)],
    ['no part at all', () => mixed([])],
    ['nothing', () => ' '],
  ];
  it.each(wrong)('%s is a 400, and leaves nothing behind', async (...[, body, headers]) => {
    const { db, content } = hub.resources;
    const count = async () => Number((await db('blobs').count({ n: '*' }))[0]!['n']);
    const kept = () => countBlobs(content);
    const before = [await count(), await kept()];
    expect(await send(body(), headers)).toBe(400);
    expect([await count(), await kept()]).toEqual(before);
  });

  describe('signatures', () => {
    let signer: Signer;
    beforeAll(async () => {
      signer = await newSigner();
    });
    const sendSigned = (one: Json, jws: Buffer, more: Json = {}): Promise<number> => {
      const octets = { contentType: 'application/octet-stream', usageType: signatureUsage };
      const attachments = [attach(jws, { ...octets, ...more })];
      const part = partOf(jws, { 'Content-Type': 'application/octet-stream' });
      return send(mixed([head({ ...one, attachments }), part]));
    };

    it('XAPI-00115 XAPI-00116 XAPI-00117: are verified and kept', async () => {
      const sent = statement({ id: randomUUID() });
      expect(await sendSigned(sent, signatureOf(sent, signer))).toBe(200);
      const answer = await xapi.call('/statements', {
        query: { statementId: sent['id'] as string, attachments: 'true' },
      });
      expect(await answer.text()).toContain(signatureOf(sent, signer).toString());
    });

    it('XAPI-00115 XAPI-00116 XAPI-00117: are refused where they are not as they should be', async () => {
      const sent = statement();
      expect(await sendSigned(sent, signatureOf(sent, signer), { contentType: 'text/plain' })).toBe(400);
      expect(await sendSigned(sent, signatureOf(sent, signer, 'RS256', { alg: 'HS256' }))).toBe(400);
      expect(await sendSigned(sent, signatureOf('{', signer))).toBe(400);
      expect(await sendSigned(sent, signatureOf(statement(), signer))).toBe(400);
      const elsewhere = { usageType: signatureUsage, contentType: 'application/octet-stream', fileUrl: newIri() };
      expect(
        await send(JSON.stringify({ ...sent, attachments: [attach('x', elsewhere)] }), {
          'content-type': 'application/json',
        }),
      ).toBe(400);
    });
  });

  it('a refused statement’s attachment is not kept', async () => {
    const { content } = hub.resources;
    const kept = () => countBlobs(content);
    const [id] = await xapi.post(statement());
    const before = await kept();
    const unique = randomUUID();
    expect(await send(mixed([head(statement({ id, attachments: [attach(unique)] })), partOf(unique)]))).toBe(409);
    expect(await kept()).toBe(before);
  });
});
