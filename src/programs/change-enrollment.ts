import type { Transaction } from '../database/connection';
import { conflict } from '../errors';
import { findFacts } from './completions.store';
import { type Enrollment, type Facts, isLive, type Outcome } from './enrollment.rules';
import { type EnrollmentChoice, findEnrollment } from './enrollments.store';
import { lockLearners } from './learners.store';
import { enrollmentMissing } from './missing-record';
import { changeEnrollments, type EnrollmentNeeds, writeEnrollments } from './write-enrollments';

export interface EnrollmentAtHand {
  enrollment: Enrollment;
  facts: Facts;
  tx: Transaction;
}

/**
 * Changes one live enrollment in a transaction of its own, and answers it as it is then. One that is removed or superseded
 * is not found.
 */
export function changeEnrollment(
  choice: EnrollmentChoice,
  needs: EnrollmentNeeds,
  now: Date,
  change: (atHand: EnrollmentAtHand) => Outcome | Promise<Outcome>,
): Promise<Enrollment> {
  return changeEnrollments(needs, async (tx) => {
    const { learner_id } = await getLive(tx, choice);
    await lockLearners(tx, [learner_id]);
    const enrollment = await getLive(tx, choice);
    const [facts] = await findFacts(tx, [enrollment]);
    const outcome = await change({ enrollment, facts: facts!, tx });
    const [changed] = await writeEnrollments(tx, [{ before: enrollment, outcome }], { now });
    return changed!;
  });
}

async function getLive(tx: Transaction, choice: EnrollmentChoice): Promise<Enrollment> {
  const enrollment = await findEnrollment(tx, choice);
  if (!enrollment || !isLive(enrollment)) throw enrollmentMissing(choice.enrollmentId);
  return enrollment;
}

/** Its time to be re-enrolled has come, and its workflow is about to do so. */
export const isBeingRenewed = (id: number) =>
  conflict(`The enrollment ${id} is being re-enrolled at this moment: another takes its place.`, {
    code: 're_enrolling',
  });
