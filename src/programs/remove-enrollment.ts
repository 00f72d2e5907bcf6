import { changeEnrollment } from './change-enrollment';
import { type Enrollment, remove } from './enrollment.rules';
import { type EnrollmentChoice, removeSources } from './enrollments.store';
import type { EnrollmentNeeds } from './write-enrollments';

/** Ends an enrollment, whatever its sources; its record stays. */
export const removeEnrollment = (
  choice: EnrollmentChoice,
  needs: EnrollmentNeeds,
  now: Date = new Date(),
): Promise<Enrollment> =>
  changeEnrollment(choice, needs, now, async ({ enrollment, facts, tx }) => {
    await removeSources(tx, [enrollment.id]);
    return remove(enrollment, facts, now);
  });
