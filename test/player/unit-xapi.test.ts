import { createHash, randomUUID } from 'node:crypto';
import { version as uuidVersion } from 'uuid';
import { finishLaunch } from '../../src/player/finish-launch';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { importCourse } from '../support/player';
import { type CallCourseApi, courseApi } from '../support/scorm-cloud';
import { golf, openLaunchOf, type OpenedUnit, openUnitOf, tincanCourse, verb } from '../support/unit-xapi';
import { type Json, mixed, mixedHeaders, newAgent, reference, xapiApi } from '../support/xapi';

let hub: TestHub;
let key: TestKey;
let call: CallCourseApi;

beforeAll(async () => {
  hub = await startHub({ env: { XAPI_MAX_BODY_BYTES: '65536', XAPI_MAX_DOCUMENT_BYTES: '65536' } });
  key = await hub.newKey();
  call = courseApi(hub, key);
  await importCourse(hub, call, 'golf', tincanCourse());
});
afterAll(() => hub.close());

const open = async (request: object = {}): Promise<OpenedUnit> =>
  openUnitOf(await openLaunchOf(call, 'golf', request), golf);
/** What the application itself finds of a registration, without the statement of its launch. */
const stored = async ({ registration }: OpenedUnit): Promise<Json[]> => {
  const { statements } = await xapiApi(hub, key).list({ registration, ascending: 'true' });
  return statements.filter((one) => (one['verb'] as Json)['id'] !== verb('launched')['id']);
};
const resultOf = async ({ registration: id }: OpenedUnit) =>
  (await hub.resources.db('registrations').where({ id }).first())!;
const activityOf = ({ registration }: OpenedUnit) =>
  hub.resources.db('registration_activities').where({ registration_id: registration }).first();
const launchOf = async ({ registration }: OpenedUnit) =>
  (await hub.resources.db('launches').where({ registration_id: registration }).first())!;
const unitsOf = ({ registration }: OpenedUnit) =>
  hub.resources.db('unit_sessions').where({ registration_id: registration }).orderBy('opened_at');
const statusOf = async (answer: Promise<Response>): Promise<number> => (await answer).status;
const leave = async ({ session }: OpenedUnit): Promise<void> => {
  const commit = { opening: 1, number: 1, current: null, leaves: true };
  expect(await statusOf(fetch(`${session}commit`, { method: 'POST', body: JSON.stringify(commit) }))).toBe(200);
};
const longAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);

describe('an xAPI unit', () => {
  it('is opened with all that its content has to know', async () => {
    const unit = await open();
    expect(unit.address.pathname).toMatch(/^\/c\/[^/]+\/lesson\/golf\.html$/);
    expect([unit.address.searchParams.get('a'), unit.address.hash]).toEqual(['b', '#top']);
    expect(unit.activityId).toBe(golf);
    expect(unit.actor).toMatchObject({ objectType: 'Agent', account: { homePage: hub.url } });
    expect(await statusOf(fetch(unit.address))).toBe(200);
    expect(await statusOf(unit.call('/about'))).toBe(200);
    const { statements } = await xapiApi(hub, key).list({ registration: unit.registration });
    expect(statements).toMatchObject([{ verb: verb('launched'), actor: unit.actor, object: { id: golf } }]);
  });

  it('is told, and states, by ids that clients of RFC 4122 read', async () => {
    const unit = await open();
    const { id: _, ...unnamed } = unit.statement({ verb: verb('initialized') });
    expect(await statusOf(unit.post(unnamed))).toBe(200);
    const { statements } = await xapiApi(hub, key).list({ registration: unit.registration });
    expect(statements).toHaveLength(2);
    const ids = [unit.registration, ...statements.map((one) => one['id'] as string)];
    expect(ids.filter((id) => uuidVersion(id) > 5)).toEqual([]);
  });

  it('says nothing of its launch where the course is set so', async () => {
    await importCourse(hub, call, 'quiet', tincanCourse());
    const settings = [{ settingId: 'GenerateTinCanLaunchStatements', value: 'false' }];
    await call('setCourseConfiguration', 'quiet', { settings });
    const { registration } = await openUnitOf(await openLaunchOf(call, 'quiet'), golf);
    expect((await xapiApi(hub, key).list({ registration })).statements).toEqual([]);
  });

  it('gets its result by what it says of itself, and the course with it', async () => {
    const unit = await open();
    expect(await statusOf(unit.post(unit.statement({ verb: verb('initialized') })))).toBe(200);
    expect(await activityOf(unit)).toMatchObject({ completion: 'incomplete', attempts: 1 });
    const putting = { object: { id: `${golf}/putting` }, verb: verb('failed') };
    expect(await statusOf(unit.post(unit.statement(putting)))).toBe(200);
    const result = { score: { scaled: 0.9 }, duration: 'PT1M30S' };
    expect(await statusOf(unit.post(unit.statement({ verb: verb('passed'), result })))).toBe(200);
    const passed = { completion: 'completed', success: 'passed', score: 0.9, seconds: 90 };
    expect(await activityOf(unit)).toMatchObject(passed);
    expect(await resultOf(unit)).toMatchObject(passed);
    expect((await stored(unit)).map((one) => one['verb'])).toMatchObject(
      ['initialized', 'failed', 'passed'].map((name) => verb(name)),
    );
    const { activities } = (await (
      await fetch(`${unit.session}commit`, { method: 'POST', body: '{"opening":1,"number":1,"current":null}' })
    ).json()) as { activities: Json };
    expect(activities[golf]).toEqual({ completion: 'completed', success: 'passed', score: 0.9, progress: null });
  });

  it('counts a second opening as another attempt, whose time comes on top', async () => {
    const unit = await open();
    await unit.post(unit.statement({ verb: verb('terminated'), result: { duration: 'PT1M' } }));
    const again = await openUnitOf(unit.session, golf);
    expect([again.registration, again.auth === unit.auth]).toEqual([unit.registration, false]);
    await again.post(again.statement({ verb: verb('terminated'), result: { duration: 'PT30S' } }));
    expect(await activityOf(unit)).toMatchObject({ attempts: 2, seconds: 90 });
    expect(await unitsOf(unit)).toMatchObject([{ state: 'ended' }, { state: 'open' }]);
  });

  it('keeps nothing of what it says where the launch is not tracked, and resumes all the same', async () => {
    const unit = await open({ tracking: false });
    const answer = await unit.post(unit.statement({ id: randomUUID(), verb: verb('passed') }));
    expect([answer.status, (await answer.json()) as string[]]).toEqual([200, [expect.any(String)]]);
    expect((await xapiApi(hub, key).list({ registration: unit.registration })).statements).toEqual([]);
    expect(await activityOf(unit)).toBeUndefined();
    expect(await resultOf(unit)).toMatchObject({ completion: 'unknown' });
    const query = { activityId: golf, agent: JSON.stringify(unit.actor), stateId: 'bookmark' };
    expect(await statusOf(unit.call('/activities/state', { method: 'PUT', query, body: [7] }))).toBe(204);
    const found = await unit.call('/activities/state', { query });
    expect([await found.json(), found.headers.get('cache-control')]).toEqual([[7], 'no-cache']);
  });
});

describe('the xAPI door of a unit', () => {
  it('opens to the credentials of its own unit alone, and asks no learner for others', async () => {
    const [unit, other] = [await open(), await open()];
    const again = await openUnitOf(unit.session, golf);
    const wrong = ['', 'Bearer x', 'Basic !', `Basic ${Buffer.from('a:b').toString('base64')}`, key.basic];
    for (const authorization of [...wrong, other.auth, unit.auth.slice(0, -3), unit.auth]) {
      const headers = { 'x-experience-api-version': '1.0.3', ...(authorization && { authorization }) };
      const answer = await fetch(`${again.endpoint}statements`, { headers });
      expect([authorization, answer.status]).toEqual([authorization, 401]);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
      expect(answer.headers.get('www-authenticate')).not.toMatch(/basic/i);
    }
    const moved = again.endpoint.replace(/\/u\/[^/]+/, '/u/nobody.knows');
    expect(await statusOf(fetch(`${moved}about`, { headers: { authorization: again.auth } }))).toBe(404);
    // What is good here is no key of the api.
    expect(await statusOf(hub.fetch('/xapi/statements', { key: again.auth }))).toBe(401);
  });

  it('lets pages of any origin ask', async () => {
    const { endpoint } = await open();
    const headers = { origin: 'https://elsewhere.example', 'access-control-request-method': 'PUT' };
    const preflight = await fetch(`${endpoint}activities/state`, { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization');
  });

  it.each(['1.0.3', '2.0.0'] as const)('speaks %s, with what both versions ask of the resource', async (version) => {
    const unit = await open();
    const api = unit.as(version);
    const id = randomUUID();
    const sent = unit.statement({ verb: verb('progressed') });
    const put = await api.call('/statements', { method: 'PUT', query: { statementId: id }, body: sent });
    expect([put.status, put.headers.get('x-experience-api-version')]).toEqual([204, version]);
    const found = await api.find(id);
    expect(found).toMatchObject({ ...sent, id, authority: { account: { name: key.applicationId } } });
    const head = await api.call('/statements', { method: 'HEAD', query: { statementId: id } });
    expect([head.status, head.headers.get('x-experience-api-consistent-through')]).toEqual([200, expect.any(String)]);
    const [second] = await api.post([unit.statement()]);
    const page = await api.list({ limit: '1' });
    expect(page.statements).toMatchObject([{ id: second }]);
    const rest = await fetch(new URL(page.more, unit.endpoint), {
      headers: { authorization: unit.auth, 'x-experience-api-version': version },
    });
    expect(((await rest.json()) as { statements: Json[] }).statements[0]).toMatchObject({ id });
    expect(await statusOf(api.call('/statements', { query: { verb: 'no iri' } }))).toBe(400);
    expect(await statusOf(api.call('/statements', { headers: { 'x-experience-api-version': '0.95' } }))).toBe(400);
    expect(await statusOf(api.call('/statements', { method: 'DELETE' }))).toBe(405);
  });

  it('takes requests that an old browser posts as a form', async () => {
    const unit = await open();
    const form = new URLSearchParams({
      Authorization: unit.auth,
      'X-Experience-API-Version': '1.0.3',
      statementId: randomUUID(),
      content: JSON.stringify(unit.statement()),
    });
    expect(await statusOf(fetch(`${unit.endpoint}statements?method=PUT`, { method: 'POST', body: form }))).toBe(204);
    expect(await stored(unit)).toHaveLength(1);
  });

  it('takes what is attached', async () => {
    const unit = await open();
    const content = Buffer.from('a certificate');
    const sha2 = createHash('sha256').update(content).digest('hex');
    const attachment = {
      usageType: 'https://school.example/usage',
      display: { en: 'certificate' },
      contentType: 'text/plain',
      sha2,
    };
    const statement = unit.statement({ attachments: [{ ...attachment, length: content.length }] });
    const body = mixed([
      { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(statement) },
      { headers: { 'X-Experience-API-Hash': sha2, 'Content-Transfer-Encoding': 'binary' }, body: content },
    ]);
    expect(await statusOf(unit.call('/statements', { method: 'POST', headers: mixedHeaders, body }))).toBe(200);
    const answer = await unit.call('/statements', { query: { attachments: 'true' } });
    expect(await answer.text()).toContain('a certificate');
  });

  it.each<[string, (unit: OpenedUnit) => unknown, number, RegExp]>([
    ['is no JSON', () => '{', 400, /JSON/],
    ['is no statement', ({ actor }) => ({ actor }), 400, /verb/],
    [
      'is larger than requests may be',
      (unit) => unit.statement({ result: { response: 'x'.repeat(70_000) } }),
      413,
      /./,
    ],
    ['is of somebody else', (unit) => unit.statement({ actor: newAgent() }), 403, /actor/],
    [
      'is of a group that bears the learner’s name',
      (unit) => unit.statement({ actor: { ...unit.actor, objectType: 'Group' } }),
      403,
      /actor/,
    ],
    [
      'is of another registration',
      (unit) => unit.statement({ context: { registration: randomUUID() } }),
      403,
      /registration/,
    ],
    [
      'voids what nobody said in this registration',
      (unit) => unit.statement({ verb: verb('voided'), object: reference(randomUUID()) }),
      403,
      /voided/,
    ],
  ])('refuses a statement that %s, and all that come with it', async (_, wrong, status, why) => {
    const unit = await open();
    const body = wrong(unit);
    const answer = await unit.post(typeof body === 'string' ? body : [unit.statement({ verb: verb('passed') }), body]);
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringMatching(why)]);
    expect(await stored(unit)).toEqual([]);
    expect(await activityOf(unit)).toBeUndefined();
  });

  it('adds the registration where a statement names none', async () => {
    const unit = await open();
    const statement = { ...unit.statement({ id: randomUUID(), context: { language: 'de' } }) };
    expect(await statusOf(unit.post(statement))).toBe(200);
    expect(await statusOf(unit.post(statement))).toBe(200);
    expect(await stored(unit)).toMatchObject([{ context: { language: 'de', registration: unit.registration } }]);
  });

  it('stores what comes twice once, also at the same moment, and refuses another under the same id', async () => {
    const unit = await open();
    const passed = unit.statement({ id: randomUUID(), verb: verb('passed'), result: { score: { scaled: 0.5 } } });
    const answers = await Promise.all(Array.from({ length: 5 }, () => unit.post(passed)));
    for (const answer of answers) expect([answer.status, await answer.json()]).toEqual([200, [passed['id']]]);
    const failed = { ...passed, verb: verb('failed') };
    expect(await statusOf(unit.post([unit.statement({ verb: verb('scored') }), failed]))).toBe(409);
    expect(await stored(unit)).toHaveLength(1);
    expect(await activityOf(unit)).toMatchObject({ success: 'passed', attempts: 1 });
  });

  it('keeps a statement with what it makes of the course, or neither', async () => {
    const unit = await open();
    const { db } = hub.resources;
    const passed = unit.statement({ id: randomUUID(), verb: verb('passed') });
    await db.raw(`create function break_off() returns trigger language plpgsql as $$
      begin if new.statement_id = '${String(passed['id'])}' then raise exception 'broken off'; end if; return new; end $$`);
    await db.raw('create trigger break_off before insert on statement_ids for each row execute function break_off()');
    try {
      expect(await statusOf(unit.post(passed))).toBe(500);
    } finally {
      await db.raw('drop trigger break_off on statement_ids');
    }
    expect([await stored(unit), await activityOf(unit)]).toEqual([[], undefined]);
    expect((await unitsOf(unit))[0]).toMatchObject({ heard_at: null });
    expect(await statusOf(unit.post(passed))).toBe(200);
    expect(await activityOf(unit)).toMatchObject({ success: 'passed' });
  });

  it('voids what was said in this registration', async () => {
    const unit = await open();
    const [id] = await unit.as('1.0.3').post(unit.statement());
    const voiding = unit.statement({ id: randomUUID(), verb: verb('voided'), object: reference(id!) });
    expect([await statusOf(unit.post(voiding)), await statusOf(unit.post(voiding))]).toEqual([200, 200]);
    expect(await statusOf(unit.call('/statements', { query: { statementId: id } }))).toBe(404);
    expect(await statusOf(unit.call('/statements', { query: { voidedStatementId: id } }))).toBe(200);
  });

  it('shows statements of its registration alone', async () => {
    const [unit, other] = [await open(), await open()];
    const [id] = await other.as('1.0.3').post(other.statement());
    const [own] = await unit.as('1.0.3').post(unit.statement());
    expect(await statusOf(unit.call('/statements', { query: { statementId: id } }))).toBe(404);
    const found = (await unit.as('1.0.3').list({ verb: String(verb('experienced')['id']) })).statements;
    expect(found.map((one) => one['id'])).toEqual([own]);
    expect(await statusOf(unit.call('/statements', { query: { registration: other.registration } }))).toBe(403);
    // An application may have said under its own key what is of nobody's registration.
    const [general] = await xapiApi(hub, key).post({ ...unit.statement(), context: { language: 'de' } });
    expect(await statusOf(unit.call('/statements', { query: { statementId: general } }))).toBe(404);
  });

  it('slows down content that asks without end', async () => {
    const unit = await open();
    const ask = () => Promise.all(Array.from({ length: 230 }, () => statusOf(unit.call('/about'))));
    // On a machine that is busy the first ones are so slow that each regains its place.
    let statuses: number[] = [];
    for (let tries = 0; tries < 10 && !statuses.includes(429); tries += 1) statuses = await ask();
    expect(statuses).toContain(429);
    expect(await statusOf((await open()).call('/about'))).toBe(200);
  });
});

describe('documents of a unit', () => {
  const put = (unit: OpenedUnit, path: string, query: Record<string, string>, headers = {}) =>
    statusOf(unit.call(path, { method: 'PUT', query, body: { at: 3 }, headers }));
  const get = (unit: OpenedUnit, path: string, query: Record<string, string>) => unit.call(path, { query });

  it('are its learner’s states of this registration, or of none', async () => {
    const unit = await open();
    const agent = JSON.stringify(unit.actor);
    const place = { activityId: golf, agent, stateId: 'bookmark' };
    const here = { registration: unit.registration };
    expect(await put(unit, '/activities/state', { ...place, ...here })).toBe(204);
    expect(await statusOf(get(unit, '/activities/state', place))).toBe(404);
    expect(await put(unit, '/activities/state', place)).toBe(204);
    expect(await (await get(unit, '/activities/state', { ...place, ...here })).json()).toEqual({ at: 3 });
    const states = { activityId: golf, agent };
    expect(await statusOf(unit.call('/activities/state', { method: 'DELETE', query: states }))).toBe(204);
    expect(await (await get(unit, '/activities/state', states)).json()).toEqual([]);
    expect(await (await get(unit, '/activities/state', { ...states, ...here })).json()).toEqual(['bookmark']);
    expect(await put(unit, '/activities/state', { ...place, registration: randomUUID() })).toBe(403);
    expect(await put(unit, '/activities/state', { ...place, agent: JSON.stringify(newAgent()) })).toBe(403);
  });

  it('are the profile of its own activity, and those of others to read', async () => {
    const unit = await open();
    const profile = { activityId: golf, profileId: randomUUID() };
    expect(await put(unit, '/activities/profile', profile, { 'if-none-match': '*' })).toBe(204);
    const foreign = { activityId: 'https://school.example/tennis', profileId: randomUUID() };
    expect(await put(unit, '/activities/profile', foreign, { 'if-none-match': '*' })).toBe(403);
    const asked = { method: 'PUT', query: foreign, body: 'x', headers: { 'if-none-match': '*' } };
    expect(await statusOf(xapiApi(hub, key).call('/activities/profile', asked))).toBe(204);
    expect(await statusOf(get(unit, '/activities/profile', foreign))).toBe(200);
  });

  it('are the profile of its learner alone, who alone is a person here', async () => {
    const unit = await open();
    const [learner, other] = [JSON.stringify(unit.actor), JSON.stringify(newAgent())];
    const profileId = 'preferences';
    expect(await put(unit, '/agents/profile', { agent: learner, profileId }, { 'if-none-match': '*' })).toBe(204);
    expect(await statusOf(get(unit, '/agents/profile', { agent: learner, profileId }))).toBe(200);
    expect(await statusOf(get(unit, '/agents/profile', { agent: other, profileId }))).toBe(403);
    expect(await statusOf(get(unit, '/agents', { agent: learner }))).toBe(200);
    expect(await statusOf(get(unit, '/agents', { agent: other }))).toBe(403);
  });

  it('may be as large as they may be elsewhere', async () => {
    const unit = await open();
    const query = { activityId: golf, agent: JSON.stringify(unit.actor), stateId: 'large' };
    const body = 'x'.repeat(70_000);
    expect(await statusOf(unit.call('/activities/state', { method: 'PUT', query, body }))).toBe(413);
  });
});

describe('a unit that was left', () => {
  it('says its last for a minute, and nothing after that', async () => {
    const unit = await open();
    await leave(unit);
    expect((await unitsOf(unit))[0]).toMatchObject({ state: 'ended' });
    expect(await statusOf(unit.post(unit.statement({ verb: verb('completed') })))).toBe(200);
    expect(await resultOf(unit)).toMatchObject({ completion: 'completed' });
    expect(await launchOf(unit)).toMatchObject({ state: 'finished', finished_by: 'exit' });
    await hub.resources
      .db('launches')
      .where({ registration_id: unit.registration })
      .update({ finished_at: longAgo(2) });
    const late = await unit.post(unit.statement());
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('left')]);
    const query = { activityId: golf, agent: JSON.stringify(unit.actor), stateId: 'late' };
    await new Promise((resolve) => setTimeout(resolve, 1100)); // What is known of a session is a second old.
    expect(await statusOf(unit.call('/activities/state', { method: 'PUT', query, body: [] }))).toBe(403);
    expect(await statusOf(unit.call('/activities/state', { query }))).toBe(404);
  });

  it('is one that another was opened after', async () => {
    const unit = await open();
    await openUnitOf(unit.session, golf);
    expect(await statusOf(unit.post(unit.statement()))).toBe(200);
    await hub.resources
      .db('unit_sessions')
      .where({ state: 'ended' })
      .update({ ended_at: longAgo(2) });
    expect(await statusOf(unit.post(unit.statement()))).toBe(403);
  });

  it.each(['content', 'page'])('by nobody goes on, with its launch, when its %s is heard of again', async (first) => {
    const unit = await open();
    const { db } = hub.resources;
    const { id } = await launchOf(unit);
    await finishLaunch(id, hub.resources, longAgo(-60));
    expect(await launchOf(unit)).toMatchObject({ state: 'finished', finished_by: 'timeout' });
    expect((await unitsOf(unit))[0]).toMatchObject({ state: 'ended' });
    const ended = longAgo(10);
    await db('launches').where({ id }).update({ finished_at: ended });
    await db('unit_sessions').where({ launch_id: id }).update({ ended_at: ended });
    if (first === 'page') {
      const alive = { opening: 1, number: 1, current: golf };
      await fetch(`${unit.session}commit`, { method: 'POST', body: JSON.stringify(alive) });
    }
    expect(await statusOf(unit.post(unit.statement({ verb: verb('completed') })))).toBe(200);
    expect(await launchOf(unit)).toMatchObject({ state: 'open', finished_by: null });
    expect((await unitsOf(unit))[0]).toMatchObject({ state: 'open', ended_at: null });
    // Its opening's, and its reopening's.
    expect(await db('outbox').where({ workflow_id: `launch/${id}` })).toHaveLength(2);
  });
});
