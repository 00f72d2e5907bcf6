import { addGroupToProgram, addMembers } from '../../src/programs/group-members';
import { deleteLearner } from '../../src/programs/delete-learner';
import { createGroup } from '../../src/programs/save-group';
import { createDatabase, type TestDatabase } from '../support/database';
import { ProgramFixture } from '../support/programs';

let database: TestDatabase;
let hub: ProgramFixture;
beforeAll(async () => {
  database = await createDatabase();
  hub = await ProgramFixture.create(database.db);
});
afterAll(() => database.drop());

const remove = (learnerId: number) => deleteLearner({ applicationId: hub.applicationId, learnerId }, hub.needs);
const rowsOf = async (table: string, learnerId: number): Promise<number> =>
  (await database.db(table).where({ learner_id: learnerId }).select('learner_id')).length;

describe('a learner who is deleted', () => {
  it('leaves nothing behind but the events, which say that the enrollment was removed', async () => {
    const [program, learner] = [await hub.program({ default_days_until_due: 3 }), await hub.learner()];
    const { id: groupId } = await createGroup(hub.applicationId, 'Sales', hub.needs);
    await addMembers({ applicationId: hub.applicationId, groupId }, [{ id: learner.id }], hub.needs);
    await hub.enroll(program.id, [{ id: learner.id }]);
    await hub.complete({ learner: { id: learner.id }, courseId: 'golf' });
    const enrollment = await hub.enrollment(program.id, learner.id);
    await remove(learner.id);
    for (const table of ['enrollments', 'completions', 'learner_group_members'])
      expect(await rowsOf(table, learner.id)).toBe(0);
    expect(await hub.story(enrollment)).toEqual([]);
    expect((await hub.events(enrollment)).at(-1)).toBe('HUB_ENROLLMENT_REMOVED');
    expect((await hub.work(enrollment)).at(-1)).toEqual({ action: 'signal', signal: 'changed' });
    await expect(remove(learner.id)).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('is not there for who enrolls, adds or reports at the same moment, and breaks nothing', async () => {
    const program = await hub.program();
    const { id: groupId } = await createGroup(hub.applicationId, 'Race', hub.needs);
    const choice = { applicationId: hub.applicationId, groupId };
    await addGroupToProgram({ ...choice, programId: program.id }, hub.needs);
    const learners = await hub.learners(12);
    const outcomes = await Promise.allSettled(
      learners.flatMap(({ id, uid }, nth) => [
        remove(id),
        nth % 3 === 0
          ? hub.enroll(program.id, [{ id }])
          : nth % 3 === 1
            ? addMembers(choice, [{ id }], hub.needs)
            : hub.complete({ learner: { uid }, courseId: 'golf' }),
      ]),
    );
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as object] : []));
    for (const failure of failures) expect(failure).toMatchObject({ kind: 'invalid' });
    for (const { id } of learners)
      for (const table of ['enrollments', 'completions', 'learner_group_members'])
        expect(await rowsOf(table, id)).toBe(0);
  });
});
