import { createKey } from '../../src/applications/create-key';
import { lockRegistration, type RegistrationRow } from '../../src/player/registrations.store';
import type { ProgramItemInput } from '../../src/programs/save-program';
import { untilSomebodyWaits } from '../support/database';
import { startHub, type TestHub } from '../support/hub';
import { type Problem } from '../support/hub-api';
import { commit, type Enrolled, LaunchFixture, leave } from '../support/enrolled-launches';
import { openSession } from '../support/player';
import { scoCourse } from '../support/played-courses';

let hub: TestHub;
let golf: LaunchFixture;

beforeAll(async () => {
  hub = await startHub();
  golf = new LaunchFixture(hub, await hub.newKey());
  for (const course of ['golf', 'putting']) await golf.import(course, scoCourse(['a']));
});
afterAll(() => hub.close());

const launch = (all: Enrolled, position: number | string = 0, request: object = {}, by = golf) =>
  by.api.send('POST', `/enrollments/${all.enrollment.id}/items/${position}/launch`, request);

const stateOf = async (session: string) =>
  (await (await fetch(`${session}state`)).json()) as {
    learner: object;
    states: Record<string, { cmi: object }>;
    tracking: boolean;
  };

describe('POST /enrollments/{id}/items/{position}/launch', () => {
  it('answers a link that opens the course for the learner, by uid and name', async () => {
    const [learner] = await golf.programs.save([{ uid: 'ann', first_name: 'Ann', last_name: 'Lee' }]);
    const { id: programId } = await golf.programs.program();
    await golf.programs.enroll(programId, [{ id: learner!.id }]);
    const enrollment = await golf.programs.enrollment(programId, learner!.id);
    const session = await golf.open({ enrollment }, 0, { expiry: 300, redirectOnExitUrl: 'message' });
    expect(await stateOf(session)).toMatchObject({ learner: { id: 'ann', name: 'Lee, Ann' }, tracking: true });
    expect(await golf.registrations(learner!)).toMatchObject([
      { kind: 'enrolled', completion: 'unknown', revision: 1 },
    ]);
  });

  it('resumes what the learner has left, and shows the name that the learner has by then', async () => {
    const all = await golf.enrolled();
    const first = await golf.open(all);
    await commit(first, { 'cmi.suspend_data': 'page 7', 'cmi.core.exit': 'suspend' });
    await leave(first);
    await golf.api.call('PATCH', `/learners/${all.learner.id}`, { uid: 'new-id', last_name: 'New' });
    const state = await stateOf(await golf.openCourse(all.learner, 'golf'));
    expect(state.states['a']!.cmi).toMatchObject({ 'cmi.suspend_data': 'page 7' });
    expect(state.learner).toEqual({ id: all.learner.uid, name: 'New, First 0' });
    expect(await golf.registrations(all.learner)).toHaveLength(1);
  });

  it('launches what is done once more, and what is not yet its turn in a linear program not at all', async () => {
    const [linear, free] = [await golf.enrolled(), await golf.enrolled({ non_linear: true })];
    const refusal = await launch(linear, 1);
    expect([refusal.status, refusal.body.detail]).toEqual([409, expect.stringContaining('not done')]);
    expect((await launch(free, 1)).status).toBe(201);
    await commit(await golf.open(linear));
    await golf.record();
    expect((await launch(linear, 0)).status).toBe(201);
    expect((await launch(linear, 1)).status).toBe(201);
  });

  it('refuses what cannot be launched, and says why', async () => {
    const items: ProgramItemInput[] = [
      { title: 'Sign off', requires_approval: true },
      { course_id: 'elsewhere' },
      { course_id: 'golf' },
    ];
    const all = await golf.enrolled({ non_linear: true }, items);
    const answers: [number | string, object, number, string][] = [
      [0, {}, 400, 'approves'],
      [1, {}, 409, 'not in this hub'],
      [3, {}, 404, 'no item 3'],
      ['x', {}, 400, ''],
      [2, { expiry: 5 }, 400, ''],
      [2, { startSco: 'zzz' }, 400, 'no link'],
      [2, { cssUrl: 'file:///etc/passwd' }, 400, 'no link'],
    ];
    for (const [position, request, status, words] of answers) {
      const { body, ...answer } = await launch(all, position, request);
      expect([position, answer.status, body.detail]).toEqual([position, status, expect.stringContaining(words)]);
    }
    expect(await golf.registrations(all.learner)).toEqual([]);
  });

  it('knows no enrollment that was removed or superseded, nor another application’s, nor a deleted learner’s', async () => {
    const [removed, old, mine, gone] = [
      await golf.enrolled(),
      await golf.enrolled({}, [{ course_id: 'golf' }]),
      await golf.enrolled(),
      await golf.enrolled(),
    ];
    await golf.hub.fetch(`/api/author/programs/${removed.programId}/learners/${removed.enrollment.id}`, {
      method: 'DELETE',
      key: golf.key,
    });
    await golf.programs.complete({ learner: { id: old.learner.id }, courseId: 'golf' });
    await golf.programs.enroll(old.programId, [{ id: old.learner.id }]);
    await golf.api.call('DELETE', `/learners/${gone.learner.id}`);
    const stranger = new LaunchFixture(hub, await hub.newKey());
    expect((await launch(removed)).status).toBe(404);
    expect((await launch(old)).status).toBe(404);
    expect((await launch(gone)).status).toBe(404);
    expect((await launch(mine, 0, {}, stranger)).status).toBe(404);
    expect((await stranger.api.send('POST', `/learners/${mine.learner.id}/courses/golf/launch`, {})).status).toBe(404);
  });

  it('takes the scope write:hub', async () => {
    const all = await golf.enrolled();
    const { key, secret } = await createKey(
      { applicationId: golf.key.applicationId, scopes: ['read:hub', 'write', 'read'] },
      hub.resources,
    );
    const basic = `Basic ${Buffer.from(`${key.id}:${secret}`).toString('base64')}`;
    const headers = { 'content-type': 'application/json' };
    for (const path of [
      `enrollments/${all.enrollment.id}/items/0/launch`,
      `learners/${all.learner.id}/courses/golf/launch`,
    ]) {
      const answer = await hub.fetch(`/hub/v1/${path}`, { method: 'POST', key: basic, headers, body: '{}' });
      expect([answer.status, ((await answer.json()) as Problem).detail]).toEqual([
        403,
        expect.stringContaining('write:hub'),
      ]);
    }
  });

  it('makes one registration however many launch at once', async () => {
    const all = await golf.enrolled();
    const links = await Promise.all(
      Array.from({ length: 12 }, (_, nth) =>
        golf.link(
          nth % 2 === 0
            ? `/enrollments/${all.enrollment.id}/items/0/launch`
            : `/learners/${all.learner.id}/courses/golf/launch`,
        ),
      ),
    );
    expect(new Set(links).size).toBe(12);
    expect(await golf.registrations(all.learner)).toHaveLength(1);
  });

  it('breaks nothing where learners are deleted while they launch and learn', async () => {
    const learners = await golf.programs.learners(8);
    const sessions = await Promise.all(learners.map((learner) => golf.openCourse(learner, 'golf')));
    const answers = await Promise.all(
      learners.flatMap(({ id }, nth) => [
        commit(sessions[nth]!),
        golf.api.call('DELETE', `/learners/${id}`),
        golf.api.call('POST', `/learners/${id}/courses/golf/launch`, {}),
        leave(sessions[nth]!),
      ]),
    );
    for (const { status } of answers) expect([200, 201, 204, 404]).toContain(status);
    await golf.record();
    for (const learner of learners) {
      expect(await golf.registrations(learner)).toEqual([]);
      expect(await golf.completions(learner)).toEqual([]);
    }
    expect(await hub.resources.db('completion_queue')).toEqual([]);
  });
});

describe('POST /learners/{id}/courses/{courseId}/launch', () => {
  it('launches a course that no program has, and knows none that is not there or deleted', async () => {
    const learner = await golf.programs.learner();
    const path = (course: string) => `/learners/${learner.id}/courses/${course}/launch`;
    await golf.import('short-lived', scoCourse(['a']));
    const session = await golf.openCourse(learner, 'short-lived');
    await golf.call('deleteCourse', 'short-lived');
    expect((await golf.api.send('POST', path('short-lived'), {})).status).toBe(404);
    expect((await golf.api.send('POST', path('nowhere'), {})).status).toBe(404);
    expect((await golf.api.send('POST', '/learners/999999/courses/golf/launch', {})).status).toBe(404);
    expect(session).toContain('/s/');
  });
});

describe('a registration', () => {
  const version = async (all: Pick<Enrolled, 'learner'>) => {
    const rows = await hub.resources
      .db('registrations as r')
      .join('course_versions as v', 'v.id', 'r.version_id')
      .where('r.learner_id', all.learner.id)
      .orderBy('r.id')
      .pluck<number[]>('v.version');
    return rows;
  };
  const newVersion = (course: string) => golf.import(course, scoCourse(['a']), { mayCreateNewVersion: true });

  it('that is under way stays with its version; one that was never opened follows the course, and what is done begins anew', async () => {
    await golf.import('moving', scoCourse(['a']));
    const all = await Promise.all(['begun', 'done', 'unopened'].map(() => golf.programs.learner()));
    const [begun, done, unopened] = all as [Enrolled['learner'], Enrolled['learner'], Enrolled['learner']];
    for (const learner of [begun, done]) {
      const session = await golf.openCourse(learner, 'moving');
      await commit(session, { 'cmi.core.lesson_status': learner === done ? 'passed' : 'incomplete' });
      await leave(session);
    }
    await golf.link(`/learners/${unopened.id}/courses/moving/launch`);
    await newVersion('moving');
    for (const learner of all) await golf.openCourse(learner, 'moving');
    const versions = await Promise.all(all.map((learner) => version({ learner })));
    expect(versions).toEqual([[0], [0, 1], [1]]);
  });

  it('begins anew when the course is set to say so', async () => {
    await golf.import('daily', scoCourse(['a']));
    const settings = [{ settingId: 'WhenToRestartRegistration', value: 'WHEN_EXISTING_REG_IS_COMPLETE' }];
    await golf.call('setCourseConfiguration', 'daily', { settings });
    const learner = await golf.programs.learner();
    for (const status of ['incomplete', 'passed', 'incomplete']) {
      const session = await golf.openCourse(learner, 'daily');
      await commit(session, { 'cmi.core.lesson_status': status });
      await leave(session);
    }
    const results = (await golf.registrations(learner)).map(({ completion }) => completion);
    expect(results).toEqual(['completed', 'incomplete']);
  });

  it('that is open in a browser stays with its version, though it is done', async () => {
    await golf.import('open', scoCourse(['a']));
    const learner = await golf.programs.learner();
    const session = await golf.openCourse(learner, 'open');
    await commit(session);
    await newVersion('open');
    await golf.openCourse(learner, 'open');
    expect(await version({ learner })).toEqual([0]);
    expect((await commit(session, { 'cmi.suspend_data': 'on' }, 2)).status).toBe(200);
  });

  it('breaks nothing where its version is deleted while learners launch and learn', async () => {
    await golf.import('short', scoCourse(['a']));
    await newVersion('short');
    const learners = await golf.programs.learners(8);
    const sessions = await Promise.all(learners.map((learner) => golf.openCourse(learner, 'short')));
    const answers = await Promise.all([
      ...learners.flatMap(({ id }, nth) => [
        commit(sessions[nth]!),
        golf.api.call('POST', `/learners/${id}/courses/short/launch`, {}),
        commit(sessions[nth]!, undefined, 2),
      ]),
      golf.call('deleteCourseVersion', 'short', 1),
    ]);
    for (const { status } of answers) expect([200, 201, 204, 404]).toContain(status);
    for (const learner of learners) for (const number of await version({ learner })) expect(number).toBe(0);
  });

  it.each([
    ['learner', ({ id }: Enrolled['learner']) => golf.api.call('DELETE', `/learners/${id}`)],
    ['version', () => golf.call('deleteCourseVersion', 'held-version', 1)],
  ])('whose %s is deleted is waited for by way of its launch, as a commit comes', async (what, remove) => {
    const course = `held-${what}`;
    await golf.import(course, scoCourse(['a']));
    await newVersion(course);
    const { db } = hub.resources;
    const learner = await golf.programs.learner();
    await golf.openCourse(learner, course);
    const [{ id }] = (await golf.registrations(learner)) as [RegistrationRow];
    let removal: Promise<{ status: number }> | undefined;
    await db.transaction(async (tx) => {
      await tx('launches').where({ registration_id: id }).forUpdate().select('id');
      removal = remove(learner);
      await untilSomebodyWaits(db);
      expect(await lockRegistration(tx, id)).toMatchObject({ id });
    });
    expect((await removal)?.status).toBe(204);
    expect(await golf.registrations(learner)).toEqual([]);
  });

  it('goes with its version, and with the learner', async () => {
    await golf.import('leaving', scoCourse(['a']));
    await newVersion('leaving');
    const learner = await golf.programs.learner();
    const link = await golf.link(`/learners/${learner.id}/courses/leaving/launch`);
    await golf.call('deleteCourseVersion', 'leaving', 1);
    expect(await golf.registrations(learner)).toEqual([]);
    expect((await fetch(link)).status).not.toBe(500);
    const session = await golf.openCourse(learner, 'leaving');
    expect(await version({ learner })).toEqual([0]);
    await golf.api.call('DELETE', `/learners/${learner.id}`);
    expect(await golf.registrations(learner)).toEqual([]);
    expect((await commit(session)).status).toBe(404);
  });
});

it('a link is the launch’s own: each opens a session of its own', async () => {
  const all = await golf.enrolled();
  const [one, other] = [await golf.open(all), await golf.open(all)];
  expect(one).not.toBe(other);
  const link = await golf.link(`/enrollments/${all.enrollment.id}/items/0/launch`);
  expect(await openSession(link)).toBe(await openSession(link));
});
