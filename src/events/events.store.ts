import type { Database } from '../database/connection';

/** One revision of an event, as it lies in the feed. */
export interface EventRow {
  /** Microseconds since 1970 when the store took it in, made unique. */
  position: number;
  event_id: string;
  program_id: string;
  revision: number;
  previous: number | null;
  deleted: boolean;
  event_type: string;
  member_id: string;
  starts_at: Date;
  ends_at: Date;
  /** Null for a tombstone. */
  data: Record<string, unknown> | null;
  reference_id: string | null;
}

/** A change that is to be taken in: an event as it is put, or with `deleted` its end. */
export interface EventChange {
  id: string;
  program_id: string;
  deleted: boolean;
  /** `\x…` */
  hash?: string;
  event_type?: string;
  member_id?: string;
  starts_at?: Date;
  ends_at?: Date;
  data?: object;
  reference_id?: string | undefined;
  /** Revisions of which one has to be there now; empty: any. */
  if_match?: readonly number[] | undefined;
  /** Revisions of which none may be there now; empty: none at all. */
  if_none_match?: readonly number[] | undefined;
}

/** `missing`: there was nothing to delete. `other-program`: the id is an event of another program. */
export type ChangeOutcome = 'changed' | 'unchanged' | 'missing' | 'precondition' | 'other-program';

export interface ChangeResult {
  outcome: ChangeOutcome;
  /** What there is now; null: nothing. */
  revision: number | null;
}

/** Takes changes of different events in, in one commit and in this order; answers for each. */
export async function appendEvents(db: Database, changes: readonly EventChange[]): Promise<ChangeResult[]> {
  const { rows } = await db
    .raw<{ rows: (ChangeResult & { item: number })[] }>(
      'select item, outcome, revision from append_events(?::json) order by item',
      [JSON.stringify(changes.map((change, item) => ({ item, ...change })))],
    )
    .options({ name: 'append-events' });
  return rows;
}

/** An event as it is now; a deleted one too, as its tombstone. */
export async function findEvent(db: Database, id: string): Promise<EventRow | undefined> {
  const { rows } = await db.raw<{ rows: EventRow[] }>(
    'select f.* from events e join event_feed f on f.position = e.position where e.id = ?',
    [id],
  );
  return rows[0];
}

/** The newest first, as far back as they are kept: each knows where the one before it lies. */
export async function listRevisions(
  db: Database,
  id: string,
  before: number | undefined,
  limit: number,
): Promise<EventRow[]> {
  const { rows } = await db.raw<{ rows: EventRow[] }>(
    `with recursive revisions as (
       (select f.*, 1 as nth from event_feed f
        where f.position = coalesce(
          (select previous from event_feed where position = :before and event_id = :id),
          case when :before::bigint is null then (select position from events where id = :id) end))
       union all
       select f.*, r.nth + 1 from revisions r join event_feed f on f.position = r.previous where r.nth < :limit
     )
     select * from revisions order by nth`,
    { id, before: before ?? null, limit },
  );
  return rows;
}

/** Events that refer to this one now, of the programs that are named, in the order in which they were taken in. */
export async function listReferences(
  db: Database,
  { id, programs }: { id: string; programs: readonly string[] },
  after: number,
  limit: number,
): Promise<EventRow[]> {
  const { rows } = await db.raw<{ rows: EventRow[] }>(
    `select f.* from unnest(:programs::text[]) as p (id) cross join lateral (
       select f.* from event_feed f join events e on e.id = f.event_id and e.position = f.position
       where f.program_id = p.id and f.reference_id = :id and f.position > :after and not f.deleted
       order by f.position limit :limit
     ) f
     order by f.position limit :limit`,
    { id, programs, after, limit },
  );
  return rows;
}
