import type { Activity } from '../courses/packages/package';
import type { Transaction } from '../database/connection';
import { newXapiId } from '../database/ids';
import { conflict, internal, invalid } from '../errors';
import type { Resources } from '../resources';
import { addStatements } from '../statements/add-statements';
import { findActivity } from './activity-tree.rules';
import { isUnitSatisfied } from './cmi5-move-on.rules';
import { satisfiedStatements, waivedStatement } from './cmi5-statements.rules';
import { begin, configurationOf, goOn, holdNewest, type LearnersCourse, lockCurrent } from './current-registration';
import { learnerAgent } from './learner-agent.rules';
import { statementLink } from './record-statements';
import {
  listActivities,
  lockRegistration,
  type RegistrationActivityRow,
  type RegistrationResult,
  upsertActivity,
} from './registrations.store';
import { noResult } from './results.rules';
import { requireCmi5 } from './require-cmi5';
import { satisfiedFromStart } from './satisfied-from-start';
import { settleRegistration } from './settle-registration';
import type { UnitWaiver, WaivedUnit } from './units.schemas';

/**
 * Waives an AU of the registration that a learner goes on with, or begins with it, and says so (cmi5 9.3.7); answers the waiver that
 * there is already where there is one, and undefined where there is no such course. Throws conflict and invalid: nothing is waived.
 */
export async function waiveUnit(
  tx: Transaction,
  asked: LearnersCourse,
  { au_id, reason }: UnitWaiver,
  { config, wake }: Pick<Resources, 'config' | 'wake'>,
): Promise<WaivedUnit | undefined> {
  const held = await holdNewest(tx, asked);
  if (!held) return undefined;
  const current = await lockCurrent(tx, held, asked);
  const { registrationId, version } = current
    ? await goOn(tx, current, held, asked.learner)
    : await begin(tx, held, asked.learner);
  requireCmi5(version, asked.courseId);
  const registration = await lockRegistration(tx, registrationId);
  if (!registration) throw internal('A registration that was just written is gone.');
  const root = version.structure.rootActivity;
  const unit = requireUnit(root, au_id);
  const before = new Map((await listActivities(tx, registration.id)).map((row) => [row.activity_id, row]));
  const known = before.get(unit.identifier);
  if (known?.waived_at) return presentWaiver(known, registration);
  if (isUnitSatisfied(unit, before)) {
    throw conflict(`The AU "${au_id}" is satisfied already: there is nothing to waive.`, { code: 'already_satisfied' });
  }
  const now = new Date();
  const speech = {
    actor: learnerAgent(registration.learner, config.publicUrl),
    registration: registration.id,
    versionId: version.id,
    // Of nothing else (cmi5 9.3.7).
    sessionId: newXapiId(),
    now,
    newId: newXapiId,
  };
  const fromStart = await satisfiedFromStart(tx, version, speech);
  const row: RegistrationActivityRow = {
    ...noResult,
    cmi: {},
    seconds: 0,
    attempts: 0,
    session_open: false,
    ...known,
    registration_id: registration.id,
    activity_id: unit.identifier,
    waived_at: now,
    waived_for: reason,
    updated_at: now,
  };
  await upsertActivity(tx, row);
  const after = new Map([...before, [row.activity_id, row]]);
  const settings = await configurationOf(tx, held.course, version);
  const settled = await settleRegistration(tx, { registration, version, settings, isTracked: true, wake }, after);
  const statements = [
    ...fromStart,
    waivedStatement(unit, reason, speech),
    ...satisfiedStatements(root, { before, after }, speech),
  ];
  const origin = { applicationId: registration.application_id, link: statementLink(version.id) };
  await addStatements(tx, statements, origin, { config });
  return presentWaiver(row, settled);
}

function requireUnit(root: Activity, identifier: string): Activity {
  const unit = findActivity(root, identifier);
  if (unit?.href !== undefined) return unit;
  throw invalid('Nothing is waived.', {
    details: [{ path: 'au_id', message: `"${identifier}" is no AU of the course` }],
  });
}

const presentWaiver = (
  { activity_id, registration_id, waived_at, waived_for }: RegistrationActivityRow,
  { completion, success, progress }: Pick<RegistrationResult, 'completion' | 'success' | 'progress'>,
): WaivedUnit => ({
  au_id: activity_id,
  reason: waived_for!,
  waived_at: waived_at!.toISOString(),
  registration: { id: registration_id, completion, success, progress },
});
