import { isYes, numberOf, type Configuration } from './player-settings';
import { noResult, type Result, type Score } from './results.rules';

/**
 * What the units' results make of the course, by the settings of the category "Rollup" (SCORM Cloud: PlayerStatusRollupMode and
 * PlayerScoreRollupMode). Courses with SCORM 2004 sequencing roll up by their own rules instead.
 */
export function rollUp(units: readonly Result[], settings: Configuration): Result {
  const first = units[0];
  if (!first) return noResult;
  const done = isYes(settings, 'PlayerFirstScoIsPretest') && first.success === 'passed' ? completeAll(units) : units;
  const score = rollUpScore(done, settings);
  const completion = isComplete(done, score, settings) ? 'completed' : startedOr(done);
  const success = rollUpSuccess(done, settings, completion === 'completed');
  return { completion, success, score, progress: progressOf(done) };
}

const completeAll = (units: readonly Result[]): Result[] =>
  units.map((unit) => ({ ...unit, completion: 'completed' as const }));

const startedOr = (units: readonly Result[]): Result['completion'] =>
  units.every(({ completion, success }) => completion === 'unknown' && success === 'unknown')
    ? 'unknown'
    : 'incomplete';

/** A unit that says only that it is passed or failed is done with, but for where its completion is asked for. */
const isDone = ({ completion }: Result): boolean => completion === 'completed';

function isComplete(units: readonly Result[], score: Score, settings: Configuration): boolean {
  const all = units.every(isDone);
  const reachesThreshold = (): boolean => {
    const threshold = numberOf(settings, 'PlayerStatusRollupModeThresholdScore', Number.NaN);
    return score !== null && score >= (threshold > 1 ? threshold / 100 : threshold);
  };
  switch (settings.get('PlayerStatusRollupModeValue')) {
    case 'STATUS_PROVIDED_BY_COURSE':
      return units.some(isDone);
    case 'COMPLETE_WHEN_ALL_UNITS_COMPLETE_AND_NOT_FAILED':
      return all && units.every(({ success }) => success !== 'failed');
    case 'COMPLETE_WHEN_THRESHOLD_SCORE_IS_MET':
      return reachesThreshold();
    case 'COMPLETE_WHEN_ALL_UNITS_COMPLETE_AND_THRESHOLD_SCORE_IS_MET':
      return all && reachesThreshold();
    case 'COMPLETE_WHEN_ALL_UNITS_ARE_PASSED':
      return units.every(({ success }) => success === 'passed');
    default:
      return all;
  }
}

/** Failed by any unit that is; passed when the units that judge at all are passed, and the others done. */
function rollUpSuccess(units: readonly Result[], settings: Configuration, isCompleted: boolean): Result['success'] {
  if (units.some(({ success }) => success === 'failed')) return 'failed';
  const judging = units.filter(({ success }) => success !== 'unknown');
  const restIsDone = units.every((unit) => unit.success === 'passed' || isDone(unit));
  if (judging.length > 0 && restIsDone) return 'passed';
  return isCompleted && isYes(settings, 'PlayerApplyRollupStatusToSuccess') ? 'passed' : 'unknown';
}

function rollUpScore(units: readonly Result[], settings: Configuration): Score {
  const scores = units.flatMap(({ score }) => (score === null ? [] : [score]));
  if (scores.length === 0) return null;
  const sum = scores.reduce((total, score) => total + score, 0);
  const over = (count: number): Score => Math.min(1, sum / Math.max(1, count));
  switch (settings.get('PlayerScoreRollupModeValue')) {
    case 'AVERAGE_SCORE_OF_ALL_UNITS':
      return over(units.length);
    case 'FIXED_AVERAGE': {
      const count = numberOf(settings, 'PlayerScoreRollupModeNumberOfScoringObjects');
      return over(count > 0 ? count : units.length);
    }
    case 'AVERAGE_SCORE_OF_ALL_UNITS_WITH_NONZERO_SCORES':
      return over(scores.filter((score) => score > 0).length);
    case 'LAST_SCO_SCORE':
      return units.at(-1)?.score ?? null;
    case 'SCORE_PROVIDED_BY_COURSE':
      return scores.at(-1) ?? null;
    default:
      return over(scores.length);
  }
}

/** Units that are done count whole, others as far as they say. */
const progressOf = (units: readonly Result[]): number =>
  units.reduce((total, unit) => total + (isDone(unit) ? 1 : (unit.progress ?? 0)), 0) / units.length;
