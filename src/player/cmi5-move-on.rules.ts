import type { Activity } from '../courses/packages/package';
import { noResult, type Result } from './results.rules';

/** What a unit has come to, by what its content says and by a waiver. */
export type UnitResult = Pick<Result, 'completion' | 'success'> & { waived_at?: Date | null };

/** What is known of units, by their ids in the course structure. */
export type UnitResults = ReadonlyMap<string, UnitResult>;

/** A unit that was waived counts as completed and passed (cmi5 9.5.2, 9.5.3), whatever its content says. */
export const withWaiver = <R extends UnitResult>(result: R): R =>
  result.waived_at ? { ...result, completion: 'completed', success: 'passed' } : result;

/** Whether a unit's moveOn criterion is met (cmi5 13.1.4). */
export function meetsMoveOn(
  moveOn: string | undefined,
  { completion, success }: Pick<Result, 'completion' | 'success'>,
) {
  const [isCompleted, isPassed] = [completion === 'completed', success === 'passed'];
  switch (moveOn) {
    case 'Passed':
      return isPassed;
    case 'Completed':
      return isCompleted;
    case 'CompletedAndPassed':
      return isCompleted && isPassed;
    case 'CompletedOrPassed':
      return isCompleted || isPassed;
    default:
      // NotApplicable, which is the default.
      return true;
  }
}

export const isUnitSatisfied = ({ identifier, moveOn }: Activity, results: UnitResults): boolean =>
  meetsMoveOn(moveOn, withWaiver(results.get(identifier) ?? noResult));

/** Blocks, and the course itself, of which every unit is satisfied, inner ones first (cmi5 9.3.9). */
export function satisfiedContainers(root: Activity, results: UnitResults): Activity[] {
  const found: Activity[] = [];
  const look = (activity: Activity): boolean => {
    if (activity.href !== undefined) return isUnitSatisfied(activity, results);
    const isSatisfied = activity.children.map(look).every(Boolean);
    if (isSatisfied) found.push(activity);
    return isSatisfied;
  };
  look(root);
  return found;
}
