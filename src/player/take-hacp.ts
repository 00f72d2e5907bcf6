import { v7 as uuid } from 'uuid';
import type { Transaction } from '../database/connection';
import { outboxChannel } from '../database/outbox';
import { internal } from '../errors';
import type { Resources } from '../resources';
import { activityRow } from './activity-row.rules';
import { findActivity } from './activity-tree.rules';
import { writeGetParam } from './aicc-data.rules';
import { takeRequest } from './aicc-session.rules';
import type { HacpRequest } from './hacp.rules';
import { keepUnit } from './keep-unit';
import { lockUnit } from './lock-unit';
import { recordStatements } from './record-statements';
import { listActivities } from './registrations.store';
import type { UnitSession } from './unit-doors';
import { endedByTimeout, isTooLate, tooLate } from './unit-lateness.rules';

interface Taken {
  /** What answers GetParam. */
  data: string | undefined;
  /** The launch goes on that had timed out. */
  isReopened: boolean;
}

/**
 * Takes what AICC content reports or asks: its data, what they make of the unit and of the course, and what the hub says of that, in
 * one transaction. Answers the data of GetParam. Throws forbidden when it comes too late, not-found, too-large.
 */
export async function takeHacp(
  session: UnitSession,
  request: HacpRequest,
  resources: Resources,
): Promise<string | undefined> {
  const { data, isReopened } = await resources.db.transaction((tx) => take(tx, session, request, resources));
  if (isReopened) resources.wake(outboxChannel('housekeeping'));
  return data;
}

async function take(
  tx: Transaction,
  session: UnitSession,
  request: HacpRequest,
  { config, wake }: Resources,
): Promise<Taken> {
  const { version, settings } = session;
  const rows = await lockUnit(tx, session);
  const { launch, registration, unit } = rows;
  const now = new Date();
  if (isTooLate(launch, unit, now)) throw tooLate();
  const activity = findActivity(version.structure.rootActivity, unit.activity_id);
  if (!activity) throw internal('A unit session is of no activity of its course.');
  const activities = new Map((await listActivities(tx, registration.id)).map((row) => [row.activity_id, row]));
  const known = activities.get(unit.activity_id);
  const isOpen = unit.state === 'open' || endedByTimeout(launch, unit);
  const { notes, ...kept } = takeRequest(request, { ...rows, activity, settings, known, isOpen, now });
  const row = activityRow({ registration, activity, settings, known }, kept);
  const data =
    request.command === 'getparam' ? writeGetParam(row.cmi, version.structure.rootActivity.identifier) : undefined;
  if (launch.options.tracking === false) return { data, isReopened: false };
  const ends = request.command === 'exitau';
  const report = { ...rows, activities, version, settings, now };
  const isReopened = await keepUnit(tx, report, row, { notes: { ...notes }, ends }, { wake });
  // No change is taken twice, so that none is at another's position.
  const change = { activity, before: known, after: row };
  await recordStatements(tx, [change], { launch, registration, version }, `${unit.id}/${uuid()}`, { config });
  return { data, isReopened };
}
