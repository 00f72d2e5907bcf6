import type { Database } from '../database/connection';
import type { EventRow } from './events.store';

export interface FeedFilter {
  /** Different ones. */
  programs: readonly string[];
  type: string | undefined;
  memberId: string | undefined;
  referenceId: string | undefined;
  /** EventStartUTC at or after. */
  from: Date | undefined;
  /** EventStartUTC before. */
  to: Date | undefined;
}

export interface FeedSlice {
  rows: EventRow[];
  /** Everything up to here that fits is in `rows`, or was before: where the next slice begins. */
  upTo: number;
  /** Nothing more was there. */
  isEnd: boolean;
  /** What retention has removed ends here. */
  prunedThrough: number;
}

/** How many entries one slice looks at, at the least: they may be thrown away for another filter than the index's. */
const lookedAt = 2000;

/** The columns of the index that serves a filter, before the position. The rest of a filter judges what the index finds. */
function indexFor({ referenceId, memberId, type }: FeedFilter): { column: string; value: string } | undefined {
  if (referenceId !== undefined) return { column: 'reference_id', value: referenceId };
  if (memberId !== undefined) return { column: 'member_id', value: memberId };
  return type === undefined ? undefined : { column: 'event_type', value: type };
}

/**
 * The next entries after a position, by one statement and so one moment. Each program's are read from an index in their
 * order, up to a number; where a program has more than that, nothing behind its last counts as looked at.
 *
 * The odd conditions (`>=` and `<=` for `=`, the row comparison) keep the planner from an index by position alone, with which
 * it would read past everybody else's entries to find a program's few: only the index on all these columns has their order.
 */
export async function readFeed(db: Database, filter: FeedFilter, after: number, limit: number): Promise<FeedSlice> {
  const { programs, from, to } = filter;
  const index = indexFor(filter);
  const columns = index ? ['program_id', index.column, 'position'] : ['program_id', 'position'];
  const order = columns.map((column) => `f.${column}`).join(', ');
  const { rows } = await db.raw<{ rows: (EventRow & { up_to: number; is_end: boolean; pruned_through: number })[] }>(
    `with looked as materialized (
       select l.position, l.fits, l.nth
       from unnest(:programs::text[]) as p (id) cross join lateral (
         select f.position, row_number() over (order by ${order}) as nth, (
           (:type::text is null or f.event_type = :type) and (:memberId::text is null or f.member_id = :memberId)
           and (:from::timestamptz is null or f.starts_at >= :from) and (:to::timestamptz is null or f.starts_at < :to)
         ) as fits
         from event_feed f
         where f.program_id >= p.id and f.program_id <= p.id and f.position > :after
           ${index ? `and f.${index.column} >= :value and f.${index.column} <= :value` : ''}
           and (${order}) > (p.id, ${index ? ':value, ' : ''}:after::bigint)
         order by ${order} limit :most
       ) l
     ), bound as (
       select min(position) filter (where nth = :most) as full_at,
         greatest(:after::bigint, (select max(position) from event_feed where position > :after)) as head
       from looked
     ), page as (
       select l.position from looked l, bound b where l.fits and (b.full_at is null or l.position <= b.full_at)
       order by l.position limit :limit
     )
     select coalesce(b.full_at, b.head) as up_to, b.full_at is null as is_end, d.through as pruned_through, f.*
     from bound b cross join event_feed_pruned d
     left join (select f.* from page join event_feed f on f.position = page.position) f on true
     order by f.position`,
    {
      programs,
      after,
      limit,
      most: Math.max(limit, Math.ceil(lookedAt / Math.max(1, programs.length))),
      type: filter.type ?? null,
      memberId: filter.memberId ?? null,
      from: from ?? null,
      to: to ?? null,
      ...(index ? { value: index.value } : {}),
    },
  );
  const [first] = rows;
  const found = rows.filter((row) => row.position !== null);
  const isFull = found.length === limit;
  return {
    rows: found,
    upTo: isFull ? found.at(-1)!.position : first!.up_to,
    isEnd: first!.is_end && !isFull,
    prunedThrough: first!.pruned_through,
  };
}
