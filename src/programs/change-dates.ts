import { changeEnrollment, isBeingRenewed } from './change-enrollment';
import { changeDates, type Enrollment, haveDatesChanged } from './enrollment.rules';
import type { EnrollmentChoice } from './enrollments.store';
import type { EnrollmentDates } from './program-settings.rules';
import type { EnrollmentNeeds } from './write-enrollments';

/** Sets an enrollment's dates; null clears one, undefined leaves it. */
export const changeEnrollmentDates = (
  choice: EnrollmentChoice,
  dates: Partial<EnrollmentDates>,
  needs: EnrollmentNeeds,
  now: Date = new Date(),
): Promise<Enrollment> =>
  changeEnrollment(choice, needs, now, ({ enrollment, facts }) => {
    const outcome = changeDates(enrollment, dates, facts, now);
    // By the new dates it may well be: then it was changed first.
    if (outcome.reEnrolls && !haveDatesChanged(outcome) && isAsked(dates)) throw isBeingRenewed(enrollment.id);
    return outcome;
  });

const isAsked = ({ end_at, expires_at }: Partial<EnrollmentDates>): boolean =>
  end_at !== undefined || expires_at !== undefined;
