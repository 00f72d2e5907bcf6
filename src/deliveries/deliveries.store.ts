import type { Database, Transaction } from '../database/connection';
import type { DeliveryState } from './deliveries.rules';

export interface NewDelivery {
  id: string;
  endpoint_id: string;
  shard: number;
  subject_kind: string;
  subject_id: string;
  /** Encrypted. */
  url: Buffer;
  payload: string;
}

/** What it takes to send a delivery, with what its endpoint adds. */
export interface SendableRow extends NewDelivery {
  position: number;
  application_id: string;
  origin: string;
  slots: number;
  /** Encrypted. */
  signing_secret: Buffer;
}

export interface RetryRow extends SendableRow {
  state: DeliveryState;
  attempts: number;
  first_attempt_at: Date;
  next_attempt_at: Date | null;
  /** Of the last attempt. */
  status: number | null;
  error: string | null;
}

export async function insertDelivery(tx: Transaction, delivery: NewDelivery): Promise<void> {
  await tx('deliveries').insert(delivery);
}

const sendable = `d.id, d.position, d.endpoint_id, d.shard, d.subject_kind, d.subject_id, d.url, d.payload,
  e.application_id, e.origin, e.slots, e.signing_secret`;

/** What a drain has of an endpoint already, and how much more it may claim. */
export interface Holding {
  endpoint_id: string;
  in_hand: number;
  room: number;
}

export interface Claim {
  shard: number;
  /** The lease under which it is claimed. */
  token: number;
  /** Endpoints that are not named have nothing in hand, and room for as many as they have slots. */
  holdings: readonly Holding[];
  limit: number;
}

/**
 * Claims deliveries that are due, for the holder of the shard's lease. Endpoints come in turn: those with the least in
 * hand first. Of a subject only the oldest unfinished delivery can be claimed, and nothing that is claimed under this
 * lease or a later one.
 *
 * Written so that a claim costs the same before statistics exist and behind any backlog: the recursion steps from one
 * endpoint with something due to the next, the oldest of a subject is looked up and not joined, and the update says
 * "pending" by its dates, because for the state the planner would read all of `deliveries_due_idx`.
 */
export async function claimDeliveries(db: Database, claim: Claim): Promise<SendableRow[]> {
  const { rows } = await db.raw<{ rows: SendableRow[] }>(
    `with recursive due as (
       (select endpoint_id from deliveries
        where shard = :shard and state = 'pending' order by endpoint_id limit 1)
       union all
       select (select d.endpoint_id from deliveries d
               where d.shard = :shard and d.state = 'pending' and d.endpoint_id > due.endpoint_id
               order by d.endpoint_id limit 1)
       from due where due.endpoint_id is not null
     ),
     chosen as (
       select next.id
       from due
       left join json_to_recordset(:holdings) as held (endpoint_id uuid, in_hand integer, room integer)
         using (endpoint_id)
       cross join lateral (
         select d.id, d.position from deliveries d
         where d.shard = :shard and d.endpoint_id = due.endpoint_id and d.state = 'pending' and d.lease_token < :token
           and d.position = (
             select min(oldest.position) from deliveries oldest
             where oldest.endpoint_id = d.endpoint_id
               and oldest.subject_kind = d.subject_kind and oldest.subject_id = d.subject_id
               and oldest.state in ('pending', 'retrying')
           )
         order by d.position
         limit coalesce(held.room, (select slots from endpoints where id = due.endpoint_id))
       ) next
       order by coalesce(held.in_hand, 0) + row_number() over (partition by due.endpoint_id order by next.position)
       limit :limit
     )
     update deliveries d set lease_token = :token
     from endpoints e
     where d.id = any (array(select id from chosen)) and e.id = d.endpoint_id
       and d.next_attempt_at is null and d.finished_at is null and d.lease_token < :token
       and exists (
         select 1 from delivery_leases
         where shard = :shard and token = :token and expires_at > clock_timestamp()
       )
     returning ${sendable}`,
    { ...claim, holdings: JSON.stringify(claim.holdings) },
  );
  return rows.sort((one, other) => one.position - other.position);
}

/** A delivery with its last attempt, for its retries. */
export async function findRetry(db: Database, id: string): Promise<RetryRow | undefined> {
  const { rows } = await db.raw<{ rows: RetryRow[] }>(
    `select ${sendable}, d.state, d.attempts, d.first_attempt_at, d.next_attempt_at, a.status, a.error
     from deliveries d
     join endpoints e on e.id = d.endpoint_id
     left join delivery_attempts a on a.delivery_id = d.id and a.number = d.attempts
     where d.id = :id`,
    { id },
  );
  return rows[0];
}

/** Ends a delivery that waits for its next attempt; one that has ended already stays as it is. */
export async function cancelRetrying(db: Database, id: string): Promise<void> {
  await db('deliveries')
    .where({ id, state: 'retrying' })
    .update({ state: 'cancelled', next_attempt_at: null, finished_at: db.fn.now() });
}

/** How many deliveries are not finished, by state. */
export async function countUnfinished(db: Database): Promise<{ state: DeliveryState; count: number }[]> {
  const { rows } = await db.raw<{ rows: { state: DeliveryState; count: number }[] }>(
    `select state, count(*) as count from deliveries where state in ('pending', 'retrying') group by state`,
  );
  return rows;
}
