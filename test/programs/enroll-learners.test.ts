import { changeEnrollmentDates } from '../../src/programs/change-dates';
import { findFacts } from '../../src/programs/completions.store';
import {
  findAwaiting,
  findEnrollments,
  findLastInProgram,
  findLiveInProgram,
  findOverslept,
} from '../../src/programs/enrollments.store';
import { lockLearners, resolveLearners } from '../../src/programs/learners.store';
import { addDays } from '../../src/programs/program-settings.rules';
import { removeEnrollment } from '../../src/programs/remove-enrollment';
import { changeProgram } from '../../src/programs/save-program';
import { saveLearners } from '../../src/programs/save-learners';
import { createDatabase, type TestDatabase } from '../support/database';
import { mostRows, plansOf } from '../support/plans';
import { ProgramFixture } from '../support/programs';

let database: TestDatabase;
let hub: ProgramFixture;
beforeAll(async () => {
  database = await createDatabase();
  hub = await ProgramFixture.create(database.db);
});
afterAll(() => database.drop());

const start = new Date('2026-02-01T09:00:00Z');

describe('enrolling', () => {
  it('makes the record, its items, its timeline, events, and its workflow, in one transaction', async () => {
    const program = await hub.program({ default_days_until_due: 30, reminder_days: [7] });
    const learner = await hub.learner();
    await hub.enroll(program.id, [{ id: learner.id }], start);
    const enrollment = await hub.enrollment(program.id, learner.id);
    expect(enrollment).toMatchObject({
      state: 'active',
      end_at: addDays(start, 30),
      next_wake_at: addDays(start, 23),
      next_wake_for: 'reminder',
      total_items: 2,
    });
    expect(enrollment.items.map(({ course_id, state }) => [course_id, state])).toEqual([
      ['golf', 'pending'],
      ['putting', 'pending'],
    ]);
    expect(await hub.story(enrollment)).toEqual(['enrolled', 'source_added']);
    expect(await hub.events(enrollment)).toEqual(['HUB_ENROLLMENT_CREATED']);
    expect(await hub.work(enrollment)).toEqual([{ action: 'start', signal: 'changed' }]);
  });

  it('tells of a learner whose uid is longer than an event’s member may be', async () => {
    const program = await hub.program();
    const uid = `${'a'.repeat(199)}🎓${'b'.repeat(20)}`;
    const [learner] = await saveLearners(hub.applicationId, [{ uid }], hub.needs);
    await hub.enroll(program.id, [{ id: learner!.id }], start);
    const { member_id } = await database.db('hub_events').orderBy('id', 'desc').first('member_id');
    expect(member_id).toBe(`${'a'.repeat(199)}🎓`);
  });

  it('starts no workflow where nothing is to happen', async () => {
    const program = await hub.program();
    const learner = await hub.learner();
    await hub.enroll(program.id, [{ uid: learner.uid.toUpperCase() }], start);
    expect(await hub.work(await hub.enrollment(program.id, learner.id))).toEqual([]);
  });

  it('changes the dates of one who is active, and nothing where none are given', async () => {
    const program = await hub.program({ default_days_until_due: 30 });
    const learner = await hub.learner();
    await hub.enroll(program.id, [{ id: learner.id }], start);
    await hub.enroll(program.id, [{ email: learner.email! }], addDays(start, 1));
    await hub.enroll(program.id, [{ id: learner.id, end_at: addDays(start, 60) }], addDays(start, 2));
    const all = await hub.enrollments(program.id, learner.id);
    expect(all).toMatchObject([{ end_at: addDays(start, 60) }]);
    expect(await hub.story(all[0]!)).toEqual(['enrolled', 'source_added', 'dates_changed']);
  });

  it('enrolls one who has completed anew: earlier completions do not count again', async () => {
    const program = await hub.program({ default_days_until_due: 10 }, [{ course_id: 'golf' }]);
    const learner = await hub.learner();
    await hub.enroll(program.id, [{ id: learner.id }], start);
    await hub.complete({ learner: { id: learner.id }, courseId: 'golf' }, addDays(start, 1));
    await hub.enroll(program.id, [{ id: learner.id }], addDays(start, 100));
    const [first, second] = await hub.enrollments(program.id, learner.id);
    expect(first).toMatchObject({ state: 'complete', superseded_at: addDays(start, 100), next_wake_at: null });
    expect(second).toMatchObject({ state: 'active', previous_id: first!.id, end_at: addDays(start, 110) });
    expect(await hub.story(first!)).toEqual(['enrolled', 'source_added', 'step_completed', 'completed', 're_enrolled']);
    await hub.complete({ learner: { id: learner.id }, courseId: 'golf' }, addDays(start, 101));
    expect(await hub.enrollment(program.id, learner.id)).toMatchObject({ state: 'complete' });
  });

  it('takes one back who was removed, with what was done before', async () => {
    const program = await hub.program();
    const learner = await hub.learner();
    await hub.enroll(program.id, [{ id: learner.id }], start);
    await hub.complete({ learner: { id: learner.id }, courseId: 'golf' }, addDays(start, 1));
    const { id: enrollmentId } = await hub.enrollment(program.id, learner.id);
    const choice = { applicationId: hub.applicationId, programId: program.id, enrollmentId };
    await removeEnrollment(choice, hub.needs, addDays(start, 2));
    await expect(removeEnrollment(choice, hub.needs, addDays(start, 2))).rejects.toMatchObject({ kind: 'not-found' });
    await hub.enroll(program.id, [{ id: learner.id }], addDays(start, 3));
    expect(await hub.enrollments(program.id, learner.id)).toMatchObject([
      { deleted_at: addDays(start, 2) },
      { deleted_at: null, current_item_index: 1, previous_id: enrollmentId },
    ]);
  });

  it('with an expiry that has passed, re-enrolls at once by the program’s own dates', async () => {
    const settings = { expires: true, default_days_until_expiration: 30, auto_re_enroll: true };
    const program = await hub.program(settings);
    const learner = await hub.learner();
    await hub.enroll(program.id, [{ id: learner.id, expires_at: addDays(start, -1) }], start);
    expect(await hub.enrollments(program.id, learner.id)).toMatchObject([
      { superseded_at: start },
      { superseded_at: null, expires_at: addDays(start, 30) },
    ]);
  });

  it('keeps settings and items as they were when it was made', async () => {
    const program = await hub.program({ default_days_until_due: 10, expires: true, default_days_until_expiration: 20 });
    const learner = await hub.learner();
    await hub.enroll(program.id, [{ id: learner.id }], start);
    const before = await hub.enrollment(program.id, learner.id);
    const choice = { applicationId: hub.applicationId, programId: program.id };
    await changeProgram(
      choice,
      { settings: { auto_re_enroll: true, non_linear: true }, items: [{ course_id: 'other' }] },
      () => undefined,
      hub.needs,
    );
    await changeEnrollmentDates({ ...choice, enrollmentId: before.id }, { end_at: null }, hub.needs, start);
    expect(await hub.enrollment(program.id, learner.id)).toMatchObject({
      settings: before.settings,
      items: before.items,
      renew_at: null,
    });
  });

  it('refuses a list whole, naming each learner who is not there or comes twice', async () => {
    const program = await hub.program();
    const learner = await hub.learner();
    const stranger = await (await ProgramFixture.create(database.db)).learner();
    const list = [{ id: learner.id }, { id: stranger.id }, { uid: learner.uid }, { email: 'nobody@example.com' }];
    await expect(hub.enroll(program.id, list)).rejects.toMatchObject({
      kind: 'invalid',
      details: [
        { index: 1, path: 'id' },
        { index: 2, path: 'uid' },
        { index: 3, path: 'email' },
      ],
    });
    expect(await hub.enrollments(program.id, learner.id)).toEqual([]);
  });

  it('finds no program of another application', async () => {
    const other = await ProgramFixture.create(database.db);
    const program = await other.program();
    const learner = await hub.learner();
    await expect(hub.enroll(program.id, [{ id: learner.id }])).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('10,000 at once', () => {
  it('are enrolled in one transaction, by as many statements as one', async () => {
    const program = await hub.program(
      { default_days_until_due: 30, reminder_days: [7] },
      Array.from({ length: 10 }, (_, nth) => ({ course_id: `course-${nth}`, days_until_due: nth + 1 })),
    );
    const learners = await hub.learners(10_000);
    const count = async (work: () => Promise<unknown>): Promise<number> => {
      let statements = 0;
      const note = (): void => void (statements += 1);
      database.db.on('query', note);
      await work();
      database.db.removeListener('query', note);
      return statements;
    };
    const one = await hub.program({ default_days_until_due: 30 });
    const few = await count(() => hub.enroll(one.id, [{ id: learners[0]!.id }], start));
    const begun = Date.now();
    const many = await count(() =>
      hub.enroll(
        program.id,
        learners.map(({ id }) => ({ id })),
        start,
      ),
    );
    if (process.env['TIMES']) process.stderr.write(`enroll 10,000: ${Date.now() - begun} ms\n`);
    expect(many).toBe(few);
    const [row] = await database.db('enrollments').where({ program_id: program.id }).count('* as count');
    expect(row).toEqual({ count: 10_000 });
    const again = Date.now();
    await hub.enroll(
      program.id,
      learners.map(({ id }) => ({ id, end_at: addDays(start, 50) })),
      start,
    );
    if (process.env['TIMES']) process.stderr.write(`change dates of 10,000: ${Date.now() - again} ms\n`);
    const changed = await database
      .db('enrollments')
      .where({ program_id: program.id, end_at: addDays(start, 50) })
      .count('* as count');
    expect(changed).toEqual([{ count: 10_000 }]);
    expect(await database.db('outbox').where('workflow_id', 'like', 'enrollment/%').count('* as count')).not.toEqual([
      { count: 0 },
    ]);
  });

  it('leave the cost of looking for a single one as it was', async () => {
    const { db } = database;
    await db.raw('analyze');
    const program = await hub.program();
    const learner = await hub.learner();
    await hub.enroll(program.id, [{ id: learner.id }], start);
    const { id, items } = await hub.enrollment(program.id, learner.id);
    const plan = await plansOf(db, () =>
      db.transaction(async (tx) => {
        await resolveLearners(tx, hub.applicationId, [{ email: learner.email! }]);
        await lockLearners(tx, [learner.id]);
        await findLiveInProgram(tx, program.id, [learner.id]);
        await findLastInProgram(tx, program.id, [learner.id]);
        await findAwaiting(tx, [learner.id], ['golf']);
        await findFacts(tx, [{ learner_id: learner.id, counts_from: null, items }]);
        await findOverslept(db, start, 200);
        await findEnrollments(tx, [id]);
      }),
    );
    expect(mostRows(plan)).toBeLessThan(100);
  });
});

describe('a learner’s name', () => {
  it('is carried by enrollments, and changes with the learner', async () => {
    const program = await hub.program();
    const [learner] = await saveLearners(
      hub.applicationId,
      [{ uid: 'zoe-1', first_name: 'Zoë', last_name: 'Young', email: 'Zoe@example.com' }],
      hub.needs,
    );
    await hub.enroll(program.id, [{ id: learner!.id }]);
    const carried = () =>
      database.db('enrollments').where({ learner_id: learner!.id }).first<object>('sort_name', 'search_text');
    expect(await carried()).toEqual({
      sort_name: 'zoe young',
      search_text: 'zoe\nyoung\nzoe-1\nzoe@example.com',
    });
    await saveLearners(hub.applicationId, [{ uid: 'ZOE-1', first_name: 'Anna' }], hub.needs);
    expect(await carried()).toEqual({ sort_name: 'anna young', search_text: 'anna\nyoung\nzoe-1\nzoe@example.com' });
  });
});
