import { addGroupToProgram, addMembers, removeGroupFromProgram, removeMembers } from '../../src/programs/group-members';
import { createGroup, deleteGroup } from '../../src/programs/save-group';
import { createDatabase, type TestDatabase } from '../support/database';
import { ProgramFixture } from '../support/programs';

let database: TestDatabase;
let hub: ProgramFixture;
beforeAll(async () => {
  database = await createDatabase();
  hub = await ProgramFixture.create(database.db);
});
afterAll(() => database.drop());

const group = async () => {
  const { id } = await createGroup(hub.applicationId, 'Sales', hub.needs);
  return { applicationId: hub.applicationId, groupId: id };
};

/** How many live enrollments a program has. */
const live = async (programId: number): Promise<number> =>
  (await database.db('enrollments').where({ program_id: programId, presence: 'live' }).pluck('id')).length;

describe('a group that is a source of a program', () => {
  it('has its members enrolled, who were there and who join; who leaves is removed', async () => {
    const [program, choice, learners] = [await hub.program(), await group(), await hub.learners(3)];
    const [first, second, third] = learners.map(({ id }) => ({ id }));
    await addMembers(choice, [first!, second!], hub.needs);
    await addGroupToProgram({ ...choice, programId: program.id }, hub.needs);
    await addGroupToProgram({ ...choice, programId: program.id }, hub.needs);
    expect(await live(program.id)).toBe(2);
    await addMembers(choice, [second!, third!], hub.needs);
    expect(await live(program.id)).toBe(3);
    await removeMembers(choice, [first!], hub.needs);
    const removed = await hub.enrollment(program.id, first!.id);
    expect(removed.deleted_at).not.toBeNull();
    expect(await hub.story(removed)).toEqual(['enrolled', 'source_added', 'source_removed', 'removed']);
    await removeGroupFromProgram({ ...choice, programId: program.id }, hub.needs);
    expect(await live(program.id)).toBe(0);
  });

  it('leaves those enrolled who have another source', async () => {
    const [program, one, other] = [await hub.program(), await group(), await group()];
    const [individual, both, alone] = (await hub.learners(3)).map(({ id }) => ({ id }));
    await hub.enroll(program.id, [individual!]);
    await addMembers(one, [individual!, both!, alone!], hub.needs);
    await addMembers(other, [both!], hub.needs);
    for (const choice of [one, other]) await addGroupToProgram({ ...choice, programId: program.id }, hub.needs);
    await deleteGroup(one, hub.needs);
    expect(await hub.enrollment(program.id, individual!.id)).toMatchObject({ deleted_at: null });
    expect(await hub.enrollment(program.id, both!.id)).toMatchObject({ deleted_at: null });
    expect((await hub.enrollment(program.id, alone!.id)).deleted_at).not.toBeNull();
  });

  it('does not enroll anew one who has completed, and is a source of the next enrollment', async () => {
    const [program, choice, learner] = [
      await hub.program({}, [{ course_id: 'golf' }]),
      await group(),
      await hub.learner(),
    ];
    await hub.enroll(program.id, [{ id: learner.id }]);
    await hub.complete({ learner: { id: learner.id }, courseId: 'golf' });
    await addGroupToProgram({ ...choice, programId: program.id }, hub.needs);
    await addMembers(choice, [{ id: learner.id }], hub.needs);
    expect(await hub.enrollments(program.id, learner.id)).toHaveLength(1);
    await hub.enroll(program.id, [{ id: learner.id }]);
    const sources = await database
      .db('enrollment_sources')
      .where({ enrollment_id: (await hub.enrollment(program.id, learner.id)).id })
      .pluck<(number | null)[]>('group_id');
    expect(new Set(sources)).toEqual(new Set([null, choice.groupId]));
  });

  it('enrolls everybody who joins while it becomes a source', async () => {
    const [program, choice] = [await hub.program(), await group()];
    const learners = await hub.learners(10);
    await Promise.all([
      ...learners.map(({ id }) => addMembers(choice, [{ id }], hub.needs)),
      addGroupToProgram({ ...choice, programId: program.id }, hub.needs),
    ]);
    expect(await live(program.id)).toBe(10);
  });

  it('of another application is not found', async () => {
    const stranger = await ProgramFixture.create(database.db);
    const choice = { ...(await group()), applicationId: stranger.applicationId };
    await expect(addMembers(choice, [], hub.needs)).rejects.toMatchObject({ kind: 'not-found' });
  });
});
