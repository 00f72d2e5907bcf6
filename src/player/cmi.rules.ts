import type { Activity } from '../courses/packages/package';
import { isYes, type Configuration } from './player-settings';
import type { Completion, Result, Score, Success } from './results.rules';

/** Run-time data by element. */
export type Cmi = Readonly<Record<string, string>>;

const numberIn = (cmi: Cmi, element: string): number | undefined => {
  const text = cmi[element]?.trim();
  const value = text ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
};

/** How many interactions content recorded, of whatever type (SCORM 2004 RTE 4.2.9; SCORM 1.2 has the same list). */
export const countInteractions = (cmi: Cmi): number =>
  new Set(Object.keys(cmi).flatMap((element) => /^cmi\.interactions\.(\d+)\./.exec(element)?.[1] ?? [])).size;

const clamp = (value: number): number => Math.max(-1, Math.min(1, value));

/** A raw score between its bounds, as a scaled one; without usable bounds it is a percentage. */
export function scaleRaw(cmi: Cmi, prefix: string): Score {
  const raw = numberIn(cmi, `${prefix}.raw`);
  if (raw === undefined) return null;
  const min = numberIn(cmi, `${prefix}.min`);
  const max = numberIn(cmi, `${prefix}.max`);
  if (max === undefined || max <= (min ?? 0)) return clamp(raw / 100);
  return clamp((raw - (min ?? 0)) / (max - (min ?? 0)));
}

/** What an activity's run-time data says of the learner's work on it, under the settings of its course. `before`: until now. */
export function resultOf(
  cmi: Cmi,
  { activity, settings, before }: { activity: Activity; settings: Configuration; before: Result },
): Result {
  const found =
    'cmi.core.lesson_status' in cmi ? scorm12Result(cmi, activity, settings) : scorm2004Result(cmi, settings);
  return tracked(keepCompletion(found, before, settings), settings);
}

/** SCORM 1.2 RTE 3.4.4: one status for both completion and success. */
function scorm12Result(cmi: Cmi, { masteryScore }: Activity, settings: Configuration): Result {
  const status = cmi['cmi.core.lesson_status'] ?? '';
  const score = scaleRaw(cmi, 'cmi.core.score');
  const byScore = isYes(settings, 'PlayerScoreOverridesStatus') ? byMastery(cmi, masteryScore) : undefined;
  const success = byScore ?? successes12[status] ?? 'unknown';
  const completion = success === 'failed' && status === 'failed' ? failedCompletion(settings) : completions12[status];
  return { completion: completion ?? 'unknown', success, score, progress: null };
}

const successes12: Readonly<Record<string, Success>> = { passed: 'passed', failed: 'failed' };
const completions12: Readonly<Record<string, Completion>> = {
  passed: 'completed',
  completed: 'completed',
  failed: 'incomplete',
  incomplete: 'incomplete',
  browsed: 'incomplete',
  // Content that was begun and never says anything of it.
  'not attempted': 'incomplete',
};

function byMastery(cmi: Cmi, masteryScore: string | undefined): Success | undefined {
  const raw = numberIn(cmi, 'cmi.core.score.raw');
  const mastery = Number(masteryScore?.trim() || Number.NaN);
  if (raw === undefined || Number.isNaN(mastery)) return undefined;
  return raw >= mastery ? 'passed' : 'failed';
}

/** CompletionStatusValue. */
const completionValues: Readonly<Record<string, Completion>> = {
  Completed: 'completed',
  Incomplete: 'incomplete',
  Browsed: 'incomplete',
};

const failedCompletion = (settings: Configuration): Completion =>
  completionValues[settings.get('PlayerCompletionStatOfFailedSuccessStat') ?? ''] ?? 'unknown';

/** SCORM 2004 RTE 4.2.4, 4.2.20, 4.2.21. */
function scorm2004Result(cmi: Cmi, settings: Configuration): Result {
  const scaled = numberIn(cmi, 'cmi.score.scaled');
  const raw = isYes(settings, 'PlayerScaleRawScore') ? scaleRaw(cmi, 'cmi.score') : null;
  const success = successes2004[cmi['cmi.success_status'] ?? ''] ?? 'unknown';
  const completion = completions2004[cmi['cmi.completion_status'] ?? ''] ?? 'unknown';
  const progress = numberIn(cmi, 'cmi.progress_measure');
  return {
    completion: success === 'passed' && isYes(settings, 'PlayerSatisfiedCausesCompletion') ? 'completed' : completion,
    success,
    score: scaled === undefined ? raw : clamp(scaled),
    progress: progress === undefined ? null : Math.max(0, Math.min(1, progress)),
  };
}

const successes2004: Readonly<Record<string, Success>> = { passed: 'passed', failed: 'failed' };
const completions2004: Readonly<Record<string, Completion>> = { completed: 'completed', incomplete: 'incomplete' };

/** Of SCORM 1.2, what was completed stays so unless the course's settings let content take it back. */
function keepCompletion(found: Result, before: Result, settings: Configuration): Result {
  const mayChange = isYes(settings, 'PlayerAllowCompleteStatusChange', true);
  return before.completion === 'completed' && !mayChange ? { ...found, completion: 'completed' } : found;
}

/** What of a result counts under the settings of its course. */
export function tracked({ completion, success, score, progress }: Result, settings: Configuration): Result {
  const isComplete = completion === 'completed';
  const counts = (setting: string, early?: string): boolean =>
    isYes(settings, setting, true) && (isComplete || early === undefined || isYes(settings, early, true));
  return {
    completion: counts('PlayerIsCompletionTracked') ? completion : 'unknown',
    success: counts('PlayerIsSatisfactionTracked', 'PlayerIsIncompleteSatisfactionMeaningful') ? success : 'unknown',
    score: counts('PlayerIsScoreTracked', 'PlayerIsIncompleteScoreMeaningful') ? score : null,
    progress,
  };
}
