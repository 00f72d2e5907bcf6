import type { Database, Transaction } from '../database/connection';
import type { EventFilter } from './event-subscriptions.rules';

export interface EventSubscriptionRow {
  endpoint_id: string;
  application_id: string;
  /** Null: all that the application may read. */
  programs: string[] | null;
  /** Null: all. */
  types: string[] | null;
  filter: EventFilter;
  /** In the feed: everything up to here is queued, or is not for it. */
  position: number;
}

export async function insertSubscription(tx: Transaction, subscription: EventSubscriptionRow): Promise<void> {
  await tx('event_subscriptions').insert({ ...subscription, filter: JSON.stringify(subscription.filter) });
}

export async function updateSubscription(
  tx: Transaction,
  endpointId: string,
  { filter, ...change }: Partial<Omit<EventSubscriptionRow, 'endpoint_id' | 'application_id'>>,
): Promise<void> {
  const values = { ...change, ...(filter !== undefined && { filter: JSON.stringify(filter) }) };
  if (Object.keys(values).length > 0) await tx('event_subscriptions').where({ endpoint_id: endpointId }).update(values);
}

/** Of these endpoints, by endpoint. */
export async function listSubscriptions(
  db: Database | Transaction,
  endpointIds: readonly string[],
): Promise<Map<string, EventSubscriptionRow>> {
  const rows = await db<EventSubscriptionRow>('event_subscriptions').whereIn('endpoint_id', [...endpointIds]);
  return new Map(rows.map((row) => [row.endpoint_id, row]));
}

/** The last position, up to which everything is in the feed: commits are in the order of positions. */
export async function feedHead(db: Database | Transaction): Promise<number> {
  const { rows } = await db.raw<{ rows: [{ head: number | null }] }>('select max(position) as head from event_feed');
  return rows[0].head ?? 0;
}

/**
 * Moves subscriptions for which nothing has come in, of all programs that they could be about, to a position up to which
 * everything is in the feed: of thousands, most have no news in what came for a few.
 */
export async function skipIdle(db: Database, head: number, limit: number): Promise<void> {
  await db.raw(
    `with idle as (
       select s.endpoint_id from event_subscriptions s
       where s.position < :head and not exists (
         select from feed_positions(array(
           select r.id from (
             select id from event_programs where application_id = s.application_id
             union select program_id from program_grants where application_id = s.application_id
           ) r where s.programs is null or r.id = any (s.programs)
         ), 'program', null, s.position, 1)
       )
       order by s.position limit :limit
       for no key update of s skip locked
     )
     update event_subscriptions s set position = :head from idle
     where s.endpoint_id = idle.endpoint_id and s.position < :head`,
    { head, limit },
  );
}

/** Endpoints whose subscription is behind the end of the feed, those furthest behind first. */
export async function listBehind(db: Database, head: number, limit: number): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { endpoint_id: string }[] }>(
    `select s.endpoint_id from event_subscriptions s join endpoints e on e.id = s.endpoint_id
     where s.position < :head and e.state not in ('deleted', 'disabled')
     order by s.position limit :limit`,
    { head, limit },
  );
  return rows.map(({ endpoint_id }) => endpoint_id);
}

export interface LockedSubscription extends EventSubscriptionRow {
  shard: number;
  /** Its deliveries that are not finished, counted up to a limit. */
  unfinished: number;
}

/** Undefined where another worker is at it, or its endpoint takes nothing any more. */
export async function lockSubscription(
  tx: Transaction,
  endpointId: string,
  limit: number,
): Promise<LockedSubscription | undefined> {
  const { rows } = await tx.raw<{ rows: LockedSubscription[] }>(
    `select s.*, e.shard, (
       select count(*) from (
         select 1 from deliveries d
         where d.endpoint_id = e.id and d.finished_at is null and d.replayed_after is null limit :limit
       ) few
     ) as unfinished
     from event_subscriptions s join endpoints e on e.id = s.endpoint_id
     where s.endpoint_id = :endpointId and e.state not in ('deleted', 'disabled')
     for no key update of s skip locked`,
    { endpointId, limit },
  );
  return rows[0];
}
