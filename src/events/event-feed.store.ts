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

/** How many entries one slice looks at where they may be thrown away for another filter than the index's. */
const lookedAt = 2000;
/** Of each of many programs a slice looks at this many at the least. */
const leastLookedAt = 50;

/** How many entries of each program a slice looks at: of one that is read without further filters no more than are wanted. */
function lookAtMost(filter: FeedFilter, limit: number): number {
  const isExact = !judgesMore(filter);
  const { length: count } = filter.programs;
  if (count < 2) return isExact ? limit : Math.max(limit, lookedAt);
  return Math.max(leastLookedAt, Math.ceil((isExact ? 2 * limit : lookedAt) / count));
}

/** Whether a filter asks for more than an index answers. */
const judgesMore = ({ type, memberId, referenceId, from, to }: FeedFilter): boolean =>
  from !== undefined ||
  to !== undefined ||
  [type, memberId, referenceId].filter((value) => value !== undefined).length > 1;

/** The index that serves a filter: beside the program, by what few entries share. The rest judges what it finds. */
function indexFor({ referenceId, memberId, type }: FeedFilter): { kind: string; value: string | null } {
  if (referenceId !== undefined) return { kind: 'reference', value: referenceId };
  if (memberId !== undefined) return { kind: 'member', value: memberId };
  return type === undefined ? { kind: 'program', value: null } : { kind: 'type', value: type };
}

const judged = `
  select l.place, l.nth,
    (:type::text is null or f.event_type = :type) and (:memberId::text is null or f.member_id = :memberId)
      and (:from::timestamptz is null or f.starts_at >= :from) and (:to::timestamptz is null or f.starts_at < :to) as fits
  from feed_positions(:programs, :kind, :value, :after, :most) l join event_feed f on f.position = l.place`;
const found = `select place, nth, true as fits from feed_positions(:programs, :kind, :value, :after, :most)`;

/**
 * The next entries after a position, by one statement and so one moment. Each program's are read from an index in their
 * order, up to a number; where a program has more than that, nothing behind its last counts as looked at.
 */
export async function readFeed(db: Database, filter: FeedFilter, after: number, limit: number): Promise<FeedSlice> {
  const { programs, type, memberId, from, to } = filter;
  const { rows } = await db.raw<{ rows: (EventRow & { up_to: number; is_end: boolean; pruned_through: number })[] }>(
    `with looked as materialized (${judgesMore(filter) ? judged : found}), bound as (
       select min(place) filter (where nth = :most) as full_at,
         greatest(:after::bigint, (select max(position) from event_feed where position > :after)) as head
       from looked
     ), page as (
       select l.place from looked l, bound b where l.fits and (b.full_at is null or l.place <= b.full_at)
       order by l.place limit :limit
     )
     select coalesce(b.full_at, b.head) as up_to, b.full_at is null as is_end, d.through as pruned_through, f.*
     from bound b cross join event_feed_pruned d
     left join (select f.* from page join event_feed f on f.position = page.place) f on true
     order by f.position`,
    {
      programs,
      ...indexFor(filter),
      after,
      limit,
      most: lookAtMost(filter, limit),
      ...(judgesMore(filter)
        ? { type: type ?? null, memberId: memberId ?? null, from: from ?? null, to: to ?? null }
        : {}),
    },
  );
  const [first] = rows;
  const entries = rows.filter((row) => row.position !== null);
  const isFull = entries.length === limit;
  return {
    rows: entries,
    upTo: isFull ? entries.at(-1)!.position : first!.up_to,
    isEnd: first!.is_end && !isFull,
    prunedThrough: first!.pruned_through,
  };
}
