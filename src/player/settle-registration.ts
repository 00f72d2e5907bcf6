import type { Transaction } from '../database/connection';
import type { CourseVersionRow } from '../courses/courses.store';
import type { Resources } from '../resources';
import { listUnits } from './activity-tree.rules';
import { rollUpCmi5 } from './cmi5-rollup.rules';
import type { Configuration } from './player-settings';
import {
  type RegistrationActivityRow,
  type RegistrationResult,
  type RegistrationRow,
  updateRegistration,
} from './registrations.store';
import { reportCompletion } from './report-completion';
import { noResult, type Result } from './results.rules';
import { rollUp } from './rollup.rules';

export type ActivityRows = ReadonlyMap<string, RegistrationActivityRow>;

export interface Settling {
  registration: RegistrationRow;
  version: CourseVersionRow;
  settings: Configuration;
  /** False: the launch keeps nothing. */
  isTracked: boolean;
  wake: Resources['wake'];
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
  { registration, version, settings, isTracked, wake }: Settling,
  activities: ActivityRows,
  { course, ...where }: Whereabouts = {},
): Promise<RegistrationResult> {
  if (!isTracked) return registration;
  const settled = {
    ...(course ?? rollUpUnits(version, activities, settings)),
    seconds: [...activities.values()].reduce((sum, { seconds }) => sum + seconds, 0),
  };
  await updateRegistration(tx, registration.id, { ...settled, ...where });
  await reportCompletion(tx, registration, settled, { wake });
  return settled;
}

/** By the rules of the version's standard, or the settings under "Rollup". */
function rollUpUnits(
  { learning_standard, structure }: CourseVersionRow,
  activities: ActivityRows,
  settings: Configuration,
): Result {
  if (learning_standard === 'CMI5') return rollUpCmi5(structure.rootActivity, activities);
  const units = listUnits(structure.rootActivity);
  return rollUp(
    units.map(({ identifier }) => activities.get(identifier) ?? noResult),
    settings,
  );
}
