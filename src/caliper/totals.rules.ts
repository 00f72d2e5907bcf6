import type { Activity } from './activity.rules';
import { searchKey } from './search-key.rules';

/** What is summed up, by column. */
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
] as const;

/** What events add to the totals of one learner, course and day. */
export interface Contribution {
  applicationId: string;
  /** Email in lower case, else the actor's id; empty: all learners together. */
  learner: string;
  /** Empty: none. */
  courseId: string;
  /** `2026-01-31`, UTC. */
  day: string;
  /** As `amountColumns`; what an event has none of is 0. */
  amounts: number[];
}

/** All learners together, in the place of one. */
export const everyone = '';

/** What an event says of its learner's work; undefined where it says nothing that is summed up. */
export function contributionOf(
  applicationId: string,
  { learner, courseId, metrics, seconds }: Activity,
  eventTime: string,
): Contribution | undefined {
  const who = learner.email?.toLowerCase() ?? learner.id;
  const amounts = [
    metrics.xpEarned ?? 0,
    metrics.totalQuestions ?? 0,
    metrics.correctQuestions ?? 0,
    metrics.masteredUnits ?? 0,
    seconds.active ?? 0,
    seconds.inactive ?? 0,
    seconds.waste ?? 0,
    seconds.unknown ?? 0,
    seconds['anti-pattern'] ?? 0,
  ];
  if (who === undefined || !amounts.some((amount) => amount !== 0) || !amounts.every(Number.isFinite)) return undefined;
  return {
    applicationId,
    learner: searchKey(who),
    courseId: courseId === undefined ? '' : searchKey(courseId),
    day: eventTime.slice(0, 10),
    amounts,
  };
}

/**
 * Fewer contributions with the same sums, for each learner and for all of them together. Whole numbers are added up here;
 * others are left to Postgres, whose numeric does not round.
 */
export function mergeContributions(contributions: readonly Contribution[]): Contribution[] {
  const learners = merge(contributions);
  return [...learners, ...merge(learners.map((one) => ({ ...one, learner: everyone })))];
}

function merge(contributions: readonly Contribution[]): Contribution[] {
  const merged = new Map<string, Contribution>();
  const apart: Contribution[] = [];
  for (const one of contributions) {
    if (!one.amounts.every(Number.isSafeInteger)) {
      apart.push(one);
      continue;
    }
    const key = `${one.applicationId}\n${one.learner}\n${one.courseId}\n${one.day}`;
    const before = merged.get(key);
    if (before === undefined) merged.set(key, { ...one, amounts: [...one.amounts] });
    else if (!addTo(before.amounts, one.amounts)) apart.push(one);
  }
  return [...merged.values(), ...apart];
}

/** False, and nothing is added, where a sum would not be exact. */
function addTo(sums: number[], amounts: readonly number[]): boolean {
  for (let i = 0; i < sums.length; i += 1) if (!Number.isSafeInteger(sums[i]! + amounts[i]!)) return false;
  for (let i = 0; i < sums.length; i += 1) sums[i]! += amounts[i]!;
  return true;
}
