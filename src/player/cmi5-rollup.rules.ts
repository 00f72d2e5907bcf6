import type { Activity } from '../courses/packages/package';
import { listUnits } from './activity-tree.rules';
import { isUnitSatisfied, type UnitResult, withWaiver } from './cmi5-move-on.rules';
import { noResult, type Result } from './results.rules';

/**
 * What a cmi5 course comes to. It is completed when it is satisfied: that is what moveOn criteria are for, so the settings of the
 * category "Rollup" take no part. The rest is what its units say.
 */
export function rollUpCmi5(root: Activity, results: ReadonlyMap<string, Result & UnitResult>): Result {
  const units = listUnits(root);
  const known = units.map(({ identifier }) => withWaiver(results.get(identifier) ?? noResult));
  const satisfied = units.filter((unit) => isUnitSatisfied(unit, results)).length;
  const isSatisfied = satisfied === units.length;
  const scores = known.flatMap(({ score }) => (score === null ? [] : [score]));
  return {
    completion: isSatisfied ? 'completed' : known.some(isBegun) ? 'incomplete' : 'unknown',
    success: successOf(known, isSatisfied),
    score: scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length,
    progress: units.length === 0 ? null : satisfied / units.length,
  };
}

const isBegun = ({ completion, success }: Result): boolean => completion !== 'unknown' || success !== 'unknown';

/** Failed by any unit that is; passed when those that judge are, and the course asks for no more. */
function successOf(units: readonly Result[], isSatisfied: boolean): Result['success'] {
  if (units.some(({ success }) => success === 'failed')) return 'failed';
  return isSatisfied && units.some(({ success }) => success === 'passed') ? 'passed' : 'unknown';
}
