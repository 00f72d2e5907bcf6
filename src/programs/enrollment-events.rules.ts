import type { HubEvent, HubEventType } from '../events/emit-hub-events';
import type { ChangeType, Enrollment, EnrollmentChange } from './enrollment.rules';

/** Under which type each change is in the event feed. */
const eventTypes: Readonly<Record<ChangeType, HubEventType>> = {
  enrolled: 'HUB_ENROLLMENT_CREATED',
  reminded: 'HUB_ENROLLMENT_REMINDED',
  step_completed: 'HUB_ENROLLMENT_STEP_COMPLETED',
  step_overdue: 'HUB_ENROLLMENT_STEP_OVERDUE',
  overdue: 'HUB_ENROLLMENT_OVERDUE',
  completed: 'HUB_ENROLLMENT_COMPLETED',
  expired: 'HUB_ENROLLMENT_EXPIRED',
  re_enrolled: 'HUB_ENROLLMENT_RE_ENROLLED',
  removed: 'HUB_ENROLLMENT_REMOVED',
  dates_changed: 'HUB_ENROLLMENT_DATES_CHANGED',
};

/** Of an event's member in the store, in characters. */
const maxMemberId = 200;

/** A change as the hub's event store tells it. */
export const enrollmentEvent = (enrollment: Enrollment, uid: string, change: EnrollmentChange): HubEvent => ({
  applicationId: enrollment.application_id,
  type: eventTypes[change.type],
  memberId: Array.from(uid).slice(0, maxMemberId).join(''),
  at: change.at,
  data: {
    enrollmentId: enrollment.id,
    programId: enrollment.program_id,
    learnerId: enrollment.learner_id,
    uid,
    ...camelCased(change.detail),
  },
});

const camelCased = (detail: object): object =>
  Object.fromEntries(
    Object.entries(detail).map(([name, value]: [string, unknown]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
