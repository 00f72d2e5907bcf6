import { secondsOfDuration } from '../statements/formats.rules';
import { isObject, type JsonObject } from '../statements/shapes.rules';
import { tracked } from './cmi.rules';
import { noResult, type Result, type Score } from './results.rules';
import { unitActivityIri } from './unit-activity.rules';
import type { UnitRules } from './unit-rules';

const verbOf = ({ verb }: JsonObject): string =>
  /^https?:\/\/adlnet\.gov\/expapi\/verbs\/(\w+)$/.exec(String((verb as JsonObject)['id']))?.[1] ?? '';

/**
 * xAPI has no rules of what makes content completed or passed; these are what authoring tools mean: ADL's verbs of the activity that
 * was launched, and the results they carry. Statements of anything else within it say nothing of the whole.
 */
export const xapiRules: UnitRules = ({ statements, unit, activity, activities, version, settings, now }) => {
  const iri = unitActivityIri(activity, version);
  const said = statements.filter(({ object }) => isActivity(object) && object['id'] === iri);
  const known = activities.get(unit.activity_id);
  const result = said.reduce<Result>(after, known ?? noResult);
  const before = numberIn(unit.notes, 'secondsBefore') ?? known?.seconds ?? 0;
  // Content counts for itself what it shows; else it is the time since it was opened.
  const told = said.reduce((longest, one) => Math.max(longest, durationOf(one)), numberIn(unit.notes, 'told') ?? 0);
  const elapsed = Math.max(0, (now.getTime() - unit.opened_at.getTime()) / 1000);
  return {
    result: tracked(pick(result), settings),
    seconds: before + (told > 0 ? told : elapsed),
    notes: { ...unit.notes, secondsBefore: before, told },
  };
};

const isActivity = (object: unknown): object is JsonObject =>
  isObject(object) && (object['objectType'] ?? 'Activity') === 'Activity';

const numberIn = (values: JsonObject, name: string): number | undefined => {
  const value = values[name];
  return typeof value === 'number' ? value : undefined;
};

const pick = ({ completion, success, score, progress }: Result): Result => ({ completion, success, score, progress });

/** What a statement makes of a result. What was completed stays so: a statement says what was, not what is no more. */
function after(before: Result, statement: JsonObject): Result {
  const verb = verbOf(statement);
  const { completion, success, score } = (statement['result'] ?? {}) as {
    completion?: boolean;
    success?: boolean;
    score?: JsonObject;
  };
  const isDone = before.completion === 'completed' || (completion ?? (verb === 'completed' || verb === 'passed'));
  const isPassed = verb === 'passed' || verb === 'failed' ? verb === 'passed' : success;
  return {
    ...before,
    completion: isDone ? 'completed' : 'incomplete',
    success: isPassed === undefined ? before.success : isPassed ? 'passed' : 'failed',
    score: (score && scoreOf(score)) ?? before.score,
  };
}

/** Scaled, or a raw score between bounds that say how much it is; undefined: there is none to be used. */
function scoreOf(score: JsonObject): Score | undefined {
  const scaled = numberIn(score, 'scaled');
  if (scaled !== undefined) return scaled;
  const [raw, min = 0, max] = ['raw', 'min', 'max'].map((name) => numberIn(score, name));
  if (raw === undefined || max === undefined || max <= min) return undefined;
  return Math.max(-1, Math.min(1, (raw - min) / (max - min)));
}

function durationOf({ result }: JsonObject): number {
  const duration = isObject(result) ? result['duration'] : undefined;
  return typeof duration === 'string' ? secondsOfDuration(duration) : 0;
}
