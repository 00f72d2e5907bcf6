import type { Database } from '../database/connection';
import { amountColumns, everyone } from './totals.rules';
import type { Grouping } from './totals.schemas';

export interface TotalsFilter {
  applicationId: string;
  /** As they are kept. */
  learner?: string | undefined;
  courseId?: string | undefined;
  /** `2026-01-31`, UTC, both included. */
  from?: string | undefined;
  to?: string | undefined;
}

export interface TotalsRow extends Record<(typeof amountColumns)[number], number> {
  learner?: string;
  course_id?: string;
  day?: string;
}

const columnOf = { learner: 'learner', course: 'course_id', day: 'day' } as const satisfies Record<Grouping, string>;

/** No further than a JSON number goes: somebody may have sent 1e308 twice. */
const sums = amountColumns
  .map((column) => `least(greatest(sum(${column}), -1e308), 1e308)::float8 as ${column}`)
  .join(', ');

const shown = { learner: 'learner', course_id: 'course_id', day: 'day::text as day' } as const;

/**
 * Sums by `groups`, sorted by them. `after` holds the last row's value of each. Where learners are neither asked for nor
 * kept apart, the rows of all of them together are read: cost goes by courses and days, not by learners.
 */
export async function listTotals(
  db: Database,
  { applicationId, learner, courseId, from, to }: TotalsFilter,
  groups: readonly Grouping[],
  { after, limit }: { after: readonly string[] | undefined; limit: number },
): Promise<TotalsRow[]> {
  const columns = groups.map((group) => columnOf[group]);
  const who = learner ?? (groups.includes('learner') ? undefined : everyone);
  const conditions = [
    'application_id = :applicationId',
    who === undefined ? 'learner > :everyone' : 'learner = :who',
    ...(courseId === undefined ? [] : ['course_id = :courseId']),
    ...(from === undefined ? [] : ['day >= :from::date']),
    ...(to === undefined ? [] : ['day <= :to::date']),
    ...(after === undefined
      ? []
      : [`(${columns.join(', ')}) > (${columns.map((column) => `:after_${column}`).join(', ')})`]),
  ];
  const { rows } = await db.raw<{ rows: TotalsRow[] }>(
    `select ${columns.map((column) => shown[column]).join(', ')}, ${sums}
     from caliper_totals where ${conditions.join(' and ')}
     group by ${columns.map((column) => `caliper_totals.${column}`).join(', ')}
     order by ${columns.map((column) => `caliper_totals.${column}`).join(', ')} limit :limit`,
    {
      applicationId,
      limit,
      ...(who === undefined ? { everyone } : { who }),
      ...(courseId !== undefined && { courseId }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...Object.fromEntries(columns.map((column, index) => [`after_${column}`, after?.[index] ?? ''])),
    },
  );
  return rows;
}
