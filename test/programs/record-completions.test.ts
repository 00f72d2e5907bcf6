import { approveItem } from '../../src/programs/approve-item';
import { changeLearner, createLearner, saveLearners } from '../../src/programs/save-learners';
import { addDays } from '../../src/programs/program-settings.rules';
import { refreshEnrollments } from '../../src/programs/refresh-enrollment';
import { sweepEnrollments } from '../../src/programs/sweep-enrollments';
import { waiveCourse, waiveSome } from '../../src/programs/waive-course';
import { createDatabase, type TestDatabase } from '../support/database';
import { ProgramFixture } from '../support/programs';

let database: TestDatabase;
let hub: ProgramFixture;
beforeAll(async () => {
  database = await createDatabase();
  hub = await ProgramFixture.create(database.db);
});
afterAll(() => database.drop());

const start = new Date('2026-02-01T09:00:00Z');

describe('a completion', () => {
  it('advances the enrollment, once, however often it comes', async () => {
    const program = await hub.program();
    const learner = await hub.learner();
    await hub.enroll(program.id, [{ id: learner.id }], start);
    const report = { learner: { email: learner.email!.toUpperCase() }, courseId: 'golf', sourceId: 'event-1' };
    await hub.complete(report, addDays(start, 1));
    await hub.complete(report, addDays(start, 2));
    await hub.complete({ learner: { id: learner.id }, courseId: 'golf' }, addDays(start, 3));
    const enrollment = await hub.enrollment(program.id, learner.id);
    expect(enrollment).toMatchObject({ current_item_index: 1, progress: 5000 });
    expect(enrollment.items[0]).toMatchObject({ state: 'complete', completed_at: addDays(start, 1) });
    expect(await hub.events(enrollment)).toEqual(['HUB_ENROLLMENT_CREATED', 'HUB_ENROLLMENT_STEP_COMPLETED']);
  });

  it('out of order is kept until its turn, and the last one completes the enrollment, exactly once', async () => {
    const program = await hub.program();
    const learner = await hub.learner();
    await hub.enroll(program.id, [{ id: learner.id }], start);
    await hub.complete({ learner: { id: learner.id }, courseId: 'putting' }, addDays(start, 1));
    expect(await hub.enrollment(program.id, learner.id)).toMatchObject({ current_item_index: 0 });
    await hub.complete({ learner: { uid: learner.uid }, courseId: 'golf' }, addDays(start, 2));
    const enrollment = await hub.enrollment(program.id, learner.id);
    expect(enrollment).toMatchObject({ state: 'complete', completed_at: addDays(start, 2) });
    expect((await hub.events(enrollment)).filter((type) => type === 'HUB_ENROLLMENT_COMPLETED')).toHaveLength(1);
  });

  it('before the enrollment counts when it is made', async () => {
    const program = await hub.program();
    const learner = await hub.learner();
    await hub.complete({ learner: { id: learner.id }, courseId: 'golf' }, addDays(start, -3));
    await hub.enroll(program.id, [{ id: learner.id }], start);
    expect(await hub.enrollment(program.id, learner.id)).toMatchObject({ current_item_index: 1 });
  });

  it('in the same instant as the enrollment counts, whichever commits first', async () => {
    const program = await hub.program({}, [{ course_id: 'golf' }]);
    const learners = await hub.learners(40);
    await Promise.all(
      learners.flatMap(({ id }) => [
        hub.enroll(program.id, [{ id }], start),
        hub.complete({ learner: { id }, courseId: 'golf' }, start),
      ]),
    );
    const states = await database.db('enrollments').where({ program_id: program.id }).pluck<string[]>('state');
    expect(states).toEqual(Array.from({ length: 40 }, () => 'complete'));
  });

  it('of somebody unknown waits until there is such a learner, whichever commits first', async () => {
    const names = Array.from({ length: 20 }, (_, nth) => `later-${nth}`);
    await Promise.all(
      names.flatMap((uid, nth) => [
        createLearner(hub.applicationId, { uid, email: `${uid}@example.com` }, hub.needs),
        hub.complete({
          learner: nth % 2 === 0 ? { uid } : { email: `${uid}@EXAMPLE.com`, uid: 'another' },
          courseId: 'golf',
        }),
      ]),
    );
    const rows = await database
      .db('completions as c')
      .join('learners as l', 'l.id', 'c.learner_id')
      .where('l.uid', 'like', 'later-%')
      .pluck<string[]>('l.uid');
    expect(rows.sort()).toEqual(names.sort());
  });

  it('that waited for an email advances whoever gets it', async () => {
    const program = await hub.program();
    const learner = await hub.learner();
    await hub.enroll(program.id, [{ id: learner.id }], start);
    await hub.complete({ learner: { email: 'new-address@example.com' }, courseId: 'golf' }, start);
    const choice = { applicationId: hub.applicationId, learnerId: learner.id };
    await changeLearner(choice, { email: 'New-Address@example.com' }, hub.needs, addDays(start, 1));
    expect(await hub.enrollment(program.id, learner.id)).toMatchObject({ current_item_index: 1 });
  });

  it('by the id of nobody is refused', async () => {
    const stranger = await (await ProgramFixture.create(database.db)).learner();
    await expect(hub.complete({ learner: { id: stranger.id }, courseId: 'golf' })).rejects.toMatchObject({
      kind: 'invalid',
      details: [{ index: 0 }],
    });
  });

  it('that lies ahead counts as now', async () => {
    const program = await hub.program();
    const learner = await hub.learner();
    await hub.enroll(program.id, [{ id: learner.id }], start);
    const completedAt = addDays(start, 365);
    await hub.complete({ learner: { id: learner.id }, courseId: 'golf', completedAt }, addDays(start, 1));
    const { items } = await hub.enrollment(program.id, learner.id);
    expect(items[0]!.completed_at).toEqual(addDays(start, 1));
  });

  it('many at once, with all else, end in what the last one says', async () => {
    const courses = Array.from({ length: 8 }, (_, nth) => ({ course_id: `at-once-${nth}` }));
    const program = await hub.program({}, courses);
    const learner = await hub.learner();
    await Promise.all([
      hub.enroll(program.id, [{ id: learner.id }], start),
      ...courses.map(({ course_id }) => hub.complete({ learner: { id: learner.id }, courseId: course_id }, start)),
    ]);
    const enrollment = await hub.enrollment(program.id, learner.id);
    expect(enrollment).toMatchObject({ state: 'complete', progress: 10_000 });
    expect((await hub.story(enrollment)).filter((type) => type === 'completed')).toHaveLength(1);
  });
});

describe('an approval', () => {
  it('advances the step whose turn it is, once', async () => {
    const program = await hub.program({}, [{ course_id: 'golf' }, { title: 'Interview', requires_approval: true }]);
    const learner = await hub.learner();
    await hub.enroll(program.id, [{ id: learner.id }], start);
    const { id: enrollmentId } = await hub.enrollment(program.id, learner.id);
    const approve = (position: number, days: number) =>
      approveItem({ applicationId: hub.applicationId, enrollmentId, position }, hub.needs, addDays(start, days));
    await expect(approve(1, 1)).rejects.toMatchObject({ kind: 'conflict' });
    await expect(approve(0, 1)).rejects.toMatchObject({ kind: 'conflict' });
    await expect(approve(2, 1)).rejects.toMatchObject({ kind: 'not-found' });
    await hub.complete({ learner: { id: learner.id }, courseId: 'golf' }, addDays(start, 1));
    expect(await approve(1, 2)).toMatchObject({ state: 'complete', completed_at: addDays(start, 2) });
    expect(await approve(1, 3)).toMatchObject({ state: 'complete', completed_at: addDays(start, 2) });
  });
});

describe('a deleted course', () => {
  it('is done for those enrolled, and gone for later ones', async () => {
    const program = await hub.program({}, [{ course_id: 'doomed' }, { course_id: 'golf' }]);
    const [early, late] = await hub.learners(2);
    await hub.enroll(program.id, [{ id: early!.id }], start);
    const course = { applicationId: hub.applicationId, courseId: 'doomed' };
    await database.db.transaction((tx) => waiveCourse(tx, course, addDays(start, 1)));
    expect(await database.db('outbox').where({ workflow_type: 'waiveCourse' }).pluck<object[]>('args')).toEqual([
      [course],
    ]);
    expect(await waiveSome(course, hub.needs, addDays(start, 2))).toBe(true);
    await hub.enroll(program.id, [{ id: late!.id }], addDays(start, 2));
    const enrollment = await hub.enrollment(program.id, early!.id);
    expect(enrollment).toMatchObject({ current_item_index: 1, total_items: 2 });
    expect(enrollment.items[0]).toMatchObject({ state: 'waived', completed_at: addDays(start, 1) });
    expect(await hub.enrollment(program.id, late!.id)).toMatchObject({ current_item_index: 0, total_items: 1 });
  });
});

describe('the sweep', () => {
  it('does what is overdue by five minutes, once, and has workflows started', async () => {
    const program = await hub.program({
      default_days_until_due: 1,
      reminder_days: [],
      expires: true,
      default_days_until_expiration: 9,
    });
    const learners = await hub.learners(3);
    await hub.enroll(
      program.id,
      learners.map(({ id }) => ({ id })),
      start,
    );
    const due = addDays(start, 1).getTime();
    const sweep = (minutes: number) => sweepEnrollments(new Date(due + minutes * 60_000), hub.needs);
    await sweep(4);
    const enrollment = () => hub.enrollment(program.id, learners[0]!.id);
    expect(await enrollment()).toMatchObject({ overdue_at: null });
    expect(await sweep(6)).toBe(3);
    expect(await sweep(7)).toBe(0);
    expect(await enrollment()).toMatchObject({ overdue_at: new Date(due), next_wake_for: 'expire' });
    expect(await hub.work(await enrollment())).toHaveLength(2);
    await refreshEnrollments([(await enrollment()).id], hub.needs, new Date(due + 60_000));
    expect(await hub.events(await enrollment())).toEqual(['HUB_ENROLLMENT_CREATED', 'HUB_ENROLLMENT_OVERDUE']);
  });
});

describe('learners', () => {
  it('are made or changed by uid, and what is wrong is named for each', async () => {
    const save = (inputs: Parameters<typeof saveLearners>[1]) => saveLearners(hub.applicationId, inputs, hub.needs);
    const [first, second] = await save([
      { uid: 'Ann', email: 'ann@example.com', first_name: 'Ann' },
      { uid: 'Bob', email: 'bob@example.com' },
    ]);
    const [again] = await save([{ uid: 'ANN', last_name: 'Lee' }]);
    expect(again).toMatchObject({
      id: first!.id,
      uid: 'ANN',
      first_name: 'Ann',
      last_name: 'Lee',
      email: 'ann@example.com',
    });
    await expect(
      save([
        { uid: 'carl', email: 'x@example.com' },
        { uid: 'dora', email: 'BOB@example.com' },
      ]),
    ).rejects.toMatchObject({
      code: 'taken',
      details: [{ index: 1, path: 'email' }],
    });
    await expect(save([{ uid: 'eve' }, { uid: 'EVE' }])).rejects.toMatchObject({
      details: [{ index: 1, path: 'uid' }],
    });
    const swapped = await save([
      { uid: 'ann', email: 'bob@example.com' },
      { uid: 'bob', email: 'ann@example.com' },
    ]);
    expect(swapped.map(({ id, email }) => [id, email])).toEqual([
      [first!.id, 'bob@example.com'],
      [second!.id, 'ann@example.com'],
    ]);
    await expect(createLearner(hub.applicationId, { uid: 'bob' }, hub.needs)).rejects.toMatchObject({
      kind: 'conflict',
    });
    const choice = { applicationId: hub.applicationId, learnerId: first!.id };
    await expect(changeLearner(choice, { uid: 'BOB' }, hub.needs)).rejects.toMatchObject({ code: 'taken' });
    await expect(changeLearner(choice, { email: 'ann@example.com' }, hub.needs)).rejects.toMatchObject({
      code: 'taken',
    });
    expect(await changeLearner(choice, { uid: 'anna' }, hub.needs)).toMatchObject({ id: first!.id, uid: 'anna' });
  });
});
