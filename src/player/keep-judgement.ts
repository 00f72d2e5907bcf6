import type { Transaction } from '../database/connection';
import { present } from '../courses/packages/present';
import type { Resources } from '../resources';
import { updateLaunch } from './launches.store';
import { type RegistrationActivityRow, upsertActivity } from './registrations.store';
import { hasTimedOut, reopenLaunch } from './reopen-launch';
import { noResult } from './results.rules';
import { settleRegistration } from './settle-registration';
import type { UnitJudgement, UnitReport } from './unit-rules';
import { updateUnitSession } from './unit-sessions.store';

/**
 * Writes what a report came to: the unit's result, the course's, and that the content was heard. Answers whether a launch that had
 * timed out goes on. What the judgement has the hub say is still to be stored.
 */
export async function keepJudgement(
  tx: Transaction,
  { unit, launch, registration, activities, version, settings, now }: Omit<UnitReport, 'statements'>,
  { result, seconds, notes, ends = false }: Omit<UnitJudgement, 'statements'>,
  { wake }: Pick<Resources, 'wake'>,
): Promise<boolean> {
  const known = activities.get(unit.activity_id);
  const row: RegistrationActivityRow = {
    ...noResult,
    cmi: {},
    ...known,
    ...result,
    registration_id: registration.id,
    activity_id: unit.activity_id,
    seconds: seconds ?? known?.seconds ?? 0,
    attempts: (known?.attempts ?? 0) + (unit.heard_at === null ? 1 : 0),
    // Of run-time data alone: whether a unit's content is under way stands in its unit session.
    session_open: false,
    updated_at: now,
  };
  await upsertActivity(tx, row);
  const settling = { registration, version, settings, isTracked: true, wake };
  await settleRegistration(tx, settling, new Map([...activities, [row.activity_id, row]]));
  const isReopened = hasTimedOut(launch);
  if (isReopened) await reopenLaunch(tx, launch, registration.application_id);
  await updateLaunch(tx, launch.id, { last_seen_at: now });
  const end = ends && unit.ended_at === null ? ({ state: 'ended', ended_at: now } as const) : {};
  await updateUnitSession(tx, unit.id, { heard_at: now, ...present({ notes }), ...end });
  return isReopened;
}
