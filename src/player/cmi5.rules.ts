import { microsecondsOf, secondsOfDuration } from '../statements/formats.rules';
import type { JsonObject } from '../statements/shapes.rules';
import { type Cmi5Notes, cmi5NotesOf } from './cmi5-notes';
import {
  checkCmi5Statement,
  cmi5ScoreOf,
  type Cmi5Session,
  definedVerb,
  progressOf,
  refusal,
} from './cmi5-statement.rules';
import type { UnitResult } from './cmi5-move-on.rules';
import { satisfiedStatements } from './cmi5-statements.rules';
import { cmi5ActivityIri, type UnitVerb } from './cmi5-terms.rules';
import { noResult, type Result } from './results.rules';
import type { UnitReport, UnitRules } from './unit-rules';

/**
 * Judges what an AU says by cmi5 ("Quartz"): each statement by itself, then its place in the session and in the registration. Nothing
 * of a batch is stored when one of it is refused.
 */
export const cmi5Rules: UnitRules = (report) => {
  const { statements, unit, activity, activities, version, now } = report;
  const notes = cmi5NotesOf(unit);
  const session: Cmi5Session = {
    id: unit.id,
    activityId: cmi5ActivityIri(version.id, activity.identifier),
    publisherId: activity.identifier,
    notes,
  };
  const ordered = statements.toSorted((one, other) => momentOf(one) - momentOf(other));
  const known = activities.get(unit.activity_id);
  const progress: Progress = { said: { ...notes.said }, result: pick(known ?? noResult) };
  for (const statement of ordered) {
    checkCmi5Statement(statement, session);
    take(statement, progress, { notes, session });
  }
  // An earlier session may have ended after this one was opened, and not after it has begun.
  const secondsBefore = notes.secondsBefore ?? known?.seconds ?? 0;
  const elapsed = Math.max(0, (now.getTime() - unit.opened_at.getTime()) / 1000);
  return {
    result: progress.result,
    seconds: secondsBefore + (progress.duration ?? elapsed),
    notes: { ...notes, secondsBefore, said: progress.said },
    ends: progress.said.terminated !== undefined,
    statements: newlySatisfied(report, progress.result),
  };
};

/** In which statements follow each other (cmi5 9.3): by what they say themselves. One that says nothing is refused then. */
const momentOf = ({ timestamp }: JsonObject): number => microsecondsOf(String(timestamp)) ?? 0;

const pick = ({ completion, success, score, progress }: Result): Result => ({ completion, success, score, progress });

interface Progress {
  said: Cmi5Notes['said'];
  result: Result;
  /** Of the session, once it has ended. */
  duration?: number;
}

function take(
  statement: JsonObject,
  progress: Progress,
  { notes, session }: { notes: Cmi5Notes; session: Cmi5Session },
): void {
  const { said, result } = progress;
  const verb = definedVerb(statement);
  const id = String(statement['id']).toLowerCase();
  // A launch that keeps no statements does not know them again when they are sent once more.
  if (verb !== undefined && said[verb] === id) return;
  checkOrder(verb, said, notes);
  // Browsed and reviewed, a unit stays as it is (cmi5 10.2.2).
  const counts = notes.launchMode === 'Normal';
  const told = progressOf(statement);
  const isOfUnit = (statement['object'] as JsonObject)['id'] === session.activityId;
  if (counts && told !== undefined && isOfUnit && result.completion !== 'completed') result.progress = told / 100;
  if (verb === undefined) return;
  checkOnce(verb, said, result);
  said[verb] = id;
  if (counts) progress.result = after(verb, statement, result);
  if (verb === 'terminated')
    progress.duration = secondsOfDuration((statement['result'] as { duration: string }).duration);
}

function checkOrder(verb: UnitVerb | undefined, said: Cmi5Notes['said'], { preferences }: Cmi5Notes): void {
  if (said.terminated !== undefined) throw refusal('9.3.8', 'The session was terminated; nothing follows that.');
  if (said.initialized !== undefined) return;
  if (verb !== 'initialized') throw refusal('9.3.2', 'The first statement of a session is the one of initialized.');
  if (preferences !== true)
    throw refusal('11', 'The AU reads cmi5LearnerPreferences before it says that it is initialized.');
}

/** In the session, and of what decides in the registration. */
function checkOnce(verb: UnitVerb, said: Cmi5Notes['said'], { completion, success }: Result): void {
  if (said[verb] !== undefined) throw refusal('9.3', `A session has one statement of ${verb}.`);
  if (verb === 'completed' && completion === 'completed') {
    throw refusal('9.3.3', 'The AU was completed in this registration already.');
  }
  if (verb !== 'passed' && verb !== 'failed') return;
  if (success === 'passed') throw refusal('9.3', 'The AU was passed in this registration already.');
  if (said.failed !== undefined) throw refusal('9.3', 'A session has one statement of passed or failed.');
}

function after(verb: UnitVerb, statement: JsonObject, before: Result): Result {
  switch (verb) {
    case 'completed':
      return { ...before, completion: 'completed', progress: 1 };
    case 'passed':
    case 'failed':
      return { ...begun(before), success: verb, score: cmi5ScoreOf(statement) ?? before.score };
    default:
      return begun(before);
  }
}

const begun = (before: Result): Result =>
  before.completion === 'unknown' ? { ...before, completion: 'incomplete' } : before;

/** Of what has become satisfied by this report: it was not before. */
function newlySatisfied(report: UnitReport, result: Result): JsonObject[] {
  const { statements, unit, activities, registration, version, now, newId } = report;
  const speech = {
    actor: (statements[0]?.['actor'] ?? {}) as JsonObject,
    registration: registration.id,
    versionId: version.id,
    sessionId: unit.id,
    now,
    newId,
  };
  const results = new Map<string, UnitResult>(activities);
  results.set(unit.activity_id, { ...activities.get(unit.activity_id), ...result });
  return satisfiedStatements(version.structure.rootActivity, { before: activities, after: results }, speech);
}
