import type { Activity } from './activity.rules';
import { searchKey } from './search-key.rules';

/** What an event adds to the totals, by column. */
export interface Amounts {
  xp?: number;
  total_questions?: number;
  correct_questions?: number;
  mastered_units?: number;
  active_seconds?: number;
  inactive_seconds?: number;
  waste_seconds?: number;
  unknown_seconds?: number;
  anti_pattern_seconds?: number;
}

export const amountColumns = [
  'xp',
  'total_questions',
  'correct_questions',
  'mastered_units',
  'active_seconds',
  'inactive_seconds',
  'waste_seconds',
  'unknown_seconds',
  'anti_pattern_seconds',
] as const satisfies readonly (keyof Amounts)[];

export interface Contribution extends Amounts {
  application_id: string;
  /** Email in lower case, else the actor's id; empty: all learners together. */
  learner: string;
  /** Empty: none. */
  course_id: string;
  /** `2026-01-31`, UTC. */
  day: string;
}

/** All learners together, in the place of one. */
export const everyone = '';

/** What an event says of its learner's work; undefined where it says nothing that is summed up. */
export function contributionOf(
  applicationId: string,
  { learner, course, metrics, seconds }: Activity,
  eventTime: string,
): Contribution | undefined {
  const amounts: Amounts = {
    ...(metrics.xpEarned !== undefined && { xp: metrics.xpEarned }),
    ...(metrics.totalQuestions !== undefined && { total_questions: metrics.totalQuestions }),
    ...(metrics.correctQuestions !== undefined && { correct_questions: metrics.correctQuestions }),
    ...(metrics.masteredUnits !== undefined && { mastered_units: metrics.masteredUnits }),
    ...(seconds.active !== undefined && { active_seconds: seconds.active }),
    ...(seconds.inactive !== undefined && { inactive_seconds: seconds.inactive }),
    ...(seconds.waste !== undefined && { waste_seconds: seconds.waste }),
    ...(seconds.unknown !== undefined && { unknown_seconds: seconds.unknown }),
    ...(seconds['anti-pattern'] !== undefined && { anti_pattern_seconds: seconds['anti-pattern'] }),
  };
  const who = learner.email?.toLowerCase() ?? learner.id;
  const values = Object.values(amounts) as number[];
  if (who === undefined || values.length === 0 || !values.every(Number.isFinite)) return undefined;
  return {
    application_id: applicationId,
    learner: searchKey(who),
    course_id: course === undefined ? '' : searchKey(course.id),
    day: eventTime.slice(0, 10),
    ...amounts,
  };
}

/**
 * Fewer contributions with the same sums, for each learner and for all of them together. Whole numbers are added up here;
 * others are left to Postgres, whose numeric does not round.
 */
export function mergeContributions(contributions: Iterable<Contribution>): Contribution[] {
  const merged = new Map<string, Contribution>();
  const apart: Contribution[] = [];
  for (const contribution of contributions) {
    for (const one of [contribution, { ...contribution, learner: everyone }]) {
      const key = `${one.application_id}\n${one.learner}\n${one.course_id}\n${one.day}`;
      const before = merged.get(key);
      if (!isWhole(one) || (before && !addTo(before, one))) apart.push(one);
      else if (!before) merged.set(key, { ...one });
    }
  }
  return [...merged.values(), ...apart];
}

const isWhole = (amounts: Amounts): boolean =>
  amountColumns.every((column) => amounts[column] === undefined || Number.isSafeInteger(amounts[column]));

/** Answers whether the sums are exact; where not, nothing is added. */
function addTo(sum: Amounts, amounts: Amounts): boolean {
  const added: Amounts = {};
  for (const column of amountColumns) {
    const amount = amounts[column];
    if (amount !== undefined) added[column] = (sum[column] ?? 0) + amount;
  }
  if (!isWhole(added)) return false;
  Object.assign(sum, added);
  return true;
}
