import { present } from '../courses/packages/present';
import type { Transaction } from '../database/connection';
import { newXapiId } from '../database/ids';
import { outboxChannel } from '../database/outbox';
import { violatesUnique } from '../database/postgres-errors';
import { conflict, forbidden, internal, isAppError, unavailable } from '../errors';
import type { Resources } from '../resources';
import { addNewStatements, addStatements } from '../statements/add-statements';
import type { XapiVersion } from '../statements/formats.rules';
import { type NewStatement, newStatement } from '../statements/new-statement';
import { findKnown } from '../statements/new-statements.store';
import { planStatements, type StatementPlan } from '../statements/plan-statements.rules';
import type { ReceivedStatements } from '../statements/receive-statements';
import type { JsonObject } from '../statements/shapes.rules';
import { identityOf, keyOf } from '../statements/statement-keys.rules';
import { findStatement } from '../statements/statements.store';
import { authorityOf } from '../statements/store-statements';
import { abandonUnits } from './abandon-units';
import { findActivity } from './activity-tree.rules';
import { cmi5NotesOf, hasTerminated } from './cmi5-notes';
import { keepJudgement } from './keep-judgement';
import { learnerAgent } from './learner-agent.rules';
import { type LockedUnit, lockUnit } from './lock-unit';
import { ownStatement } from './own-statements.rules';
import { runtimeOf } from './player-seed';
import { statementLink } from './record-statements';
import { listActivities } from './registrations.store';
import type { UnitSession } from './unit-doors';
import { isTooLate, tooLate } from './unit-lateness.rules';
import type { UnitReport, UnitRules } from './unit-rules';
import { unitRulesOf } from './unit-rules-of';
import { type UnitSessionRow, updateUnitSession } from './unit-sessions.store';

/** Somebody else is first with an id once, seldom twice. */
const maxTries = 3;

interface Taking {
  session: UnitSession;
  /** As they are to be stored, each with an id. */
  statements: readonly JsonObject[];
  made: readonly NewStatement[];
  attachments: ReceivedStatements['attachments'];
  rules: UnitRules;
}

/** Of blobs that were received: those that are not needed. And whether the launch goes on that had timed out. */
interface Kept {
  needless: readonly string[];
  isReopened: boolean;
}

/**
 * Takes what a unit's content says: the statements, what they make of the unit and of the course, and what the hub says of that, in
 * one transaction. Statements that are there already add nothing and are answered the same. Throws forbidden, conflict, invalid.
 */
export async function takeStatements(
  session: UnitSession,
  { statements: received, attachments }: ReceivedStatements,
  version: XapiVersion,
  resources: Resources,
): Promise<string[]> {
  const { content, wake } = resources;
  try {
    const taking = prepare(session, received, version, resources);
    const { needless, isReopened } = await keepOnce({ ...taking, attachments }, resources);
    for (const key of needless) await content.remove(key);
    if (isReopened) wake(outboxChannel('housekeeping'));
    return taking.statements.map(({ id }) => id as string);
  } catch (error) {
    // Refused. After another fault they may be stored all the same; what is not is collected later.
    if (isAppError(error)) for (const { blob } of attachments) await content.remove(blob.key);
    throw error;
  }
}

function prepare(
  session: UnitSession,
  received: readonly JsonObject[],
  version: XapiVersion,
  { config }: Resources,
): Omit<Taking, 'attachments'> {
  const { registration, version: course } = session;
  const runtime = runtimeOf(course);
  const rules = Object.hasOwn(unitRulesOf, runtime) ? unitRulesOf[runtime as keyof typeof unitRulesOf] : undefined;
  if (!rules) throw forbidden('Content of this kind sends no statements.');
  const ownership = {
    learner: identityOf(learnerAgent(registration.learner, config.publicUrl))!,
    registration: registration.id,
    mayOmitRegistration: runtime === 'xapi',
    mayOmitId: runtime !== 'cmi5',
    newId: newXapiId,
  };
  const { application_id: applicationId } = registration;
  const origin = {
    applicationId,
    authority: authorityOf(applicationId, { config }),
    version,
    link: statementLink(course.id),
  };
  const statements = received.map((statement) => ownStatement(statement, ownership));
  return { session, rules, statements, made: statements.map((statement) => newStatement(statement, origin)) };
}

async function keepOnce(taking: Taking, resources: Resources): Promise<Kept> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    try {
      return await resources.db.transaction((tx) => keep(tx, taking, resources));
    } catch (error) {
      // Somebody has stored one of them since it was looked for.
      if (!violatesUnique(error, 'statement_ids_pkey')) throw error;
    }
  }
  throw unavailable('The same statements are being sent by many at once; nothing was stored. Try again.');
}

async function keep(tx: Transaction, taking: Taking, { config, wake }: Resources): Promise<Kept> {
  const { session, rules, attachments, statements } = taking;
  const rows = await lockUnit(tx, session);
  const now = new Date();
  const isLate = isTooLate(rows.launch, rows.unit, now);
  // The last word again, because its answer got lost, is no new one.
  if (isLate && !hasLastWord(statements, rows.unit)) throw tooLate();
  const plan = await planOf(tx, taking);
  await refuseForeignTargets(tx, plan, taking);
  // A launch that keeps nothing refuses nothing that another would take.
  const isTracked = rows.launch.options.tracking !== false;
  if (!isTracked) {
    if (!isLate) await judgeOnly(tx, taking, rows, { config, now });
    return { needless: attachments.map(({ blob }) => blob.key), isReopened: false };
  }
  if (isLate && plan.statements.length > 0) throw tooLate();
  if (plan.statements.length === 0) return { needless: await addNewStatements(tx, plan), isReopened: false };
  const isNew = new Set(plan.statements.map(({ id }) => id));
  const report = await reportOf(tx, session, rows, now);
  const judgement = rules({
    ...report,
    statements: statements.filter(({ id }) => isNew.has(String(id).toLowerCase())),
  });
  const abandoned = await abandonOthers(tx, rows, { config, now });
  const isReopened = await keepJudgement(tx, report, judgement, { wake });
  const origin = { applicationId: rows.registration.application_id, link: statementLink(session.version.id) };
  await addStatements(tx, abandoned, origin, { config });
  const needless = await addNewStatements(tx, plan);
  await addStatements(tx, judgement.statements ?? [], origin, { config });
  return { needless, isReopened };
}

const hasLastWord = (statements: readonly JsonObject[], unit: UnitSessionRow): boolean =>
  hasTerminated(unit) && statements.some(({ id }) => String(id).toLowerCase() === cmi5NotesOf(unit).said.terminated);

/** What a session may say depends on what it said, also where none of it is kept. */
async function judgeOnly(tx: Transaction, { session, rules, statements }: Taking, rows: LockedUnit, around: Around) {
  const { now } = around;
  const { notes, ends = false } = rules({ ...(await reportOf(tx, session, rows, now)), statements });
  const abandoned = await abandonOthers(tx, rows, around);
  const end = ends ? ({ state: 'ended', ended_at: now } as const) : {};
  await updateUnitSession(tx, rows.unit.id, { heard_at: now, ...present({ notes }), ...end });
  const origin = { applicationId: rows.registration.application_id, link: statementLink(session.version.id) };
  await addStatements(tx, abandoned, origin, around);
}

type Around = Pick<Resources, 'config'> & { now: Date };

/** An AU that begins is how one is known that never ended (cmi5 9.3.6). Not its opening: the other's last word may be under way. */
const abandonOthers = async (
  tx: Transaction,
  { registration, unit }: LockedUnit,
  around: Around,
): Promise<JsonObject[]> =>
  unit.heard_at === null
    ? abandonUnits(tx, { registration_id: registration.id }, registration, { ...around, before: unit.id })
    : [];

async function planOf(tx: Transaction, { made, attachments, session }: Taking): Promise<StatementPlan> {
  const { application_id: applicationId } = session.registration;
  const asked = { statements: made, attachments: attachments.map((one) => ({ applicationId, ...one })) };
  const plan = planStatements([asked], await findKnown(tx, made));
  const [outcome] = plan.outcomes;
  if (outcome && 'conflict' in outcome) {
    throw conflict(`The id ${outcome.conflict} is the one of another statement; nothing was stored.`);
  }
  return plan;
}

/** Only what was said in this registration can be voided, or what is said with it. */
async function refuseForeignTargets(tx: Transaction, plan: StatementPlan, { made, session }: Taking): Promise<void> {
  const { application_id: applicationId, id } = session.registration;
  const registration = keyOf(applicationId, 'registration', id);
  const together = new Set(made.map((one) => one.id));
  for (const { target, isVoiding } of plan.statements) {
    if (!isVoiding || target === undefined || together.has(target)) continue;
    const row = await findStatement(tx, applicationId, { id: target, isVoided: false, registration });
    if (!row) throw forbidden('Only statements of the same registration can be voided here, once.');
  }
}

async function reportOf(
  tx: Transaction,
  { version, settings }: UnitSession,
  rows: LockedUnit,
  now: Date,
): Promise<Omit<UnitReport, 'statements'>> {
  const activity = findActivity(version.structure.rootActivity, rows.unit.activity_id);
  if (!activity) throw internal('A unit session is of no activity of its course.');
  const activities = new Map((await listActivities(tx, rows.registration.id)).map((row) => [row.activity_id, row]));
  return { ...rows, activity, activities, version, settings, now, newId: newXapiId };
}
