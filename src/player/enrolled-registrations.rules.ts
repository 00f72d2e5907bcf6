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
  /** It was opened once at least, or a unit of it was waived. */
  hasBegun: boolean;
}

const isSaid: Readonly<Record<string, (result: Pick<RegistrationRow, 'completion' | 'success'>) => boolean>> = {
  COMPLETE: ({ completion }) => completion === 'completed',
  INCOMPLETE: ({ completion }) => completion !== 'completed',
  SATISFIED: ({ success }) => success === 'passed',
  FAILED: ({ success }) => success === 'failed',
};

/**
 * Whether a further launch begins anew, by the setting WhenToRestartRegistration: by what the last attempt came to, and whether the
 * course has a newer version than it.
 */
export function beginsAnew(
  timing: string | undefined,
  result: Pick<RegistrationRow, 'completion' | 'success'>,
  hasNewer: boolean,
): boolean {
  if (timing === 'WHEN_NEWER_PACKAGE_VERSION_EXISTS') return hasNewer;
  const [, said = '', andNewer] =
    /^WHEN_EXISTING_REG_IS_([A-Z]+?)(_AND_NEWER_PACKAGE_VERSION_EXISTS)?$/.exec(timing ?? '') ?? [];
  return (isSaid[said]?.(result) ?? false) && (andNewer === undefined || hasNewer);
}

/** Where a registration is in a version. Items of another version may be others: the learner begins at its beginning. */
export const placeIn = (
  version: Pick<CourseVersionRow, 'id' | 'revision'>,
  { version_id, current_activity, sequencing }: RegistrationPlace,
): RegistrationPlace => ({
  version_id: version.id,
  revision: version.revision,
  ...(version.id === version_id ? { current_activity, sequencing } : { current_activity: null, sequencing: null }),
});
