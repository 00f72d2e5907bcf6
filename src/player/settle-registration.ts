import type { Transaction } from '../database/connection';
import type { CourseVersionRow } from '../courses/courses.store';
import { listUnits } from './activity-tree.rules';
import type { Configuration } from './player-settings';
import {
  type RegistrationActivityRow,
  type RegistrationResult,
  type RegistrationRow,
  updateRegistration,
} from './registrations.store';
import { noResult, type Result } from './results.rules';
import { rollUp } from './rollup.rules';

export type ActivityRows = ReadonlyMap<string, RegistrationActivityRow>;

export interface Settling {
  registration: RegistrationRow;
  version: CourseVersionRow;
  settings: Configuration;
  /** False: the launch keeps nothing. */
  isTracked: boolean;
}

export interface Whereabouts {
  /** What its own rules make of the course; else it is rolled up of its units. */
  course?: Result;
  current_activity?: string | null;
  sequencing?: string;
}

/** Writes what a registration's activities come to, whatever way content reported. The registration is locked. */
export async function settleRegistration(
  tx: Transaction,
  { registration, version, settings, isTracked }: Settling,
  activities: ActivityRows,
  { course, ...where }: Whereabouts = {},
): Promise<RegistrationResult> {
  const units = listUnits(version.structure.rootActivity);
  const result =
    course ??
    rollUp(
      units.map(({ identifier }) => activities.get(identifier) ?? noResult),
      settings,
    );
  const settled = {
    ...(isTracked ? result : noResult),
    seconds: [...activities.values()].reduce((sum, { seconds }) => sum + seconds, 0),
  };
  await updateRegistration(tx, registration.id, { ...settled, ...where });
  return settled;
}
