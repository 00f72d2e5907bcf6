import { randomUUID } from 'node:crypto';
import { v5 as uuidOf } from 'uuid';
import { finishLaunch } from '../../src/player/finish-launch';
import { unitCredentials } from '../../src/player/launch-tokens';
import { cmi5Course, cmi5Unit, cmi5Texts, cmi5Xml, type PackageContents } from '../support/course-packages';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { scoCourse } from '../support/played-courses';
import { importCourse } from '../support/player';
import { type CallCourseApi, courseApi } from '../support/scorm-cloud';
import {
  askFetch,
  category,
  extension,
  launchDataQuery,
  openAu,
  type OpenedAu,
  preferencesQuery,
  RunningAu,
} from '../support/unit-cmi5';
import { openLaunchOf, verb } from '../support/unit-xapi';
import { type Json, newAgent, xapiApi } from '../support/xapi';

const id = (name: string): string => `https://example.com/${name}`;

/** Two AUs in a block, one outside that asks for nothing, and one in a block with such a one. */
const course: PackageContents = {
  'cmi5.xml': cmi5Xml(
    `<block id="${id('block')}">${cmi5Texts('The block')}${cmi5Unit(
      'first',
      'au/index.html?a=b#top',
      'moveOn="CompletedAndPassed" masteryScore="0.8"',
      '<launchParameters>level=3</launchParameters><entitlementKey>key-1</entitlementKey>',
    )}${cmi5Unit('second', 'https://au.example/start?x=y', 'moveOn="Passed" launchMethod="OwnWindow"')}</block>
    <block id="${id('free-block')}">${cmi5Texts('The free block')}${cmi5Unit('free', 'au/index.html')}</block>`,
  ),
  'au/index.html': '<!doctype html><title>au</title>',
};

let hub: TestHub;
let key: TestKey;
let call: CallCourseApi;

beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey();
  call = courseApi(hub, key);
  await importCourse(hub, call, 'golf', course);
});
afterAll(() => hub.close());

const launch = (request: object = {}) => openLaunchOf(call, 'golf', request);
const open = async (au = 'first', request: object = {}) => openAu(await launch(request), id(au));
const begin = async (au = 'first', request: object = {}) => RunningAu.begin(await open(au, request));
/** Opens another AU of the same registration. */
const again = async ({ au }: RunningAu, name = 'first') => RunningAu.begin(await openAu(au.session, id(name)));

const list = async ({ registration }: OpenedAu, verbIri?: string): Promise<Json[]> => {
  const { statements } = await xapiApi(hub, key).list({
    registration,
    ascending: 'true',
    ...(verbIri !== undefined && { verb: verbIri }),
  });
  return statements;
};
const abandoned = 'https://w3id.org/xapi/adl/verbs/abandoned';
const satisfied = 'https://w3id.org/xapi/adl/verbs/satisfied';
const verbsOf = async (au: OpenedAu): Promise<string[]> =>
  (await list(au)).map((one) => String((one['verb'] as Json)['id']).replace(/.*\//, ''));
const statusOf = async (answer: Promise<Response>): Promise<number> => (await answer).status;
const unitOf = async ({ sessionId }: RunningAu) =>
  (await hub.resources.db('unit_sessions').where({ id: sessionId }).first())!;
const resultOf = async ({ registration }: OpenedAu) =>
  (await hub.resources.db('registrations').where({ id: registration }).first())!;
const activityOf = async ({ registration }: OpenedAu, name = 'first') =>
  hub.resources
    .db('registration_activities')
    .where({ registration_id: registration, activity_id: id(name) })
    .first();
const launchIdOf = async ({ registration }: OpenedAu): Promise<string> =>
  (await hub.resources.db('launches').where({ registration_id: registration }).first())!.id;
const leave = async ({ session }: OpenedAu): Promise<void> => {
  const commit = { opening: 1, number: 1, current: null, leaves: true };
  expect(await statusOf(fetch(`${session}commit`, { method: 'POST', body: JSON.stringify(commit) }))).toBe(200);
};
/** An AU's address without what its launch has added (cmi5 8.1). */
function withoutLaunch(address: URL): string {
  const bare = new URL(address);
  for (const name of ['endpoint', 'fetch', 'actor', 'registration', 'activityId']) bare.searchParams.delete(name);
  return bare.href;
}
/** What is known of a launch is a second old. */
const aSecond = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1100));

describe('the launch of an AU (cmi5 8.1)', () => {
  it('8.1.0.0-4, 8.1.0.0-5, 8.1.0.0-8, 8.1.1.0-1, 8.1.2.0-1, 8.1.3.0-1, 8.1.4.0-1, 8.1.5.0-2, 8.2.1.0-1, 9.2.0.0-1, 9.2.0.0-3: tells all in the address', async () => {
    const au = await open();
    expect(au.address.pathname).toMatch(/^\/c\/[^/]+\/au\/index\.html$/);
    expect([au.endpoint, au.fetchUrl].map((url) => url.replace(/\/u\/[^/]+/, '/u/x'))).toEqual([
      expect.stringMatching(/\/u\/x\/xapi\/$/),
      expect.stringMatching(/\/u\/x\/fetch$/),
    ]);
    expect(au.actor).toMatchObject({ objectType: 'Agent', account: { homePage: hub.url } });
    expect(await resultOf(au)).toBeDefined();
    expect(await statusOf(fetch(au.address))).toBe(200);
  });

  it('13.1.4.0-3: keeps the query that the AU’s url has', async () => {
    const au = await open();
    expect([au.address.searchParams.get('a'), au.address.hash]).toEqual(['b', '#top']);
    const second = await open('second');
    expect(second.address.href).toMatch(/^https:\/\/au\.example\/start\?x=y&endpoint=/);
  });

  it('8.1.5.0-1, 8.1.5.0-3, 8.1.5.0-4: calls the AU by an id of its own, which stays', async () => {
    const au = await open();
    const later = await openAu(au.session, id('first'));
    const other = await open('second');
    expect([au.activityId, au.registration]).toEqual([later.activityId, later.registration]);
    expect([id('first'), other.activityId]).not.toContain(au.activityId);
    expect((await open()).activityId).toBe(au.activityId);
    expect(later.endpoint).not.toBe(au.endpoint);
  });

  it('8.1.0.0-1, 8.1.0.0-2, 8.1.0.0-3: has a window of its own where the AU wants it', async () => {
    expect([(await open()).ownWindow, (await open('second')).ownWindow]).toEqual([false, true]);
  });

  it('9.3.1.0-1, 9.3.1.0-2 (d), 9.6.1.1-2, 9.6.2.1-1, 9.6.3.2-1, 9.6.3.3-1, 9.6.3.4-1, 9.6.3.6-1, 9.6.3.7-1: is told as launched, once', async () => {
    const au = await open();
    const [statement, ...more] = await list(au, verb('launched')['id'] as string);
    expect(more).toEqual([]);
    expect(statement).toMatchObject({
      actor: au.actor,
      object: { id: au.activityId, definition: { name: { und: 'Unit first' } } },
      timestamp: expect.stringMatching(/Z$/),
      context: {
        registration: au.registration,
        contextActivities: { category: [category('cmi5')], grouping: [{ id: id('first') }] },
        extensions: {
          [extension('sessionid')]: expect.any(String),
          [extension('masteryscore')]: 0.8,
          [extension('launchmode')]: 'Normal',
          [extension('launchurl')]: withoutLaunch(au.address),
          [extension('moveon')]: 'CompletedAndPassed',
          [extension('launchparameters')]: 'level=3',
        },
      },
    });
    // Whoever reads statements does not become the learner by it.
    expect(JSON.stringify(statement)).not.toContain(au.session.split('/s/')[1]!.replace('/', ''));
    const token = au.address.pathname.split('/')[2]!;
    for (const path of ['state', 'player', 'content/au/index.html']) {
      expect(await statusOf(fetch(`${hub.config.player.url}/s/${token}/${path}`))).toBe(404);
    }
  });

  it('opens its files by a token that opens nothing else, of that launch', async () => {
    const { address, session } = await open();
    expect(await (await fetch(address)).text()).toContain('<title>au</title>');
    expect(await statusOf(fetch(address, { method: 'POST' }))).toBe(405);
    const [, , token = ''] = address.pathname.split('/');
    const others = [`${token}x`, token.slice(1), token.split('.')[0]!, '', new URL(session).pathname.split('/')[2]!];
    for (const other of others) {
      expect(await statusOf(fetch(address.href.replace(token, other)))).toBe(404);
    }
  });
});

describe('the fetch URL (cmi5 8.2)', () => {
  it('8.2.1.0-2 (d), 8.2.1.0-3, 8.2.1.0-4, 8.2.2.0-1, 8.2.2.0-2, 8.2.2.0-3, 8.2.3.0-1 (d): gives a token once', async () => {
    const au = await open();
    const first = await fetch(au.fetchUrl, { method: 'POST', headers: { origin: 'https://au.example' } });
    expect([first.status, first.headers.get('content-type'), first.headers.get('access-control-allow-origin')]).toEqual(
      [200, expect.stringMatching(/^application\/json/), '*'],
    );
    expect(first.headers.get('cache-control')).toBe('no-store');
    au.token = String(((await first.json()) as Json)['auth-token']);
    expect(await statusOf(au.call('/about'))).toBe(200);
    const second = await fetch(au.fetchUrl, { method: 'POST' });
    expect([second.status, await second.json()]).toEqual([
      200,
      { 'error-code': '1', 'error-text': expect.any(String) as string },
    ]);
  });

  it('8.2.3.0-1: gives it once also to many at the same moment', async () => {
    const au = await open();
    const answers = await Promise.all(Array.from({ length: 6 }, () => askFetch(au)));
    expect(answers.filter((answer) => 'auth-token' in answer)).toHaveLength(1);
    expect(answers.filter((answer) => answer['error-code'] === '1')).toHaveLength(5);
  });

  it('8.2.3.2-1: says 1 where the session is over, and 2 where there is none', async () => {
    const au = await open();
    await (await RunningAu.begin(await openAu(au.session, id('second')))).say('initialized');
    expect(await askFetch(au)).toMatchObject({ 'error-code': '1' });
    const unknown = { ...au, fetchUrl: au.fetchUrl.replace(/\/u\/[^/]+/, '/u/nobody.knows') };
    expect(await askFetch(unknown)).toMatchObject({ 'error-code': '2' });
  });

  it('8.2.1: is not read by GET, which might be kept', async () => {
    const answer = await fetch((await open()).fetchUrl);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
  });

  it('8.1.2.0-2 (d), 8.1.2.0-5 (d), 8.2.1.0-5 (d), 8.2.1.0-6 (d): what it gives opens the door of that session, while that lasts', async () => {
    const au = await open();
    const [row] = await hub.resources.db('unit_sessions').where({ registration_id: au.registration });
    au.token = unitCredentials(row!.id, hub.resources.secrets);
    expect(await statusOf(au.call('/about'))).toBe(401);
    const running = await RunningAu.begin(au);
    expect(await statusOf(au.call('/about'))).toBe(200);
    expect(await statusOf(fetch(`${au.endpoint}about`))).toBe(401);
    await running.say('initialized', 'terminated');
    const asked = [
      au.call('/about'),
      au.call('/statements'),
      au.call('/activities/state', { query: launchDataQuery(au) }),
    ];
    expect(await Promise.all(asked.map(statusOf))).toEqual([401, 401, 401]);
  });
});

describe('LMS.LaunchData (cmi5 10)', () => {
  it('10.1.0.0-1, 10.1.0.0-2, 10.1.0.0-3, 10.1.0.0-4, 10.1.0.0-5, 10.2.1.0-1, 10.2.1.0-2, 10.2.1.0-3, 10.2.2.0-4, 10.2.3.0-1, 10.2.4.0-1, 10.2.5.0-1, 10.2.7.0-1, 10.2.7.1-1: is there', async () => {
    const { launchData, au, sessionId } = await begin();
    expect(launchData).toEqual({
      contextTemplate: {
        contextActivities: { grouping: [{ objectType: 'Activity', id: id('first') }] },
        extensions: { [extension('sessionid')]: sessionId },
      },
      launchMode: 'Normal',
      launchParameters: 'level=3',
      masteryScore: 0.8,
      moveOn: 'CompletedAndPassed',
      returnURL: au.endpoint.replace(/xapi\/$/, 'returned'),
      entitlementKey: { courseStructure: 'key-1' },
    });
    expect(await statusOf(fetch(String(launchData['returnURL'])))).toBe(200);
  });

  it('9.6.2.3-1, 9.6.3.1-1, 9.6.3.1-2: has a session id of its own for each opening', async () => {
    const first = await begin();
    const second = await again(first);
    expect(first.sessionId).not.toBe(second.sessionId);
    const { launchData } = await begin('second');
    expect(Object.keys(launchData).toSorted()).toEqual(['contextTemplate', 'launchMode', 'moveOn', 'returnURL']);
  });

  it('10.2.7.2-1: has the entitlement key that the course is set to', async () => {
    await importCourse(hub, call, 'entitled', course);
    const settings = [{ settingId: 'Cmi5EntitlementKeyAlternate', value: 'key-2' }];
    await call('setCourseConfiguration', 'entitled', { settings });
    const { launchData } = await RunningAu.begin(await openAu(await openLaunchOf(call, 'entitled'), id('first')));
    expect(launchData['entitlementKey']).toEqual({ courseStructure: 'key-1', alternate: 'key-2' });
  });

  it('10.2.1.0-5 (d): cannot be changed or deleted, nor with all other states', async () => {
    const { au } = await begin();
    const query = launchDataQuery(au);
    const { stateId: _, ...all } = query;
    for (const [method, asked] of [
      ['PUT', query],
      ['POST', query],
      ['DELETE', query],
      ['DELETE', all],
    ] as const) {
      const body = method === 'DELETE' ? {} : { body: {} };
      expect(await statusOf(au.call('/activities/state', { method, query: asked, ...body }))).toBe(403);
    }
    const bookmark = { ...query, stateId: 'bookmark' };
    expect(await statusOf(au.call('/activities/state', { method: 'PUT', query: bookmark, body: [1] }))).toBe(204);
    expect(await statusOf(au.call('/activities/state', { method: 'DELETE', query: bookmark }))).toBe(204);
  });

  it('8.1.3.0-3 (d), 8.1.4.0-3 (d): states are of the learner and the registration', async () => {
    const { au } = await begin();
    const { registration, ...query } = { ...launchDataQuery(au), stateId: 'bookmark' };
    const put = (place: Record<string, string>) =>
      statusOf(au.call('/activities/state', { method: 'PUT', query: place, body: [1] }));
    expect(await put(query)).toBe(403);
    expect(await put({ ...query, registration: randomUUID() })).toBe(403);
    expect(await put({ ...query, registration, agent: JSON.stringify(newAgent()) })).toBe(403);
  });
});

describe('the learner’s preferences (cmi5 11)', () => {
  const put = (au: OpenedAu, body: unknown, more: { query?: Record<string, string>; type?: string } = {}) =>
    statusOf(
      au.call('/agents/profile', {
        method: 'PUT',
        query: more.query ?? preferencesQuery(au),
        headers: { 'if-match': '*', ...(more.type && { 'content-type': more.type }) },
        body,
      }),
    );
  const preferences = { languagePreference: 'en-US,fr-FR', audioPreference: 'off' };

  it('11.0.0.0-4, 11.1.0.0-2: begin with the language of the launch, and can be changed', async () => {
    const { au } = await begin('first', { culture: 'de-CH' });
    const read = async () => (await au.call('/agents/profile', { query: preferencesQuery(au) })).json();
    expect(await read()).toEqual({ languagePreference: 'de-CH', audioPreference: 'on' });
    expect(await put(au, preferences)).toBe(204);
    await openAu(au.session, id('second'));
    const profile = await xapiApi(hub, key).call('/agents/profile', { query: preferencesQuery(au) });
    expect(await profile.json()).toEqual(preferences);
  });

  it('11.0.0.0-3 (d1): are not there where nobody has told any, which is no error', async () => {
    const running = await begin();
    const answer = await running.au.call('/agents/profile', { query: preferencesQuery(running.au) });
    expect(answer.status).toBe(404);
    expect(await running.say('initialized')).toBe(200);
  });

  it('11.0.0.0-3 (d2): have to be asked for before the AU says that it is initialized', async () => {
    const au = await open();
    au.token = String((await askFetch(au))['auth-token']);
    const found = await au.call('/activities/state', { query: launchDataQuery(au) });
    const hasty = Object.assign(Object.create(RunningAu.prototype) as RunningAu, {
      au,
      launchData: (await found.json()) as Json,
    });
    expect(await hasty.say('initialized')).toBe(403);
    await au.call('/agents/profile', { query: preferencesQuery(au) });
    expect(await hasty.say('initialized')).toBe(200);
  });

  it.each<[string, unknown, string]>([
    ['11.0.0.0-5 (d): that are no JSON', 'just some text', 'text/plain'],
    ['11.0.0.0-5 (d): whose type is not said', JSON.stringify(preferences), 'text/plain'],
    ['11.0.0.0-5 (d): that are broken', '{', ''],
    ['11.0.0.0-5 (d): that are no object', [preferences], ''],
    ['11.0.0.0-5 (d): without a language', { audioPreference: 'on' }, ''],
    ['11.0.0.0-5 (d): without audio', { languagePreference: 'en' }, ''],
    ['11.1.0.0-1 (d): whose languages are none', { ...preferences, languagePreference: 'not comma separated' }, ''],
    ['11.1.0.0-1 (d): whose languages are empty', { ...preferences, languagePreference: '' }, ''],
    ['11.2: whose audio is neither on nor off', { ...preferences, audioPreference: 'loud' }, ''],
  ])('refuses those %s', async (_, body, type) => {
    const { au } = await begin('first', { culture: 'de-CH' });
    expect(await put(au, body, { type })).toBe(403);
  });

  it('11.0.0.0-1 (d): are those of the learner, who has to be named', async () => {
    const { au } = await begin();
    const { agent: _, ...nobody } = preferencesQuery(au);
    expect(await put(au, preferences, { query: nobody })).toBe(403);
    const query = { ...nobody, agent: JSON.stringify(newAgent()) };
    expect(await put(au, preferences, { query })).toBe(403);
  });
});

describe('a session', () => {
  it('7.1.1.0-1 (d1), 7.1.2.0-1 (d1), 9.3.0.0-4 (d1), 9.3.0.0-5 (d1), 9.3.0.0-9, 4.2.0.0-2: is taken from its beginning to its end', async () => {
    const running = await begin();
    expect(await statusOf(running.post(running.allowed()))).toBe(403);
    expect(await running.say('initialized')).toBe(200);
    expect(await activityOf(running.au)).toMatchObject({ completion: 'incomplete', attempts: 1 });
    const passed = running.defined('passed', { score: { scaled: 0.9 } });
    const context = passed['context'] as Json;
    const extensions = { ...(context['extensions'] as Json), [extension('masteryscore')]: 0.8 };
    expect(await statusOf(running.post({ ...passed, context: { ...context, extensions } }))).toBe(200);
    expect(await statusOf(running.post(running.allowed()))).toBe(200);
    expect(await running.say('completed', 'terminated')).toBe(200);
    expect(await activityOf(running.au)).toMatchObject({
      completion: 'completed',
      success: 'passed',
      score: 0.9,
      seconds: 45,
      progress: 1,
    });
    expect(await unitOf(running)).toMatchObject({ state: 'ended' });
    expect(await statusOf(running.post(running.allowed()))).toBe(403);
    expect(await verbsOf(running.au)).toEqual([
      'satisfied',
      'launched',
      'initialized',
      'passed',
      'experienced',
      'completed',
      'terminated',
    ]);
  });

  it('takes its last word again, because the answer may have got lost, and nothing else', async () => {
    const running = await begin();
    await running.say('initialized');
    const read = running.allowed();
    await running.post(read);
    const terminated = running.defined('terminated');
    const answers = [await running.post(terminated), await running.post(terminated), await running.post(terminated)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await statusOf(running.post(read))).toBe(403);
    expect(await statusOf(running.post([running.allowed(), terminated]))).toBe(403);
    expect((await verbsOf(running.au)).filter((name) => name === 'terminated')).toHaveLength(1);
  });

  it('stores nothing of a request of which one statement is refused', async () => {
    const running = await begin();
    await running.say('initialized');
    const answer = await running.post([running.defined('completed'), running.defined('completed')]);
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('cmi5 9.3')]);
    expect(await verbsOf(running.au)).not.toContain('completed');
    expect(await activityOf(running.au)).toMatchObject({ completion: 'incomplete' });
    expect(await running.say('completed')).toBe(200);
  });

  it.each<[string, (running: RunningAu) => Json, RegExp]>([
    ['9.1.0.0-1 (d): without an id', (running) => ({ ...running.allowed(), id: undefined }), /9\.1/],
    [
      '9.2.0.0-2: of a group',
      (running) => ({ ...running.allowed(), actor: { ...running.au.actor, objectType: 'Group' } }),
      /actor/,
    ],
    ['8.1.3.0-3 (d): of somebody else', (running) => ({ ...running.allowed(), actor: newAgent() }), /actor/],
    ['9.6.0.0-1 (d): without a context', (running) => ({ ...running.allowed(), context: undefined }), /registration/],
    [
      '8.1.4.0-3 (d), 9.6.1.0-1 (d): without its registration',
      (running) => ({ ...running.allowed(), context: running.launchData['contextTemplate'] }),
      /registration/,
    ],
    [
      '9.6.1.0-1 (d): of another registration',
      (running) => ({
        ...running.allowed(),
        context: { ...(running.launchData['contextTemplate'] as Json), registration: randomUUID() },
      }),
      /registration/,
    ],
  ])('refuses a statement %s', async (_, wrong, why) => {
    const running = await begin();
    await running.say('initialized');
    const answer = await running.post(wrong(running));
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringMatching(why)]);
  });

  it('9.5.4.1-1 (d): refuses by its own rules what xAPI lets pass', async () => {
    const running = await begin();
    await running.say('initialized');
    const answer = await running.post({ ...running.defined('terminated'), result: {} });
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('cmi5 9.5.4.1')]);
  });

  it('6.3.0.0-1: voids nothing', async () => {
    const running = await begin();
    await running.say('initialized');
    const read = running.allowed();
    await running.post(read);
    const object = { objectType: 'StatementRef', id: read['id'] };
    expect(await statusOf(running.post(running.allowed({ verb: verb('voided'), object })))).toBe(403);
  });

  it('7.1.3: finds what xAPI itself refuses refused as ever', async () => {
    const running = await begin();
    await running.say('initialized');
    expect(await statusOf(running.post({ ...running.allowed(), verb: { id: 'no iri' } }))).toBe(400);
  });

  it('9.3.0.0-6 (d1), 9.3.0.0-7 (d1): knows what an earlier one came to', async () => {
    const first = await begin();
    await first.say('initialized', 'completed', 'passed', 'terminated');
    const second = await again(first);
    // Nothing is left that it could say of a result (cmi5 10.2.2).
    expect(second.launchData['launchMode']).toBe('Review');
    expect(await second.say('initialized')).toBe(200);
    for (const name of ['completed', 'passed', 'failed'] as const) expect(await second.say(name)).toBe(403);
    expect(await second.say('terminated')).toBe(200);
    expect(await activityOf(first.au)).toMatchObject({ attempts: 2, seconds: 90, success: 'passed' });
  });

  it('9.3.0.0-8: may fail after it was completed, and pass then', async () => {
    const first = await begin();
    expect(await first.say('initialized', 'completed', 'failed', 'terminated')).toBe(200);
    expect(await resultOf(first.au)).toMatchObject({ success: 'failed', completion: 'incomplete' });
    const second = await again(first);
    expect(second.launchData['launchMode']).toBe('Normal');
    expect(await second.say('initialized', 'completed')).toBe(403);
    expect(await second.say('passed')).toBe(200);
    expect(await resultOf(first.au)).toMatchObject({ success: 'unknown' });
  });

  it('10.2.2.0-1 (d), 10.2.2.0-2 (d): browses where the launch is not tracked, and leaves nothing', async () => {
    const running = await begin('first', { tracking: false });
    expect(running.launchData['launchMode']).toBe('Browse');
    expect(await statusOf(running.post(running.allowed()))).toBe(403);
    const initialized = running.defined('initialized');
    expect([await statusOf(running.post(initialized)), await statusOf(running.post(initialized))]).toEqual([200, 200]);
    for (const name of ['initialized', 'completed', 'passed', 'failed'] as const) {
      expect(await running.say(name)).toBe(403);
    }
    const terminated = running.defined('terminated');
    expect([await statusOf(running.post(terminated)), await statusOf(running.post(terminated))]).toEqual([200, 200]);
    expect(await statusOf(running.post(running.allowed()))).toBe(403);
    await openAu(running.au.session, id('second'));
    expect(await list(running.au)).toEqual([]);
    expect(await activityOf(running.au)).toBeUndefined();
  });
});

describe('the mode that a launch asks for', () => {
  it.each(['Browse', 'Review'] as const)(
    '10.2.2.0-1 (d), 10.2.2.0-4, 9.6.3.3-1: %s: keeps what is said, and takes no results',
    async (launchMode) => {
      const running = await begin('first', { launchMode });
      expect(running.launchData['launchMode']).toBe(launchMode);
      expect(await running.say('initialized')).toBe(200);
      for (const name of ['completed', 'passed', 'failed'] as const) expect(await running.say(name)).toBe(403);
      const result = { extensions: { 'https://w3id.org/xapi/cmi5/result/extensions/progress': 40 } };
      expect(await statusOf(running.post(running.allowed({ result })))).toBe(200);
      expect(await running.say('terminated')).toBe(200);
      expect(await verbsOf(running.au)).toEqual(['satisfied', 'launched', 'initialized', 'experienced', 'terminated']);
      const [launched] = await list(running.au, verb('launched')['id'] as string);
      expect(launched).toMatchObject({ context: { extensions: { [extension('launchmode')]: launchMode } } });
      expect(await activityOf(running.au)).toMatchObject({ completion: 'unknown', progress: null, seconds: 45 });
      expect(await resultOf(running.au)).toMatchObject({ completion: 'unknown', success: 'unknown' });
    },
  );

  it('says that what was browsed was abandoned', async () => {
    const running = await begin('first', { launchMode: 'Browse' });
    await running.say('initialized');
    await (await again(running, 'second')).say('initialized');
    expect(await list(running.au, abandoned)).toHaveLength(1);
    expect(await list(running.au, satisfied)).toHaveLength(1);
  });

  it('10.2.2.0-1: Normal, also of a unit that is done, and where nothing is kept', async () => {
    const running = await begin('first', { launchMode: 'Normal' });
    await running.say('initialized', 'completed', 'passed', 'terminated');
    const second = await again(running);
    expect(second.launchData['launchMode']).toBe('Normal');
    const unkept = await begin('first', { launchMode: 'Normal', tracking: false });
    expect(await unkept.say('initialized', 'completed')).toBe(200);
    expect([await unkept.say('completed'), await list(unkept.au)]).toEqual([403, []]);
  });

  it('is one of three, and of cmi5 courses', async () => {
    await importCourse(hub, call, 'scorm', scoCourse(['a']));
    const refusals = [
      await call('buildCoursePreviewLaunchLink', 'golf', { launchMode: 'normal' }),
      await call('buildCoursePreviewLaunchLink', 'scorm', { launchMode: 'Normal' }),
    ];
    expect(refusals.map(({ status }) => status)).toEqual([400, 400]);
  });
});

describe('a session that did not end itself', () => {
  it('9.3.0.0-10 (d), 9.3.6.0-1, 9.3.6.0-2 (d2), 9.5.4.2-1, 9.5.4.2-2: is abandoned when another begins, once', async () => {
    const running = await begin();
    await running.say('initialized');
    await hub.resources
      .db('unit_sessions')
      .where({ id: running.sessionId })
      .update({
        opened_at: new Date('2026-11-28T12:00:00Z'),
        heard_at: new Date('2026-11-28T12:01:30.5Z'),
      });
    await openAu(running.au.session, id('second'));
    expect(await list(running.au, abandoned)).toEqual([]);
    await (await again(running)).say('initialized', 'completed');
    const statements = await list(running.au, abandoned);
    // The second one was opened, and never began.
    expect(statements).toHaveLength(2);
    expect(statements[0]).toMatchObject({
      actor: running.au.actor,
      object: { id: running.au.activityId },
      result: { duration: 'PT90.5S' },
      context: {
        registration: running.au.registration,
        contextActivities: { category: [category('cmi5')], grouping: [{ id: id('first') }] },
        extensions: { [extension('sessionid')]: running.sessionId },
      },
    });
    expect(statements[1]).toMatchObject({ result: { duration: 'PT0S' } });
    expect(await unitOf(running)).toMatchObject({ state: 'abandoned' });
    expect(await running.say('terminated')).toBe(403);
    const state = running.au.call('/activities/state', { query: launchDataQuery(running.au) });
    expect(await statusOf(state)).toBe(401);
  });

  it('is not told to be so when it has ended, nor by one that was opened before it', async () => {
    const slow = await begin();
    const running = await again(slow, 'second');
    await slow.say('initialized');
    expect(await running.say('initialized', 'terminated')).toBe(200);
    await (await again(running)).say('initialized');
    expect((await list(running.au, abandoned)).map((one) => one['object'])).toMatchObject([{ id: slow.au.activityId }]);
  });

  it('may still end itself when another is opened, and its time counts', async () => {
    const first = await begin();
    await first.say('initialized');
    const second = await again(first);
    expect(await first.say('terminated')).toBe(200);
    await second.say('initialized', 'terminated');
    expect(await list(first.au, abandoned)).toEqual([]);
    expect(await activityOf(first.au)).toMatchObject({ attempts: 2, seconds: 90 });
  });

  it('9.3.6.0-2 (d1): is abandoned when nothing is heard any more', async () => {
    const running = await begin();
    await running.say('initialized');
    await finishLaunch(await launchIdOf(running.au), hub.resources, new Date(Date.now() + 3_600_000));
    expect(await list(running.au, abandoned)).toHaveLength(1);
    expect(await running.say('completed')).toBe(403);
    // The page comes back, and opens the AU again.
    const second = await again(running);
    expect(await second.say('initialized', 'completed')).toBe(200);
  });

  it('may still end itself when the course is left, and is abandoned where it does not', async () => {
    const [ending, silent] = [await begin(), await begin()];
    for (const running of [ending, silent]) {
      await running.say('initialized');
      await leave(running.au);
    }
    expect(await ending.say('terminated')).toBe(200);
    const later = new Date(Date.now() + 61_000);
    const plans = await Promise.all(
      [ending, silent].map(async ({ au }) => finishLaunch(await launchIdOf(au), hub.resources, new Date())),
    );
    expect(plans).toEqual([{ state: 'finished' }, { state: 'open', lookAt: expect.any(Number) as number }]);
    for (const { au } of [ending, silent]) {
      const plan = await finishLaunch(await launchIdOf(au), hub.resources, later);
      expect(plan).toEqual({ state: 'finished' });
      await finishLaunch(await launchIdOf(au), hub.resources, later);
    }
    expect(await list(ending.au, abandoned)).toEqual([]);
    expect(await list(silent.au, abandoned)).toHaveLength(1);
    expect(await silent.say('terminated')).toBe(403);
  });

  it('9.3.6: is abandoned whatever its content has stored under whatever id', async () => {
    const running = await begin();
    await running.say('initialized');
    const ids = ['launched', 'abandoned'].map((name) => uuidOf(name, running.sessionId));
    for (const taken of ids) await running.post({ ...running.allowed(), id: taken });
    await (await again(running)).say('initialized');
    expect(await list(running.au, abandoned)).toHaveLength(1);
  });
});

describe('what is satisfied (cmi5 9.3.9)', () => {
  it('9.6.1.1-3: is what asks for nothing, with the first launch of a registration', async () => {
    const au = await open();
    await openAu(au.session, id('first'));
    const [statement, ...more] = await list(au, satisfied);
    expect(more).toEqual([]);
    expect(statement).toMatchObject({ context: { contextActivities: { grouping: [{ id: id('free-block') }] } } });
    expect(JSON.stringify(statement)).not.toContain((await hub.resources.db('unit_sessions').first('id'))!.id);
    expect(await resultOf(au)).toMatchObject({ completion: 'unknown', progress: 1 / 3 });
  });

  it('9.6.1.1-3: is a whole course that asks for nothing, which is completed then', async () => {
    await importCourse(hub, call, 'free', cmi5Course(cmi5Unit('first', 'index.html')));
    const au = await openAu(await openLaunchOf(call, 'free'), id('first'));
    expect(await verbsOf(au)).toEqual(['satisfied', 'launched']);
    expect(await resultOf(au)).toMatchObject({ completion: 'completed', progress: 1 });
    const unkept = await openAu(await openLaunchOf(call, 'free', { tracking: false }), id('first'));
    expect(await resultOf(unkept)).toMatchObject({ completion: 'unknown', progress: null });
  });

  it('9.3.9.0-1, 9.3.9.0-5, 9.3.9.0-6, 9.3.9.0-7, 9.3.9.0-8, 9.3.9.0-9: is the block and the course, once all its AUs are', async () => {
    const first = await begin();
    await first.say('initialized', 'completed', 'passed', 'terminated');
    expect(await list(first.au, satisfied)).toHaveLength(1);
    expect(await resultOf(first.au)).toMatchObject({ completion: 'incomplete', progress: 2 / 3 });
    const second = await again(first, 'second');
    await second.say('initialized', 'failed', 'terminated');
    const third = await again(first, 'second');
    await third.say('initialized', 'passed', 'completed', 'terminated');
    const [, block, whole, ...more] = await list(first.au, satisfied);
    expect(more).toEqual([]);
    const within = { extensions: { [extension('sessionid')]: third.sessionId } };
    expect([block, whole]).toMatchObject([
      {
        object: { definition: { type: 'https://w3id.org/xapi/cmi5/activitytype/block' } },
        context: { ...within, contextActivities: { grouping: [{ id: id('block') }] } },
      },
      {
        object: { definition: { type: 'https://w3id.org/xapi/cmi5/activitytype/course' } },
        context: { ...within, contextActivities: { grouping: [{ id: id('course') }] } },
      },
    ]);
    const ids = [block, whole].map((one) => (one!['object'] as Json)['id']);
    expect(ids).not.toEqual(expect.arrayContaining([id('block')]));
    expect(ids).not.toEqual(expect.arrayContaining([id('course')]));
    expect(new Set(ids).size).toBe(2);
    expect(await resultOf(first.au)).toMatchObject({ completion: 'completed', success: 'passed', progress: 1 });
    const alive = { opening: 1, number: 1, current: null };
    const answer = await fetch(`${first.au.session}commit`, { method: 'POST', body: JSON.stringify(alive) });
    expect(await answer.json()).toMatchObject({ result: { completion: 'completed', success: 'passed', progress: 1 } });
  });

  it('is reckoned with what comes within a minute after the course was left', async () => {
    const running = await begin('free');
    await leave(running.au);
    await aSecond();
    expect(await running.say('initialized')).toBe(200);
    expect(await resultOf(running.au)).toMatchObject({ progress: 1 / 3 });
  });
});
