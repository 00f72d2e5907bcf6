import { forbidden } from '../errors';
import { isObject, type JsonObject } from '../statements/shapes.rules';
import type { Cmi5Notes } from './cmi5-notes';
import { categories, contextExtensions, progressExtension, type UnitVerb, unitVerbs, voided } from './cmi5-terms.rules';

/** What a statement is held against. */
export interface Cmi5Session {
  /** Of the session; the AU repeats it. */
  id: string;
  /** What the AU was launched as. */
  activityId: string;
  /** The AU's id in the course structure. */
  publisherId: string;
  notes: Pick<Cmi5Notes, 'launchMode' | 'masteryScore'>;
}

/** Refuses a statement by a section of cmi5. xAPI has found it right, so it is no 400. */
export const refusal = (section: string, why: string) => forbidden(`${why} (cmi5 ${section})`);

const member = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined);

/** Ids of the activities that a context lists; one alone need not be in a list (xAPI 1.0.3 Data 2.4.6.2). */
function activitiesIn(statement: JsonObject, list: 'category' | 'grouping'): unknown[] {
  const found = member(member(statement['context'], 'contextActivities'), list);
  return (Array.isArray(found) ? found : [found]).map((activity) => member(activity, 'id'));
}

const verbOf = ({ verb }: JsonObject): unknown => member(verb, 'id');

const resultOf = ({ result }: JsonObject): JsonObject => (isObject(result) ? result : {});

const extensionOf = ({ context }: JsonObject, id: string): unknown => member(member(context, 'extensions'), id);

/** The verb of a "cmi5 defined" statement; undefined: it is a "cmi5 allowed" one (cmi5 7.1.3). */
export function definedVerb(statement: JsonObject): UnitVerb | undefined {
  if (!activitiesIn(statement, 'category').includes(categories.cmi5)) return undefined;
  const verb = verbOf(statement);
  const [name] = Object.entries(unitVerbs).find(([, iri]) => iri === verb) ?? [];
  if (name === undefined) throw refusal('9.3', 'The cmi5 category is not for AUs’ statements of this verb.');
  return name as UnitVerb;
}

/** What is asked of a statement by itself, whatever came before it. */
export function checkCmi5Statement(statement: JsonObject, session: Cmi5Session): void {
  if (verbOf(statement) === voided) throw refusal('6.3', 'An AU voids no statements.');
  checkTimestamp(statement);
  checkTemplate(statement, session);
  checkProgress(statement);
  const verb = definedVerb(statement);
  const hasMoveOn = activitiesIn(statement, 'category').includes(categories.moveOn);
  if (verb === undefined) {
    if (hasMoveOn) throw refusal('9.6.2.2', 'The moveOn category is for “cmi5 defined” statements only.');
    return;
  }
  checkObject(statement, session);
  checkMode(verb, session);
  checkResult(verb, statement, hasMoveOn);
  checkScore(verb, statement, session);
}

function checkTimestamp({ timestamp }: JsonObject): void {
  if (typeof timestamp !== 'string') throw refusal('9.7', 'A statement needs its timestamp.');
  if (!/(Z|\+00(:?00)?)$/i.test(timestamp)) throw refusal('9.7', 'The timestamp has to be in UTC (…Z).');
}

/** Every context is made of the template that the launch data have. */
function checkTemplate(statement: JsonObject, { id, publisherId, notes }: Cmi5Session): void {
  if (extensionOf(statement, contextExtensions.sessionId) !== id) {
    throw refusal('9.6.3.1', `The context’s extension ${contextExtensions.sessionId} has to be ${id}.`);
  }
  if (!activitiesIn(statement, 'grouping').includes(publisherId)) {
    throw refusal('10.2.1', `The context’s grouping has to name ${publisherId}, as in the contextTemplate.`);
  }
  const named = extensionOf(statement, contextExtensions.masteryScore);
  if (named !== undefined && notes.masteryScore !== undefined && named !== notes.masteryScore) {
    throw refusal('9.6.3.2', `The context’s masteryscore has to be ${notes.masteryScore}.`);
  }
}

function checkProgress(statement: JsonObject): void {
  const progress = member(resultOf(statement)['extensions'], progressExtension);
  if (progress === undefined || isPercentage(progress)) return;
  throw refusal('9.5.5.1', 'Progress is a whole number from 0 to 100.');
}

const isPercentage = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 100;

/** Per cent of the AU that a statement tells; undefined: none. */
export function progressOf(statement: JsonObject): number | undefined {
  const progress = member(resultOf(statement)['extensions'], progressExtension);
  return isPercentage(progress) ? progress : undefined;
}

function checkObject({ object }: JsonObject, { activityId }: Cmi5Session): void {
  const isActivity = isObject(object) && (object['objectType'] ?? 'Activity') === 'Activity';
  if (isActivity && object['id'] === activityId) return;
  throw refusal('9.4', `The object has to be the AU that was launched, ${activityId}.`);
}

function checkMode(verb: UnitVerb, { notes: { launchMode } }: Cmi5Session): void {
  if (launchMode === 'Normal' || verb === 'initialized' || verb === 'terminated') return;
  throw refusal('10.2.2', `The AU was launched in the mode ${launchMode}, which takes no results.`);
}

/** What `success` and `completion` have to be; absent: not there. */
const outcomes: Readonly<Record<UnitVerb, { success?: boolean; completion?: boolean }>> = {
  initialized: {},
  completed: { completion: true },
  passed: { success: true },
  failed: { success: false },
  terminated: {},
};

function checkResult(verb: UnitVerb, statement: JsonObject, hasMoveOn: boolean): void {
  const { success, completion, duration } = resultOf(statement);
  const outcome = outcomes[verb];
  const expectation = (value: boolean | undefined): string => (value === undefined ? 'absent' : String(value));
  if (success !== outcome.success) {
    throw refusal('9.5.2', `result.success of ${verb} has to be ${expectation(outcome.success)}.`);
  }
  if (completion !== outcome.completion) {
    throw refusal('9.5.3', `result.completion of ${verb} has to be ${expectation(outcome.completion)}.`);
  }
  if (verb !== 'initialized' && duration === undefined) {
    throw refusal('9.5.4.1', `A statement of ${verb} needs result.duration.`);
  }
  const isResult = Object.keys(outcome).length > 0;
  if (isResult !== hasMoveOn) {
    throw refusal('9.6.2.2', `A statement of ${verb} has to be ${isResult ? 'in' : 'outside of'} the moveOn category.`);
  }
}

function checkScore(verb: UnitVerb, statement: JsonObject, { notes: { masteryScore } }: Cmi5Session): void {
  const { score } = resultOf(statement);
  if (!isObject(score)) return;
  if (verb !== 'passed' && verb !== 'failed') throw refusal('9.5.1', `A statement of ${verb} has no score.`);
  const { scaled, raw, min, max } = score;
  if (raw !== undefined && (min === undefined || max === undefined)) {
    throw refusal('9.5.1', 'A raw score needs min and max.');
  }
  if (typeof scaled === 'number' && scaled < 0) throw refusal('9.5.1', 'score.scaled is from 0 to 1.');
  if (masteryScore === undefined) return;
  if (extensionOf(statement, contextExtensions.masteryScore) !== masteryScore) {
    throw refusal('9.6.3.2', `The context’s masteryscore has to be ${masteryScore} where there is a score.`);
  }
  if (typeof scaled !== 'number' || (verb === 'passed') === scaled >= masteryScore) return;
  throw refusal(
    verb === 'passed' ? '9.3.4' : '9.3.5',
    `A score of ${scaled} is not ${verb} by the masteryScore ${masteryScore}.`,
  );
}

/** Scaled, or made of a raw score and its bounds; undefined: the statement has none. */
export function cmi5ScoreOf(statement: JsonObject): number | undefined {
  const { score } = resultOf(statement);
  if (!isObject(score)) return undefined;
  const { scaled, raw, min, max } = score;
  if (typeof scaled === 'number') return scaled;
  if (typeof raw !== 'number' || typeof min !== 'number' || typeof max !== 'number' || max <= min) return undefined;
  return Math.max(0, Math.min(1, (raw - min) / (max - min)));
}
