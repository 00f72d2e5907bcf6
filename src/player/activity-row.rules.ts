import type { Activity } from '../courses/packages/package';
import { tooLarge } from '../errors';
import { resultOf } from './cmi.rules';
import type { Configuration } from './player-settings';
import type { RegistrationActivityRow, RegistrationRow } from './registrations.store';
import { noResult } from './results.rules';

/** Elements of one activity: five hundred interactions with all they may have are fewer. */
const maxElements = 20_000;

interface RowOf {
  registration: Pick<RegistrationRow, 'id'>;
  activity: Activity;
  settings: Configuration;
  known: RegistrationActivityRow | undefined;
}

/** What is kept of an activity: its run-time data, and what they make of the learner's work on it. Throws too-large. */
export function activityRow(
  { registration, activity, settings, known }: RowOf,
  kept: Pick<RegistrationActivityRow, 'cmi' | 'seconds' | 'attempts' | 'session_open'>,
): RegistrationActivityRow {
  if (Object.keys(kept.cmi).length > maxElements) throw tooLarge(`An activity keeps up to ${maxElements} elements.`);
  return {
    registration_id: registration.id,
    activity_id: activity.identifier,
    ...resultOf(kept.cmi, { activity, settings, before: known ?? noResult }),
    ...kept,
    updated_at: new Date(),
  };
}
