import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { v7 as uuid } from 'uuid';
import { insertCourse, insertVersion } from '../../src/courses/courses.store';
import { changeEnrollmentDates } from '../../src/programs/change-dates';
import type { Enrollment } from '../../src/programs/enrollment.rules';
import { addDays, type ProgramSettings } from '../../src/programs/program-settings.rules';
import { removeEnrollment } from '../../src/programs/remove-enrollment';
import { sweepEnrollments } from '../../src/programs/sweep-enrollments';
import { waiveCourse } from '../../src/programs/waive-course';
import type { enrollmentLifecycle } from '../../workflows';
import { recordHistory, replay } from '../support/histories';
import { EnrollmentWorkflows } from '../support/enrollment-workflows';
import type { TestHub } from '../support/hub';
import type { ProgramFixture } from '../support/programs';
import { type CallCourseApi, courseApi } from '../support/scorm-cloud';
import { untilStarted } from '../support/workflows';

jest.setTimeout(60_000);

let workflows: EnrollmentWorkflows;
let hub: TestHub;
let env: TestWorkflowEnvironment;
let programs: ProgramFixture;

beforeAll(async () => {
  workflows = await EnrollmentWorkflows.start();
  ({ hub, env, programs } = workflows);
});
afterAll(() => workflows.close());

const now = (): Promise<Date> => workflows.now();
const handleOf = (enrollment: Pick<Enrollment, 'id'>) => workflows.handleOf(enrollment);

interface Life {
  enrollment: Enrollment;
  handle: WorkflowHandle<typeof enrollmentLifecycle>;
  start: Date;
  programId: number;
  learnerId: number;
  choice: { applicationId: string; enrollmentId: number };
}

/** An enrollment that was made at the server's time, and its workflow. */
async function enrolled(settings: Partial<ProgramSettings>): Promise<Life> {
  const start = await now();
  const program = await programs.program(settings);
  const learner = await programs.learner();
  await programs.enroll(program.id, [{ id: learner.id }], start);
  const enrollment = await programs.enrollment(program.id, learner.id);
  const handle = handleOf(enrollment);
  await untilStarted(handle);
  const choice = { applicationId: programs.applicationId, enrollmentId: enrollment.id };
  return { enrollment, handle, start, programId: program.id, learnerId: learner.id, choice };
}

const again = async ({ programId, learnerId }: Life): Promise<Enrollment> => programs.enrollment(programId, learnerId);

test('reminds, tells of what is overdue and expired, and ends when nothing is left to happen', async () => {
  const life = await enrolled({
    default_days_until_due: 30,
    reminder_days: [7, 1],
    expires: true,
    default_days_until_expiration: 60,
  });
  expect(await life.handle.result()).toBe('active');
  expect(await programs.story(life.enrollment)).toEqual([
    'enrolled',
    'source_added',
    'reminded',
    'reminded',
    'overdue',
    'expired',
  ]);
  expect(await again(life)).toMatchObject({
    state: 'active',
    overdue_at: addDays(life.start, 30),
    expired_at: addDays(life.start, 60),
    next_wake_at: null,
  });
  await recordHistory('enrollment-lifecycle.expired', life.handle);
});

test('ends when the enrollment is completed, and says so', async () => {
  const life = await enrolled({ default_days_until_due: 30 });
  for (const courseId of ['golf', 'putting'])
    await programs.complete({ learner: { id: life.learnerId }, courseId }, await now());
  expect(await life.handle.result()).toBe('complete');
  expect((await life.handle.describe()).searchAttributes).toMatchObject({
    HubState: ['complete'],
    HubEnrollmentId: [String(life.enrollment.id)],
    HubLearnerId: [String(life.learnerId)],
    HubProgramId: [String(life.programId)],
  });
  await recordHistory('enrollment-lifecycle.completed', life.handle);
});

test('ends when the enrollment is removed', async () => {
  const life = await enrolled({ default_days_until_due: 30 });
  await removeEnrollment(life.choice, programs.needs, await now());
  expect(await life.handle.result()).toBe('removed');
});

test('says what it waits for, and until when', async () => {
  const life = await enrolled({ default_days_until_due: 30 });
  let said = await workflows.detailsOf(life.enrollment);
  while (!said) said = await workflows.detailsOf(life.enrollment);
  expect(said).toBe(`active. Waiting until ${addDays(life.start, 30).toISOString()}, when the due date passes.`);
  const { searchAttributes } = await life.handle.describe();
  expect(searchAttributes).toMatchObject({ HubNextWake: [addDays(life.start, 30)], HubState: ['active'] });
});

test('follows dates that are changed, in both directions', async () => {
  const life = await enrolled({ default_days_until_due: 30, reminder_days: [7] });
  const change = async (days: number | null): Promise<unknown> => {
    const at = await now();
    return changeEnrollmentDates(life.choice, { end_at: days === null ? null : addDays(at, days) }, programs.needs, at);
  };
  await change(100);
  await env.sleep('50 days');
  expect(await programs.story(life.enrollment)).toEqual(['enrolled', 'source_added', 'dates_changed']);
  await change(5);
  expect(await life.handle.result()).toBe('active');
  expect((await programs.story(life.enrollment)).slice(3)).toEqual(['dates_changed', 'overdue']);
  await recordHistory('enrollment-lifecycle.dates', life.handle);
});

test('starts again for an enrollment that has something to happen again', async () => {
  const life = await enrolled({ default_days_until_due: 10 });
  await life.handle.result();
  const at = await now();
  await changeEnrollmentDates(life.choice, { end_at: addDays(at, 10) }, programs.needs, at);
  while ((await handleOf(life.enrollment).describe()).status.name !== 'RUNNING') await env.sleep('1 second');
  expect(await handleOf(life.enrollment).result()).toBe('active');
  expect(await programs.events(life.enrollment)).toEqual([
    'HUB_ENROLLMENT_CREATED',
    'HUB_ENROLLMENT_OVERDUE',
    'HUB_ENROLLMENT_DATES_CHANGED',
    'HUB_ENROLLMENT_OVERDUE',
  ]);
});

test('continues as new every 30 days of waiting', async () => {
  const life = await enrolled({ default_days_until_due: 100 });
  const first = (await life.handle.describe()).runId;
  expect(await handleOf(life.enrollment).result()).toBe('active');
  const last = await handleOf(life.enrollment).describe();
  expect(last.runId).not.toBe(first);
  expect(last.historyLength).toBeLessThan(40);
  expect(await again(life)).toMatchObject({ overdue_at: addDays(life.start, 100) });
  await recordHistory(
    'enrollment-lifecycle.continued',
    env.client.workflow.getHandle(`enrollment/${life.enrollment.id}`, first),
  );
});

/** Lets days pass, not faster than the relay and the workflows can follow. */
async function pass(days: number): Promise<void> {
  const { db } = hub.resources;
  for (let left = days; left > 0; left -= stepDays) {
    await env.sleep(`${Math.min(stepDays, left)} days`);
    const until = await now();
    while (await db('enrollments').where('next_wake_at', '<', until).first('id')) await delay(5);
    while (await db('outbox').whereNull('failed_at').first('id')) await delay(5);
  }
}
const stepDays = 5;

test('lives for three years: re-enrolled each year, dates changed, and a worker that goes and comes back', async () => {
  const life = await enrolled({
    default_days_until_due: 60,
    reminder_days: [14],
    expires: true,
    default_days_until_expiration: 365,
    auto_re_enroll: true,
    re_enrollment_period: 5,
  });
  const { programId, learnerId, start } = life;
  const all = () => programs.enrollments(programId, learnerId);
  await pass(30);
  for (const courseId of ['golf', 'putting'])
    await programs.complete({ learner: { id: learnerId }, courseId }, await now());
  await pass(350);
  const [first, second] = await all();
  expect(first).toMatchObject({ state: 'complete', next_wake_at: null });
  expect(second).toMatchObject({ state: 'active', previous_id: first!.id, current_item_index: 0, superseded_at: null });
  // The second year: the due date is put off, and the worker goes and comes back.
  const at = await now();
  const choice = { applicationId: programs.applicationId, enrollmentId: second!.id };
  await changeEnrollmentDates(choice, { end_at: addDays(at, 200) }, programs.needs, at);
  await pass(stepDays);
  await workflows.replaceWorker();
  await pass(355);
  expect(await programs.story(second!)).toEqual(['enrolled', 'dates_changed', 'reminded', 'overdue', 're_enrolled']);
  // The third: re-enrolled once more, and removed in the end.
  await pass(360);
  const years = await all();
  expect(years).toHaveLength(4);
  expect(years.map(({ previous_id }) => previous_id)).toEqual([null, ...years.slice(0, -1).map(({ id }) => id)]);
  for (const [nth, { created_at }] of years.entries())
    expect(Math.round((created_at.getTime() - start.getTime()) / (360 * 86_400_000))).toBe(nth);
  const last = years.at(-1)!;
  await removeEnrollment({ ...choice, enrollmentId: last.id }, programs.needs, await now());
  expect(await handleOf(last).result()).toBe('removed');
  for (const { id } of years.slice(0, -1)) expect(await handleOf({ id }).result()).toBe('superseded');
});

test('a deleted course is waived for all who are enrolled', async () => {
  const program = await programs.program({}, [{ course_id: 'doomed' }]);
  const learners = await programs.learners(250);
  await programs.enroll(
    program.id,
    learners.map(({ id }) => ({ id })),
    await now(),
  );
  const course = { applicationId: programs.applicationId, courseId: 'doomed' };
  await hub.resources.db.transaction((tx) => waiveCourse(tx, course));
  const handle = env.client.workflow.getHandle(`waive/${course.applicationId}/${course.courseId}`);
  await untilStarted(handle);
  await handle.result();
  const states = await hub.resources.db('enrollments').where({ program_id: program.id }).pluck<string[]>('state');
  expect(new Set(states)).toEqual(new Set(['complete']));
  expect(states).toHaveLength(250);
});

/** A course of the application with one version, and what calls its API. */
async function storedCourse(courseId: string): Promise<CallCourseApi> {
  const { applicationId: application_id } = programs;
  await hub.resources.db.transaction(async (tx) => {
    const { id: course_id } = (await insertCourse(tx, {
      id: uuid(),
      application_id,
      course_id: courseId,
      title: courseId,
      tags: [],
    }))!;
    await insertVersion(
      tx,
      {
        id: uuid(),
        course_id,
        version: 0,
        title: courseId,
        learning_standard: 'SCORM12',
        xapi_activity_id: `https://example.com/${course_id}`,
        identifier: 'the-manifest',
        metadata: { title: courseId, keywords: [] },
        languages: [],
        structure: {
          launchHref: 'index.html',
          sequenced: false,
          parserWarnings: [],
          rootActivity: { identifier: 'root', type: 'AGGREGATION', title: courseId, children: [] },
        },
      },
      { package_key: null, file_key: null, file_name: null, file_type: null },
    );
  });
  return courseApi(hub, await hub.newKey({ applicationId: application_id }));
}

test.each([
  ['deleteCourse', []],
  ['deleteCourseVersion', [0]],
] as const)(
  'a course that is gone by %s is waived for those enrolled, and not there for later ones',
  async (name, of) => {
    const call = await storedCourse(`course of ${name}`);
    const items = [{ course_id: 'golf' }, { course_id: `course of ${name}` }];
    const program = await programs.program({ default_days_until_due: 30 }, items);
    const [early, late] = await programs.learners(2);
    await programs.enroll(program.id, [{ id: early!.id }], await now());
    expect((await call(name, `course of ${name}`, ...of)).status).toBe(204);
    const isWaived = async (): Promise<boolean> =>
      (await programs.enrollment(program.id, early!.id)).items.some(({ state }) => state === 'waived');
    while (!(await isWaived())) await delay(20);
    await programs.enroll(program.id, [{ id: late!.id }], await now());
    const later = await programs.enrollment(program.id, late!.id);
    expect(later.items.map(({ course_id }) => course_id)).toEqual(['golf']);
    for (const { id } of [early!, late!]) await programs.complete({ learner: { id }, courseId: 'golf' }, await now());
    const enrollment = await programs.enrollment(program.id, early!.id);
    for (const each of [enrollment, later]) expect(await handleOf(each).result()).toBe('complete');
    expect(enrollment.items.map(({ state }) => state)).toEqual(['complete', 'waived']);
    expect(await programs.events(enrollment)).toEqual([
      'HUB_ENROLLMENT_CREATED',
      'HUB_ENROLLMENT_STEP_COMPLETED',
      'HUB_ENROLLMENT_STEP_COMPLETED',
      'HUB_ENROLLMENT_COMPLETED',
    ]);
  },
);

test('one that was terminated is begun anew by the sweep, with what was missed', async () => {
  const life = await enrolled({
    default_days_until_due: 10,
    reminder_days: [3],
    expires: true,
    default_days_until_expiration: 30,
  });
  // On this server, one that is terminated in the midst of a task holds time up.
  while (!(await workflows.detailsOf(life.enrollment))) await delay(20);
  await life.handle.terminate();
  await env.sleep('8 days');
  expect(await programs.story(life.enrollment)).toEqual(['enrolled', 'source_added']);
  await sweepEnrollments(await now(), programs.needs);
  while ((await handleOf(life.enrollment).describe()).status.name !== 'RUNNING') await delay(20);
  expect(await handleOf(life.enrollment).result()).toBe('active');
  expect((await programs.story(life.enrollment)).slice(2)).toEqual(['reminded', 'overdue', 'expired']);
  expect(await again(life)).toMatchObject({ overdue_at: addDays(life.start, 10), next_wake_at: null });
});

describe('recorded histories', () => {
  test.each(['expired', 'completed', 'dates', 'continued'])('replay on this code: %s', async (name) => {
    await expect(replay(`enrollment-lifecycle.${name}`)).resolves.toBeUndefined();
  });

  test('of another behaviour do not replay', async () => {
    const other = replay('enrollment-lifecycle.expired', (text) =>
      text.replaceAll('"refreshEnrollment"', '"lookAtEnrollment"'),
    );
    await expect(other).rejects.toThrow(/Nondeterminism/);
  });
});
