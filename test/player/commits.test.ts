import { scoCourse } from '../support/played-courses';
import { importCourse, linkTo, openSession } from '../support/player';
import { startHub, type TestHub } from '../support/hub';
import { type CallCourseApi, courseApi } from '../support/scorm-cloud';

let hub: TestHub;
let call: CallCourseApi;

beforeAll(async () => {
  hub = await startHub();
  call = courseApi(hub, await hub.newKey());
  await importCourse(hub, call, 'two', scoCourse(['a', 'b']));
});
afterAll(() => hub.close());

const open = async (request: object = {}): Promise<string> => openSession(await linkTo(call, 'two', request));

const activity = (more: object = {}) => ({ id: 'a', session: 1, ended: false, values: {}, seconds: 0, ...more });
const commit = (session: string, body: object | string) =>
  fetch(`${session}commit`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify({ opening: 1, number: 1, current: 'a', ...body }),
  });
const rows = () => hub.resources.db('registration_activities').orderBy('updated_at', 'desc');
const newest = async () => (await hub.resources.db('registrations').orderBy('created_at', 'desc').first())!;

describe('a commit', () => {
  it('is answered with what it makes of the activity and of the course', async () => {
    const session = await open();
    const values = { 'cmi.core.lesson_status': 'passed', 'cmi.core.score.raw': '75' };
    const answer = await commit(session, { activity: activity({ values, seconds: 12 }) });
    expect(answer.status).toBe(200);
    const passed = { completion: 'completed', success: 'passed', score: 0.75, progress: null };
    expect(await answer.json()).toEqual({
      result: { completion: 'incomplete', success: 'unknown', score: 0.75, progress: 0.5 },
      activities: { a: passed },
    });
    expect(await newest()).toMatchObject({ completion: 'incomplete', seconds: 12, current_activity: 'a' });
  });

  it('that was kept already adds nothing, and neither does an older one', async () => {
    const session = await open();
    const first = { number: 2, activity: activity({ values: { 'cmi.core.lesson_location': 'two' } }) };
    await commit(session, first);
    const older = { number: 1, activity: activity({ values: { 'cmi.core.lesson_location': 'one' } }) };
    expect((await commit(session, older)).status).toBe(200);
    expect((await commit(session, first)).status).toBe(200);
    expect((await rows().first()).cmi).toEqual({ 'cmi.core.lesson_location': 'two' });
  });

  it('of a page that was loaded again waits for nobody, but one of a page still to come is none', async () => {
    const session = await open();
    await fetch(`${session}state`); // The second opening.
    const late = { opening: 1, number: 5, activity: activity({ values: { 'cmi.suspend_data': 'late' } }) };
    await commit(session, late);
    expect((await rows().first()).cmi).toEqual({ 'cmi.suspend_data': 'late' });
    await commit(session, { opening: 2, number: 1, activity: activity({ values: { 'cmi.suspend_data': 'new' } }) });
    await commit(session, { ...late, number: 6 });
    await commit(session, { opening: 3, number: 1, activity: activity({ values: { 'cmi.suspend_data': 'forged' } }) });
    expect((await rows().first()).cmi).toEqual({ 'cmi.suspend_data': 'new' });
  });

  it('changes what it names and nothing else; a new session begins with what it says', async () => {
    const session = await open();
    const values = { 'cmi.core.lesson_status': 'incomplete', 'cmi.suspend_data': 'kept' };
    await commit(session, { number: 1, activity: activity({ values }) });
    await commit(session, { number: 2, activity: activity({ values: { 'cmi.core.lesson_location': 'x' } }) });
    expect((await rows().first()).cmi).toEqual({ ...values, 'cmi.core.lesson_location': 'x' });
    const anew = activity({ session: 2, values: { 'cmi.core.lesson_status': 'completed' } });
    await commit(session, { number: 3, activity: anew });
    expect(await rows().first()).toMatchObject({ cmi: anew.values, attempts: 2, completion: 'completed' });
  });

  it('keeps nothing where the launch is not tracked', async () => {
    const session = await open({ tracking: false });
    const values = { 'cmi.core.lesson_status': 'passed' };
    expect((await commit(session, { activity: activity({ values }) })).status).toBe(200);
    const { id, completion } = await newest();
    expect(completion).toBe('unknown');
    expect(await hub.resources.db('registration_activities').where({ registration_id: id })).toEqual([]);
  });

  it.each<[string, object | string, number]>([
    ['that is no JSON', '{', 400],
    ['that is empty', '', 400],
    ['of an activity that the course does not have', { activity: activity({ id: 'zzz' }) }, 400],
    ['of the course itself', { activity: activity({ id: 'org' }) }, 400],
    ['with an element that is none', { activity: activity({ values: { 'window.x': '1' } }) }, 400],
    ['with a prototype', '{"opening":1,"number":1,"current":"a","__proto__":{"x":1}}', 400],
    ['with a value that is no text', { activity: activity({ values: { 'cmi.suspend_data': 1 } }) }, 400],
    ['with a NUL', { activity: activity({ values: { 'cmi.suspend_data': 'a\u0000b' } }) }, 400],
    ['with a score beyond one', { course: { completion: 'unknown', success: 'unknown', score: 2, progress: 0 } }, 400],
    ['with negative time', { activity: activity({ seconds: -1 }) }, 400],
    ['with a member that nobody knows', { sudo: true }, 400],
    ['with a number that is none', { number: 1.5 }, 400],
  ])('%s is refused', async (_what, body, status) => {
    const session = await open();
    const before = (await rows()).length;
    const answer = await commit(session, body);
    expect(answer.status).toBe(status);
    expect(((await answer.json()) as { message: string }).message).not.toBe('');
    expect(await rows()).toHaveLength(before);
  });

  it('is as large as the course is set to allow', async () => {
    await call('setCourseConfiguration', 'two', {
      settings: [{ settingId: 'RecordResultsMaxPayloadSizeInBytes', value: '2000' }],
    });
    const session = await open();
    const body = (length: number) => ({ activity: activity({ values: { 'cmi.suspend_data': 'x'.repeat(length) } }) });
    expect((await commit(session, body(1500))).status).toBe(200);
    expect((await commit(session, { number: 2, ...body(2500) })).status).toBe(413);
    await call('deleteCourseConfigurationSetting', 'two', 'RecordResultsMaxPayloadSizeInBytes');
  });

  it('may have so many elements, and together no more', async () => {
    const session = await open();
    const some = (from: number): Record<string, string> =>
      Object.fromEntries(Array.from({ length: 9000 }, (_, index) => [`cmi.interactions.${from + index}.id`, 'i']));
    expect((await commit(session, { number: 1, activity: activity({ values: some(0) }) })).status).toBe(200);
    expect((await commit(session, { number: 2, activity: activity({ values: some(9000) }) })).status).toBe(200);
    expect((await commit(session, { number: 3, activity: activity({ values: some(18_000) }) })).status).toBe(413);
  });

  it('that comes too often is put off', async () => {
    const session = await open();
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => commit(session, { number: index + 1, activity: activity() })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(40);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers.get('retry-after')).toBe('1');
    // Others are not held up.
    expect((await commit(await open(), { activity: activity() })).status).toBe(200);
  });

  it('reaches the session whose token it has, and no other', async () => {
    const [mine, other] = [await open(), await open()];
    const token = (session: string): string => new URL(session).pathname.split('/')[2]!;
    const [myId, mySignature] = token(mine).split('.');
    const [otherId] = token(other).split('.');
    const forged = other.replace(token(other), `${otherId}.${mySignature}`);
    expect((await commit(forged, { activity: activity() })).status).toBe(404);
    expect(myId).not.toBe(otherId);
  });
});
