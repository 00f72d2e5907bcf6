import { deleteProgram } from '../../src/programs/delete-program';
import { addDays } from '../../src/programs/program-settings.rules';
import { sweepDeletions } from '../../src/programs/sweep-deletions';
import { waiveCourse } from '../../src/programs/waive-course';
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
const minutesAfter = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000);

test('what a deleted program has left to do is done without its workflow, once', async () => {
  const program = await hub.program();
  const learners = await hub.learners(450);
  await hub.enroll(
    program.id,
    learners.map(({ id }) => ({ id })),
    addDays(start, -1),
  );
  await deleteProgram({ applicationId: hub.applicationId, programId: program.id }, hub.needs, start);
  expect(await sweepDeletions(minutesAfter(4), hub.needs)).toBe(0);
  expect(await sweepDeletions(minutesAfter(6), hub.needs)).toBe(1);
  const left = await database
    .db('enrollments')
    .where({ program_id: program.id, deleted_at: null })
    .pluck<number[]>('id');
  expect(left).toEqual([]);
  expect(await sweepDeletions(minutesAfter(7), hub.needs)).toBe(0);
});

test('what a deleted course has left to do is done without its workflow, and again when it is deleted again', async () => {
  const course = { applicationId: hub.applicationId, courseId: 'golf' };
  for (const again of [0, 60]) {
    const program = await hub.program();
    const learner = await hub.learner();
    await hub.enroll(program.id, [{ id: learner.id }], addDays(start, -1));
    await database.db.transaction((tx) => waiveCourse(tx, course, minutesAfter(again)));
    expect(await sweepDeletions(minutesAfter(again + 4), hub.needs)).toBe(0);
    expect(await sweepDeletions(minutesAfter(again + 6), hub.needs)).toBe(1);
    const { items } = await hub.enrollment(program.id, learner.id);
    expect(items[0]).toMatchObject({ state: 'waived', completed_at: minutesAfter(again) });
    expect(await sweepDeletions(minutesAfter(again + 7), hub.needs)).toBe(0);
  }
});
