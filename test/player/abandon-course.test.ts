import { cmi5Course, cmi5Unit } from '../support/course-packages';
import { LaunchFixture } from '../support/enrolled-launches';
import { startHub, type TestHub } from '../support/hub';
import { scoCourse } from '../support/played-courses';
import { extension, launchDataQuery, openAu, RunningAu } from '../support/unit-cmi5';
import { type Json, xapiApi } from '../support/xapi';

const id = (name: string): string => `https://example.com/${name}`;

let hub: TestHub;
let golf: LaunchFixture;

beforeAll(async () => {
  hub = await startHub();
  golf = new LaunchFixture(hub, await hub.newKey());
  const units = ['first', 'second'].map((name) => cmi5Unit(name, 'index.html', 'moveOn="Passed"')).join('');
  await golf.import('golf', cmi5Course(units));
});
afterAll(() => hub.close());

const ask = ({ id: learner }: { id: number }, { of = 'golf', by = golf } = {}) =>
  by.api.send('POST', `/learners/${learner}/courses/${of}/abandon`, undefined);
const begin = async (learner: { id: number }, request: object = {}) =>
  RunningAu.begin(await openAu(await golf.openCourse(learner, 'golf', request), id('first')));
const list = async (registration: string): Promise<Json[]> =>
  (await xapiApi(hub, golf.key).list({ registration, ascending: 'true' })).statements;

describe('POST /learners/{id}/courses/{courseId}/abandon', () => {
  it('9.3.6.0-1, 9.3.6.0-2, 9.3.0.0-10: ends what is open, says so once, and takes nothing of it any more', async () => {
    const learner = await golf.programs.learner();
    const running = await begin(learner);
    await running.say('initialized');
    const { au, sessionId } = running;
    const { status, body } = await ask(learner);
    expect([status, body]).toEqual([200, { abandoned: [{ session_id: sessionId, au_id: id('first') }] }]);
    expect((await running.post(running.allowed())).status).toBe(403);
    expect((await au.call('/activities/state', { query: launchDataQuery(au) })).status).toBe(401);
    expect((await ask(learner)).body).toEqual({ abandoned: [] });
    const [, , abandoned, ...more] = await list(au.registration);
    expect(more).toEqual([]);
    expect(abandoned).toMatchObject({
      actor: au.actor,
      verb: { id: 'https://w3id.org/xapi/adl/verbs/abandoned' },
      object: { id: au.activityId },
      result: { duration: expect.stringMatching(/^PT[\d.]+S$/) as string },
      context: { registration: au.registration, extensions: { [extension('sessionid')]: sessionId } },
    });
    const again = await RunningAu.begin(await openAu(au.session, id('first')));
    expect(await again.say('initialized', 'passed', 'terminated')).toBe(200);
  });

  it('says nothing of what has ended, or is not kept', async () => {
    const learner = await golf.programs.learner();
    const ended = await begin(learner);
    await ended.say('initialized', 'terminated');
    const unkept = await begin(learner, { tracking: false });
    await unkept.say('initialized');
    expect((await ask(learner)).body).toEqual({ abandoned: [{ session_id: unkept.sessionId, au_id: id('first') }] });
    expect((await unkept.post(unkept.allowed())).status).toBe(403);
    expect(await list(ended.au.registration)).toHaveLength(3);
  });

  it('finds nothing where nothing was begun, and refuses other courses and what is another application’s', async () => {
    await golf.import('scorm', scoCourse(['a']));
    const learner = await golf.programs.learner();
    expect(await ask(learner)).toMatchObject({ status: 200, body: { abandoned: [] } });
    expect(await golf.registrations(learner)).toEqual([]);
    const { applicationId } = golf.key;
    const reader = new LaunchFixture(hub, await hub.newKey({ applicationId, scopes: ['read:hub'] }));
    const answers = await Promise.all([
      ask(learner, { of: 'scorm' }),
      ask(learner, { of: 'nowhere' }),
      ask({ id: 999_999 }),
      ask(learner, { by: new LaunchFixture(hub, await hub.newKey()) }),
      ask(learner, { by: reader }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([409, 404, 404, 404, 403]);
  });
});
