import { startHub, type TestHub, type TestKey } from '../support/hub';
import { importCourse } from '../support/player';
import { type CallCourseApi, courseApi } from '../support/scorm-cloud';
import { golf, openLaunchOf, type OpenedUnit, openUnitOf, tincanCourse, verb } from '../support/unit-xapi';
import { type Json, xapiApi } from '../support/xapi';

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
const stored = async ({ registration }: OpenedUnit): Promise<Json[]> =>
  (await xapiApi(hub, key).list({ registration, ascending: 'true' })).statements;
const verbsOf = (statements: readonly Json[]): string[] =>
  statements.map((one) => (one['verb'] as { id: string }).id.replace(/.*\//, ''));
const resultOf = async ({ registration: id }: OpenedUnit) =>
  (await hub.resources.db('registrations').where({ id }).first())!;
const activityOf = async ({ registration }: OpenedUnit) =>
  (await hub.resources.db('registration_activities').where({ registration_id: registration }).first())!;

describe('an xAPI unit', () => {
  it('is opened with all that its content has to know', async () => {
    const unit = await open();
    expect(unit.address.pathname).toMatch(/^\/s\/[^/]+\/content\/lesson\/golf\.html$/);
    expect([unit.address.searchParams.get('a'), unit.address.hash]).toEqual(['b', '#top']);
    expect(unit.activityId).toBe(golf);
    expect(unit.actor).toMatchObject({ objectType: 'Agent', account: { homePage: hub.url } });
    expect((await fetch(unit.address)).status).toBe(200);
    const about = await unit.call('about');
    expect(about.status).toBe(200);
    expect(await stored(unit)).toMatchObject([{ verb: verb('launched'), actor: unit.actor, object: { id: golf } }]);
  });

  it('says nothing of its launch where the course is set so', async () => {
    await importCourse(hub, call, 'quiet', tincanCourse());
    await call('setCourseConfiguration', 'quiet', {
      settings: [{ settingId: 'GenerateTinCanLaunchStatements', value: 'false' }],
    });
    expect(await stored(await openUnitOf(await openLaunchOf(call, 'quiet'), golf))).toEqual([]);
  });

  it('gets its result by what it says', async () => {
    const unit = await open();
    expect((await unit.post(unit.statement({ verb: verb('initialized') }))).status).toBe(200);
    expect(await activityOf(unit)).toMatchObject({ completion: 'incomplete', attempts: 1 });
    const result = { score: { scaled: 0.9 }, duration: 'PT1M30S' };
    expect((await unit.post(unit.statement({ verb: verb('passed'), result }))).status).toBe(200);
    const passed = { completion: 'completed', success: 'passed', score: 0.9, seconds: 90 };
    expect(await activityOf(unit)).toMatchObject(passed);
    expect(await resultOf(unit)).toMatchObject(passed);
    expect(verbsOf(await stored(unit))).toEqual(['launched', 'initialized', 'passed']);
  });
});
