import type { CourseVersionRow } from '../courses/courses.store';
import type { RegistrationPlace, RegistrationRow } from './registrations.store';

/**
 * Whether a registration was completed before what counts now: to complete the course anew takes another one. `countsFrom` null:
 * whatever was completed counts.
 */
export const isOutdated = ({ completed_at }: Pick<RegistrationRow, 'completed_at'>, countsFrom: Date | null): boolean =>
  completed_at !== null && countsFrom !== null && completed_at < countsFrom;

export interface Progress {
  /** The learner is in it at this moment. */
  isOpen: boolean;
  /** Once at least it was opened. */
  wasOpened: boolean;
}

/** Whether a further launch is of what the course has become: what is under way is finished as it was begun. */
export const followsCourse = (
  { completion }: Pick<RegistrationRow, 'completion'>,
  { isOpen, wasOpened }: Progress,
): boolean => !isOpen && (!wasOpened || completion === 'completed');

/** Where a registration is in a version. Items of another version may be others: the learner begins at its beginning. */
export const placeIn = (
  version: Pick<CourseVersionRow, 'id' | 'revision'>,
  { version_id, current_activity, sequencing }: RegistrationPlace,
): RegistrationPlace => ({
  version_id: version.id,
  revision: version.revision,
  ...(version.id === version_id ? { current_activity, sequencing } : { current_activity: null, sequencing: null }),
});
