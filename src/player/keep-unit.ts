import type { Transaction } from '../database/connection';
import { present } from '../courses/packages/present';
import type { Resources } from '../resources';
import { updateLaunch } from './launches.store';
import { type RegistrationActivityRow, upsertActivity } from './registrations.store';
import { hasTimedOut, reopenLaunch } from './reopen-launch';
import { settleRegistration } from './settle-registration';
import { endedByTimeout } from './unit-lateness.rules';
import type { UnitJudgement, UnitReport } from './unit-rules';
import { updateUnitSession } from './unit-sessions.store';

/**
 * Writes what a report made of a unit, what that makes of the course, and that the content was heard. Answers whether a launch that
 * had timed out goes on.
 */
export async function keepUnit(
  tx: Transaction,
  {
    unit,
    launch,
    registration,
    activities,
    version,
    settings,
    now,
  }: Omit<UnitReport, 'statements' | 'activity' | 'newId'>,
  row: RegistrationActivityRow,
  { notes, ends = false }: Pick<UnitJudgement, 'notes' | 'ends'>,
  { wake }: Pick<Resources, 'wake'>,
): Promise<boolean> {
  await upsertActivity(tx, row);
  const settling = { registration, version, settings, isTracked: true, wake };
  await settleRegistration(tx, settling, new Map([...activities, [row.activity_id, row]]));
  const isReopened = hasTimedOut(launch);
  if (isReopened) await reopenLaunch(tx, launch, registration.application_id);
  await updateLaunch(tx, launch.id, { last_seen_at: now });
  const isOpen = unit.ended_at === null || endedByTimeout(launch, unit);
  const end = ends && isOpen ? ({ state: 'ended', ended_at: now } as const) : {};
  await updateUnitSession(tx, unit.id, { heard_at: now, ...present({ notes }), ...end });
  return isReopened;
}
