import { deleteUnopened } from '../../src/player/launches.store';
import { addDays } from '../../src/programs/program-settings.rules';
import { commit, LaunchFixture, leave } from '../support/enrolled-launches';
import { startHub, type TestHub } from '../support/hub';
import { openSession, linkTo } from '../support/player';
import { scoCourse } from '../support/played-courses';
import { openUnitOf, tincanCourse, verb, golf as golfActivity } from '../support/unit-xapi';

let hub: TestHub;
let golf: LaunchFixture;

beforeAll(async () => {
  hub = await startHub();
  golf = new LaunchFixture(hub, await hub.newKey());
  for (const course of ['golf', 'putting']) await golf.import(course, scoCourse(['a']));
});
afterAll(() => hub.close());

const failed = { 'cmi.core.lesson_status': 'failed' };
const incomplete = { 'cmi.core.lesson_status': 'incomplete' };
const queued = () => hub.resources.db('completion_queue');

describe('a completion of a launch', () => {
  it('is recorded with the registration as its source, and advances the enrollment', async () => {
    const all = await golf.enrolled();
    await commit(await golf.open(all));
    const [registration] = await golf.registrations(all.learner);
    expect(await queued()).toMatchObject([{ door: 'launch', event_id: registration!.id, email: null }]);
    await golf.record();
    expect(await golf.items(all)).toEqual(['complete', 'pending']);
    expect(await golf.completions(all.learner)).toEqual([
      { door: 'launch', source_id: registration!.id, course_id: 'golf' },
    ]);
    expect(await golf.programs.story(all.enrollment)).toEqual(['enrolled', 'source_added', 'step_completed']);
    expect(await golf.programs.events(all.enrollment)).toEqual([
      'HUB_ENROLLMENT_CREATED',
      'HUB_ENROLLMENT_STEP_COMPLETED',
    ]);
  });

  it('is recorded once, however many launches and commits say so, at once and later', async () => {
    const all = await golf.enrolled();
    const sessions = await Promise.all(Array.from({ length: 4 }, () => golf.open(all)));
    const answers = await Promise.all(sessions.flatMap((session) => [commit(session), commit(session)]));
    for (const { status } of answers) expect(status).toBe(200);
    expect(await queued()).toHaveLength(1);
    await golf.record();
    await commit(sessions[0]!, incomplete, 2);
    await commit(sessions[0]!, { 'cmi.core.lesson_status': 'passed' }, 3);
    expect(await queued()).toEqual([]);
    expect(await golf.completions(all.learner)).toHaveLength(1);
  });

  it('is none where the course was failed, until it is passed', async () => {
    const all = await golf.enrolled();
    const session = await golf.open(all);
    await commit(session, failed, 1);
    await commit(session, incomplete, 2);
    await golf.record();
    expect(await golf.items(all)).toEqual(['pending', 'pending']);
    await commit(session, { 'cmi.core.lesson_status': 'passed' }, 3);
    await golf.record();
    expect(await golf.items(all)).toEqual(['complete', 'pending']);
  });

  it('is none where the launch is not tracked, which takes nothing back either', async () => {
    const all = await golf.enrolled();
    await commit(await golf.open(all, 0, { tracking: false }));
    await golf.record();
    expect(await golf.items(all)).toEqual(['pending', 'pending']);
    await commit(await golf.open(all));
    await golf.record();
    const [before] = await golf.registrations(all.learner);
    const untracked = await commit(await golf.open(all, 0, { tracking: false }), failed);
    expect(await untracked.json()).toMatchObject({ result: { completion: 'completed', success: 'passed' } });
    expect(await golf.registrations(all.learner)).toMatchObject([{ ...before, updated_at: expect.any(Date) as Date }]);
  });

  it('is none where the course is previewed, in whosever browser', async () => {
    const all = await golf.enrolled();
    await commit(await openSession(await linkTo(golf.call, 'golf')));
    expect(await queued()).toEqual([]);
    await golf.record();
    expect(await golf.items(all)).toEqual(['pending', 'pending']);
    expect(await golf.completions(all.learner)).toEqual([]);
  });

  it('out of its turn waits for it in a linear program', async () => {
    const all = await golf.enrolled();
    await commit(await golf.openCourse(all.learner, 'putting'));
    await golf.record();
    expect(await golf.items(all)).toEqual(['pending', 'pending']);
    await commit(await golf.open(all));
    await golf.record();
    expect(await golf.items(all)).toEqual(['complete', 'complete']);
  });

  it('counts for the learner of its own application, whoever else has that uid and that course', async () => {
    const all = await golf.enrolled();
    const stranger = new LaunchFixture(hub, await hub.newKey());
    await stranger.import('golf', scoCourse(['a']));
    const [double] = await stranger.programs.save([{ uid: all.learner.uid, email: all.learner.email! }]);
    await commit(await stranger.openCourse(double!, 'golf'));
    await golf.record();
    expect(await stranger.completions(double!)).toHaveLength(1);
    expect(await golf.completions(all.learner)).toEqual([]);
    expect(await golf.items(all)).toEqual(['pending', 'pending']);
  });

  it('stays the learner’s, whatever the learner is called by then', async () => {
    const all = await golf.enrolled();
    await commit(await golf.open(all));
    await golf.api.call('PATCH', `/learners/${all.learner.id}`, { uid: 'somebody else', email: null });
    await golf.programs.save([{ uid: all.learner.uid, email: all.learner.email! }]);
    await golf.record();
    expect(await golf.items(all)).toEqual(['complete', 'pending']);
  });

  it('is forgotten with a learner who is deleted before it is recorded, and holds up no other', async () => {
    const [gone, there] = [await golf.enrolled(), await golf.enrolled()];
    for (const all of [gone, there]) await commit(await golf.open(all));
    await golf.api.call('DELETE', `/learners/${gone.learner.id}`);
    await golf.record();
    expect(await queued()).toEqual([]);
    expect(await golf.items(there)).toEqual(['complete', 'pending']);
    expect(await hub.resources.db('completions').where({ uid: gone.learner.uid })).toEqual([]);
  });

  it('comes of content that reports to the server itself as well', async () => {
    await golf.import('xapi', tincanCourse());
    const all = await golf.enrolled({}, [{ course_id: 'xapi' }]);
    const unit = await openUnitOf(await golf.open(all), golfActivity);
    await unit.post(unit.statement({ verb: verb('passed') }));
    await unit.post(unit.statement({ verb: verb('completed') }));
    expect(await queued()).toHaveLength(1);
    await golf.record();
    expect(await golf.items(all)).toEqual(['complete']);
  });
});

describe('after a re-enrollment', () => {
  /** Enrolls a learner anew who has completed everything. */
  async function again() {
    const all = await golf.enrolled({}, [{ course_id: 'golf' }]);
    const session = await golf.open(all);
    await commit(session);
    await golf.record();
    await golf.programs.enroll(all.programId, [{ id: all.learner.id }]);
    const enrollment = await golf.programs.enrollment(all.programId, all.learner.id);
    return { ...all, enrollment, before: all.enrollment, session };
  }

  it.each(['an item', 'a course'])('a launch of %s begins anew, and its completion counts', async (what) => {
    const all = await again();
    expect(all.enrollment.id).not.toBe(all.before.id);
    expect(await golf.items(all)).toEqual(['pending']);
    const open = () => (what === 'an item' ? golf.open(all) : golf.openCourse(all.learner, 'golf'));
    const session = await open();
    await open();
    const [old, now, ...others] = await golf.registrations(all.learner);
    expect([old, now, others]).toMatchObject([{ completion: 'completed' }, { completion: 'unknown' }, []]);
    await commit(session);
    await golf.record();
    expect(await golf.items(all)).toEqual(['complete']);
    expect(await golf.completions(all.learner)).toMatchObject([{ source_id: old!.id }, { source_id: now!.id }]);
  });

  it('what an old launch says completes nothing once more', async () => {
    const all = await again();
    await commit(all.session, incomplete, 2);
    await commit(all.session, { 'cmi.core.lesson_status': 'passed' }, 3);
    await golf.record();
    expect(await golf.items(all)).toEqual(['pending']);
  });

  it('what is under way goes on, and counts', async () => {
    const all = await golf.enrolled({}, [{ course_id: 'golf' }]);
    const session = await golf.open(all);
    await commit(session, incomplete);
    await leave(session);
    await golf.programs.complete({ learner: { id: all.learner.id }, courseId: 'golf' });
    await golf.programs.enroll(all.programId, [{ id: all.learner.id }]);
    const now = { ...all, enrollment: await golf.programs.enrollment(all.programId, all.learner.id) };
    await commit(await golf.open(now));
    await golf.record();
    expect(await golf.items(now)).toEqual(['complete']);
    expect(await golf.registrations(all.learner)).toHaveLength(1);
  });
});

it('links of learners that nobody opened are removed, and their registrations are not', async () => {
  const { learner } = await golf.enrolled();
  await golf.link(`/learners/${learner.id}/courses/golf/launch`);
  const preview = await linkTo(golf.call, 'golf');
  expect(preview).toContain('/launch/');
  const later = addDays(new Date(), 1);
  await deleteUnopened(hub.resources.db, later, 1);
  while ((await deleteUnopened(hub.resources.db, later, 1)) > 0);
  expect(await golf.registrations(learner)).toHaveLength(1);
  expect(await hub.resources.db('launches').where({ state: 'unopened' })).toEqual([]);
  const previews = hub.resources.db('registrations as r').where({ kind: 'preview' });
  expect(await previews.whereNotExists(hub.resources.db('launches').whereRaw('registration_id = r.id'))).toEqual([]);
});
