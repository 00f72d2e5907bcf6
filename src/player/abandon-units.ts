import { type CourseVersionRow, findVersionById } from '../courses/courses.store';
import type { Transaction } from '../database/connection';
import { newXapiId } from '../database/ids';
import type { Resources } from '../resources';
import type { JsonObject } from '../statements/shapes.rules';
import { findActivity } from './activity-tree.rules';
import { abandonedStatement } from './cmi5-statements.rules';
import { learnerAgent } from './learner-agent.rules';
import { runtimeOf } from './player-seed';
import type { RegistrationRow } from './registrations.store';
import { listOpenUnitSessions, type UnitSessionRow, updateUnitSession } from './unit-sessions.store';

interface Abandoning {
  registration: RegistrationRow;
  version: CourseVersionRow;
  config: Resources['config'];
  now: Date;
}

/**
 * Ends the AU sessions of a launch or a registration that did not end themselves: all, or those that were opened before one. Nothing is
 * taken of them any more (cmi5 9.3.6). Answers what is to be said of that, once all else is written. The registration is locked.
 */
export async function abandonUnits(
  tx: Transaction,
  of: { launch_id: string } | { registration_id: string },
  registration: RegistrationRow,
  { config, now, before }: { config: Resources['config']; now: Date; before?: string },
): Promise<JsonObject[]> {
  // Ids are in the order of openings.
  const open = (await listOpenUnitSessions(tx, of)).filter(({ id }) => before === undefined || id < before);
  const version = open.length > 0 ? await findVersionById(tx, registration.version_id) : undefined;
  if (!version || runtimeOf(version) !== 'cmi5') return [];
  for (const { id } of open) await updateUnitSession(tx, id, { state: 'abandoned', ended_at: now });
  return open.flatMap((unit) => statementsOf(unit, { registration, version, config, now }));
}

function statementsOf(
  unit: UnitSessionRow & { is_tracked: boolean },
  { registration, version, config, now }: Abandoning,
): JsonObject[] {
  const activity = findActivity(version.structure.rootActivity, unit.activity_id);
  // A launch that is not tracked keeps no statements, so none of its end either.
  if (!activity || !unit.is_tracked) return [];
  const seconds = ((unit.heard_at ?? unit.opened_at).getTime() - unit.opened_at.getTime()) / 1000;
  const speech = {
    actor: learnerAgent(registration.learner, config.publicUrl),
    registration: registration.id,
    versionId: version.id,
    sessionId: unit.id,
    now,
    newId: newXapiId,
  };
  return [abandonedStatement(activity, Math.max(0, seconds), speech)];
}
