import { enqueue } from '../database/outbox';
import { findFacts } from './completions.store';
import { isLive, remove } from './enrollment.rules';
import { findEnrollments, findLearnersOf, findLiveIds, removeSources } from './enrollments.store';
import { lockLearners } from './learners.store';
import { programMissing } from './missing-record';
import { lockProgram, markDeleted, markEmptied } from './programs.store';
import { changeEnrollments, type EnrollmentNeeds, writeEnrollments } from './write-enrollments';

const batchSize = 200;

/** Makes a program invisible at once, and has a workflow remove those who are enrolled. */
export const deleteProgram = (
  { applicationId, programId }: { applicationId: string; programId: number },
  needs: EnrollmentNeeds,
  now: Date = new Date(),
): Promise<void> =>
  changeEnrollments(needs, async (tx) => {
    if (!(await lockProgram(tx, applicationId, programId))) throw programMissing(programId);
    await markDeleted(tx, programId, now);
    await enqueue(tx, {
      action: 'start',
      taskQueue: 'enrollments',
      workflowType: 'emptyProgram',
      workflowId: `empty-program/${programId}`,
      args: [{ programId }],
      searchAttributes: { HubApplicationId: applicationId, HubProgramId: String(programId) },
      summary: `Enrollments in the deleted program ${programId}`,
    });
  });

/** Removes some of those who are enrolled in a deleted program; answers whether nobody is any more. */
export async function removeSome(programId: number, needs: EnrollmentNeeds, now: Date): Promise<boolean> {
  const ids = await findLiveIds(needs.db, programId, batchSize);
  await changeEnrollments(needs, async (tx) => {
    await lockLearners(tx, await findLearnersOf(tx, ids));
    const enrollments = (await findEnrollments(tx, ids)).filter(isLive);
    const facts = await findFacts(tx, enrollments);
    await removeSources(
      tx,
      enrollments.map(({ id }) => id),
    );
    await writeEnrollments(
      tx,
      enrollments.map((before, nth) => ({ before, outcome: remove(before, facts[nth]!, now) })),
      { now },
    );
  });
  // One that is re-enrolled meanwhile has a follower.
  if (ids.length > 0) return false;
  await markEmptied(needs.db, programId, now);
  return true;
}
