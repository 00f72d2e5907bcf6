import { lockLaunchesOf } from '../player/launches.store';
import { findFacts } from './completions.store';
import { remove } from './enrollment.rules';
import { findLiveOf } from './enrollments.store';
import { deleteLearnerRow, findLearner, lockIdentities, lockLearners } from './learners.store';
import { learnerMissing } from './missing-record';
import { changeEnrollments, type EnrollmentNeeds, writeEnrollments } from './write-enrollments';

/**
 * Deletes a learner with all that is theirs. Their enrollments are removed first, so that subscribers are told and workflows
 * end; the events that tell of them stay in the feed.
 */
export const deleteLearner = (
  { applicationId, learnerId }: { applicationId: string; learnerId: number },
  needs: EnrollmentNeeds,
  now: Date = new Date(),
): Promise<void> =>
  changeEnrollments(needs, async (tx) => {
    await lockIdentities(tx, applicationId, 'exclusive');
    await lockLearners(tx, [learnerId]);
    if (!(await findLearner(tx, applicationId, learnerId))) throw learnerMissing(learnerId);
    const enrollments = await findLiveOf(tx, learnerId);
    const facts = await findFacts(tx, enrollments);
    await writeEnrollments(
      tx,
      enrollments.map((before, nth) => ({ before, outcome: remove(before, facts[nth]!, now) })),
      { now },
    );
    await lockLaunchesOf(tx, { learner_id: learnerId });
    await deleteLearnerRow(tx, learnerId);
  });
