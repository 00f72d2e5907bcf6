import { listCompletions } from '../../src/programs/completions.store';
import { findLiveIds, listEnrollmentsOfLearner, listHistory, listSources } from '../../src/programs/enrollments.store';
import { addGroupToProgram, addMembers } from '../../src/programs/group-members';
import { listGroups, listGroupsOfLearner, listGroupsOfProgram } from '../../src/programs/groups.store';
import { listLearners, listMembers } from '../../src/programs/learners.store';
import { listPrograms } from '../../src/programs/programs.store';
import { createGroup } from '../../src/programs/save-group';
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

/** Rows of a page, and one more. */
const page = { after: 0, limit: 21 };

test('no list of the hub API costs more where there is more of everything', async () => {
  const { db } = database;
  const [program, learners] = [await hub.program(), await hub.learners(5000)];
  const refs = learners.map(({ id }) => ({ id }));
  const { id: groupId } = await createGroup(hub.applicationId, 'All', hub.needs);
  await addMembers({ applicationId: hub.applicationId, groupId }, refs, hub.needs);
  await addGroupToProgram({ applicationId: hub.applicationId, groupId, programId: program.id }, hub.needs);
  await db.raw(
    `insert into completions (application_id, learner_id, course_id, completed_at, received_at, door, source_id)
     select application_id, id, 'golf', now(), now(), 'hub', id from learners`,
  );
  await db.raw(
    `insert into learner_groups (application_id, name) select :applicationId, n from generate_series(1, 5000) as n`,
    { applicationId: hub.applicationId },
  );
  await db.raw(
    `insert into programs (application_id, title, settings) select :applicationId, n, '{}' from generate_series(1, 5000) as n`,
    { applicationId: hub.applicationId },
  );
  await db.raw('analyze');
  const { id: learnerId, uid, email } = learners[2500]!;
  const { id: enrollmentId } = await hub.enrollment(program.id, learnerId);
  const { applicationId } = hub;
  const plan = await plansOf(db, async () => {
    await listLearners(db, { applicationId }, page);
    await listLearners(db, { applicationId, uid }, page);
    await listLearners(db, { applicationId, email: email! }, page);
    await listMembers(db, groupId, page);
    await listGroups(db, applicationId, page);
    await listGroupsOfLearner(db, learnerId, page);
    await listGroupsOfProgram(db, program.id, page);
    await listPrograms(db, applicationId, page);
    await listEnrollmentsOfLearner(db, { learnerId, withDeleted: false }, page);
    await listCompletions(db, { learnerId, courseId: undefined }, page);
    await listSources(db, enrollmentId);
    await listHistory(db, enrollmentId, page);
    await findLiveIds(db, program.id, page.limit);
  });
  expect(mostRows(plan)).toBeLessThanOrEqual(page.limit);
});
