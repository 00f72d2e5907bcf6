import type { Database } from '../database/connection';
import type { ToldCompletion } from '../programs/completion-mapping.rules';

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
  /** What the event says was completed. */
  completion?: EventCompletion | undefined;
}

export interface EventCompletion extends ToldCompletion {
  application_id: string;
}

/** `missing`: there was nothing to delete. `other-program`: the id is an event of another program. */
export type ChangeOutcome = 'changed' | 'unchanged' | 'missing' | 'precondition' | 'other-program';

export interface ChangeResult {
  outcome: ChangeOutcome;
  /** What there is now; null: nothing. */
  revision: number | null;
}

/** What became of changes. */
export interface Appended {
  /** For each. */
  results: ChangeResult[];
  /** Of how many a completion is to be made. */
  completions: number;
}

/** Takes changes of different events in, in one commit and in this order, with what they complete. */
export async function appendEvents(db: Database, changes: readonly EventChange[]): Promise<Appended> {
  const input = JSON.stringify(changes.map((change, item) => ({ item, ...change, completion: undefined })));
  const told = changes.flatMap(({ id, ends_at, completion }, item) =>
    completion ? [{ item, event_id: id, completed_at: ends_at, ...completion }] : [],
  );
  const { rows } = await (told.length === 0
    ? db
        .raw<{ rows: AppendedRow[] }>(
          'select item, outcome, revision, 0 as completions from append_events(:input::json) order by item',
          { input },
        )
        .options({ name: 'append-events' })
    : db
        .raw<{ rows: AppendedRow[] }>(appendCompleting, { input, told: JSON.stringify(told) })
        .options({ name: 'append-completing-events' }));
  return {
    results: rows.map(({ outcome, revision }) => ({ outcome, revision })),
    completions: rows[0]?.completions ?? 0,
  };
}

type AppendedRow = ChangeResult & { item: number; completions: number };

/** Of applications that have had a learner or a program; the others are spared it. */
const appendCompleting = `
  with appended as materialized (
    select item, outcome, revision from append_events(:input::json)
  ), queued as (
    insert into completion_queue (application_id, door, event_id, email, learner, course, completed_at)
    select application_id, 'events', event_id, email, learner, course, completed_at
    from json_to_recordset(:told) as c (item integer, application_id uuid, event_id text, email text, learner text,
      course text, completed_at timestamptz)
    join completion_mappings using (application_id) join appended using (item)
    where outcome = 'changed' order by item
    returning 1
  )
  select item, outcome, revision, (select count(*) from queued) as completions from appended order by item`;

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
