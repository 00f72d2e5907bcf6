import type { Database, Transaction } from '../database/connection';
import { firstIdAt } from '../database/ids';
import type { DeliveryState, Subject, SubjectKind } from './deliveries.rules';
import type { EndpointState } from './endpoint-health.rules';
import type { EndpointDialect } from './endpoints.store';

export interface NewDelivery {
  id: string;
  application_id: string;
  endpoint_id: string;
  shard: number;
  subject_kind: SubjectKind;
  subject_id: string;
  /** Encrypted; null: the endpoint has it. */
  url: Buffer | null;
  /** Null: a snapshot, computed when it is sent. */
  payload: string | null;
}

/** What it takes to send a delivery, with what its endpoint adds. */
export interface SendableRow extends NewDelivery {
  position: number;
  /** Made so far. */
  attempts: number;
  /** Made before somebody asked for it again; null: nobody did. */
  replayed_after: number | null;
  first_attempt_at: Date | null;
  dialect: EndpointDialect;
  origin: string;
  slots: number;
  /** Requests a second. */
  rate: number | null;
  /** It tries an endpoint that is held back. */
  is_probe: boolean;
  /** Encrypted. */
  endpoint_url: Buffer | null;
  username: string | null;
  /** Encrypted. */
  password: Buffer | null;
  /** Encrypted. */
  signing_secret: Buffer;
  /** Encrypted; null where there is none that still counts. */
  previous_secret: Buffer | null;
}

export async function insertDelivery(tx: Transaction, delivery: NewDelivery): Promise<void> {
  await tx
    .raw(
      `insert into deliveries
         (id, application_id, endpoint_id, shard, subject_kind, subject_id, url, payload)
       values (:id, :application_id, :endpoint_id, :shard, :subject_kind, :subject_id, :url, :payload)`,
      { ...delivery },
    )
    .options({ name: 'insert-delivery' });
}

/**
 * Whether a delivery of the subject is still to be sent, so that what it computes then will hold what is written now. One
 * that is claimed may have been computed already.
 */
export async function hasUnsent(tx: Transaction, endpointId: string, kind: SubjectKind, id: string): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: unknown[] }>(
    `select 1 from deliveries
     where endpoint_id = :endpointId and subject_kind = :kind and subject_id = :id
       and finished_at is null and replayed_after is null and (state <> 'pending' or lease_token = 0)
     limit 1`,
    { endpointId, kind, id },
  );
  return rows.length > 0;
}

const sendable = `d.id, d.position, d.application_id, d.endpoint_id, d.shard, d.subject_kind, d.subject_id, d.url,
  d.payload, d.attempts, d.replayed_after, d.first_attempt_at, e.dialect, e.origin, e.slots, e.rate,
  e.state = 'probing' as is_probe,
  e.url as endpoint_url, e.username, e.password, e.signing_secret,
  case when e.previous_secret_until > now() then e.previous_secret end as previous_secret`;

/** What a drain has of an endpoint already, and how much more it may claim. */
export interface Holding {
  endpoint_id: string;
  in_hand: number;
  room: number;
}

/** What the holder of a shard's lease wants to send. */
export interface ShardClaim {
  shard: number;
  /** The lease under which it is claimed. */
  token: number;
  /** Endpoints that are not named have nothing in hand, and room for as many as they have slots. */
  holdings: readonly Holding[];
}

export interface Claimed {
  rows: SendableRow[];
  /** There is more to be claimed: not all fitted in, or what was looked at had to be put aside first. */
  more: boolean;
}

/** How many deliveries one claim takes, over all its shards. */
const claimLimit = 1000;
/** How many of an endpoint's deliveries a claim looks at beyond those it has room for: what is blocked is put aside. */
const lookAhead = 100;

/**
 * Claims deliveries that are due, for the holder of the shards' leases; answers for each shard in turn. Endpoints come in
 * turn: those with the least in hand first; one that is held back gets nothing, one that is probed a single delivery. Of a
 * subject only the oldest unfinished delivery can be claimed, and nothing that is claimed under this lease or a later one.
 *
 * Written so that a claim costs the same before statistics exist and behind any backlog: the recursion steps from one
 * endpoint with something due to the next, the oldest of a subject is looked up and not joined, what is blocked leaves the
 * index, and the update says "pending" by its dates, because for the state the planner would read all of
 * `deliveries_due_idx`.
 *
 * Whoever ends a delivery afterwards looks for the next of its subject and sets it free. So that none is put aside behind
 * one that is ending at this moment, the older one is locked first; where somebody else has it, the younger is looked at
 * again by the next claim.
 */
export async function claimDeliveries(db: Database, claims: readonly ShardClaim[]): Promise<Claimed[]> {
  const { rows } = await db
    .raw<{ rows: (SendableRow & { blocked: number[] })[] }>(
      `with recursive claim as materialized (
       select c.shard, c.token from json_to_recordset(:claims) as c (shard smallint, token bigint)
       join delivery_leases l on l.shard = c.shard and l.token = c.token and l.expires_at > clock_timestamp()
     ),
     due as (
       select claim.shard, claim.token, (
         select d.endpoint_id from deliveries d
         where d.shard = claim.shard and d.state = 'pending' order by d.endpoint_id limit 1
       ) as endpoint_id
       from claim
       union all
       select due.shard, due.token, (
         select d.endpoint_id from deliveries d
         where d.shard = due.shard and d.state = 'pending' and d.endpoint_id > due.endpoint_id
         order by d.endpoint_id limit 1
       )
       from due where due.endpoint_id is not null
     ),
     lanes as (
       select due.shard, due.token, e.id as endpoint_id, coalesce(held.in_hand, 0) as in_hand,
         case
           when e.state = 'probing' then 1 - coalesce(held.in_hand, 0)
           when e.state = 'active' and (e.held_until is null or e.held_until <= now()) then coalesce(held.room, e.slots)
           else 0
         end as room
       from due
       join endpoints e on e.id = due.endpoint_id
       left join json_to_recordset(:holdings) as held (endpoint_id uuid, in_hand integer, room integer)
         on held.endpoint_id = due.endpoint_id
     ),
     seen as materialized (
       select next.id, next.blocker, lanes.shard, lanes.in_hand, lanes.room,
         row_number() over (partition by lanes.endpoint_id, next.blocker is null order by next.position) as turn
       from lanes
       cross join lateral (
         select d.id, d.position, case when d.replayed_after is null then (
             select oldest.id from deliveries oldest
             where oldest.endpoint_id = d.endpoint_id
               and oldest.subject_kind = d.subject_kind and oldest.subject_id = d.subject_id
               and oldest.finished_at is null and oldest.replayed_after is null and oldest.position < d.position
             order by oldest.position limit 1
           ) end as blocker
         from deliveries d
         where d.shard = lanes.shard and d.endpoint_id = lanes.endpoint_id and d.state = 'pending'
           and d.lease_token < lanes.token
         order by d.position
         limit lanes.room + :lookAhead
       ) next
       where lanes.room > 0
     ),
     blocker as (
       select id from deliveries
       where id = any (array(select blocker from seen where blocker is not null)) and finished_at is null
       for share skip locked
     ),
     put_aside as (
       update deliveries d set state = 'blocked'
       from claim
       where d.id = any (array(select seen.id from seen join blocker on blocker.id = seen.blocker))
         and claim.shard = d.shard and d.lease_token < claim.token
         and d.next_attempt_at is null and d.finished_at is null
       returning 1
     ),
     claimed as (
       update deliveries d set lease_token = claim.token
       -- After it: what this statement has changed already can no longer be locked by it.
       from endpoints e, claim, (select count(*) from put_aside) put_aside_first
       where d.id = any (array(
           select id from seen where blocker is null and turn <= room order by in_hand + turn limit :claimLimit
         ))
         and e.id = d.endpoint_id and claim.shard = d.shard and d.lease_token < claim.token
         and d.next_attempt_at is null and d.finished_at is null
       returning ${sendable}
     )
     select claimed.*, waiting.shards as blocked
     from (select array(select distinct shard from seen where blocker is not null) as shards) waiting
     left join claimed on true`,
      {
        claims: JSON.stringify(claims.map(({ shard, token }) => ({ shard, token }))),
        holdings: JSON.stringify(claims.flatMap(({ holdings }) => holdings)),
        lookAhead,
        claimLimit,
      },
    )
    .options({ name: 'claim-deliveries' });
  const claimed = rows.filter(({ id }) => id !== null).sort((one, other) => one.position - other.position);
  const blocked = new Set(rows[0]?.blocked);
  return claims.map(({ shard }) => ({
    rows: claimed.filter((row) => row.shard === shard),
    more: blocked.has(shard) || claimed.length >= claimLimit,
  }));
}

/** Takes back a claim of deliveries that were not sent. */
export async function unclaim(db: Database, ids: readonly string[], token: number): Promise<void> {
  await db('deliveries')
    .whereIn('id', [...ids])
    .where({ lease_token: token, state: 'pending' })
    .update({ lease_token: 0 });
}

/**
 * Takes back what is claimed under a lease whose holder does not know of it: the answer to its claim was lost. Not while the
 * holder is claiming. Answers how many it were.
 */
export async function unclaimStrays(
  db: Database,
  { shard, token, known }: { shard: number; token: number; known: readonly string[] },
): Promise<number> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `update deliveries set lease_token = 0
     where shard = :shard and state = 'pending' and lease_token = :token and id <> all (:known)
     returning id`,
    { shard, token, known: [...known] },
  );
  return rows.length;
}

/** A delivery as its retries see it, with its last attempt. */
export interface RetryRow {
  id: string;
  shard: number;
  state: DeliveryState;
  attempts: number;
  next_attempt_at: Date | null;
  endpoint_state: EndpointState;
  origin: string;
  /** Of the last attempt. */
  status: number | null;
  error: string | null;
}

export async function findRetry(db: Database, id: string): Promise<RetryRow | undefined> {
  const { rows } = await db.raw<{ rows: RetryRow[] }>(
    `select d.id, d.shard, d.state, d.attempts, d.next_attempt_at, e.state as endpoint_state, e.origin, a.status, a.error
     from deliveries d
     join endpoints e on e.id = d.endpoint_id
     left join delivery_attempts a on a.delivery_id = d.id and a.number = d.attempts
     where d.id = :id`,
    { id },
  );
  return rows[0];
}

/** The drain's to send again, where it is still the attempt after this many that it waits for. */
export async function releaseRetry(db: Database, id: string, attempts: number): Promise<void> {
  await db('deliveries')
    .where({ id, state: 'retrying', attempts })
    .update({ state: 'pending', next_attempt_at: null, lease_token: 0 });
}

/** The drain's to send again, all that wait for a retry at the endpoint; in batches. Answers how many it were. */
export async function releaseRetries(db: Database, endpointId: string, limit: number): Promise<number> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `update deliveries set state = 'pending', next_attempt_at = null, lease_token = 0
     where id = any (array(
         select id from deliveries where endpoint_id = :endpointId and state = 'retrying' limit :limit
       )) and next_attempt_at is not null
     returning id`,
    { endpointId, limit },
  );
  return rows.length;
}

/** The same for retries that are long overdue at endpoints that take deliveries: nobody else looks after them any more. */
export async function releaseOverdue(db: Database, shard: number, before: Date, limit: number): Promise<number> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `update deliveries set state = 'pending', next_attempt_at = null, lease_token = 0
     where id = any (array(
         select d.id from endpoints e
         join deliveries d on d.endpoint_id = e.id and d.state = 'retrying' and d.next_attempt_at < :before
         where e.shard = :shard and e.state in ('active', 'probing')
         limit :limit
       )) and next_attempt_at is not null
     returning id`,
    { shard, before, limit },
  );
  return rows.length;
}

/** A subject's deliveries to an endpoint that have ended, so that the next one may go. */
export interface EndedSubject {
  endpoint_id: string;
  subject_kind: string;
  subject_id: string;
}

/**
 * Gives the oldest unfinished delivery of each subject to the drain, where it was put aside. To be called in the
 * transaction that ended the ones before, in a statement after that: it has to see what was written meanwhile. Answers the
 * endpoints of those that it set free.
 */
export async function unblockNext(tx: Transaction, ended: readonly EndedSubject[]): Promise<string[]> {
  if (ended.length === 0) return [];
  const { rows } = await tx
    .raw<{ rows: { endpoint_id: string }[] }>(
      `update deliveries set state = 'pending', lease_token = 0
     where id = any (array(
         select next.id
         from json_to_recordset(:ended) as ended (endpoint_id uuid, subject_kind text, subject_id text)
         cross join lateral (
           select d.id, d.state from deliveries d
           where d.endpoint_id = ended.endpoint_id
             and d.subject_kind = ended.subject_kind and d.subject_id = ended.subject_id
             and d.finished_at is null and d.replayed_after is null
           order by d.position limit 1
         ) next
         where next.state = 'blocked'
       )) and state = 'blocked'
     returning endpoint_id`,
      { ended: JSON.stringify(ended) },
    )
    .options({ name: 'unblock-next' });
  return rows.map(({ endpoint_id }) => endpoint_id);
}

/**
 * Ends deliveries that are not finished; what is being sent at this moment may still arrive. Answers the subjects whose
 * next may go: call `unblockNext` with them.
 */
export async function cancelDeliveries(
  tx: Transaction,
  ids: readonly string[],
): Promise<(EndedSubject & { id: string; shard: number })[]> {
  return tx('deliveries')
    .whereIn('id', [...ids])
    .whereNull('finished_at')
    .update({ state: 'cancelled', next_attempt_at: null, finished_at: tx.fn.now() })
    .returning(['id', 'shard', 'endpoint_id', 'subject_kind', 'subject_id']);
}

/** The ids of an application's deliveries about a subject that are not finished, to whichever endpoint. */
export const listUnfinished = (tx: Transaction, applicationId: string, { kind, id }: Subject): Promise<string[]> =>
  tx('deliveries')
    .where({ application_id: applicationId, subject_kind: kind, subject_id: id })
    .whereNull('finished_at')
    .orderBy('id')
    .pluck('id');

/**
 * Removes what was finished and queued before a time, with its attempts: looks at up to `limit` deliveries, the oldest first.
 * Answers the last it looked at, for the next call; undefined when there are no more.
 */
export async function removeFinished(
  db: Database,
  { before, after, limit }: { before: Date; after: string; limit: number },
): Promise<{ last: string | undefined; removed: number }> {
  const { rows } = await db.raw<{ rows: [{ last: string | null; removed: number }] }>(
    `with old as (
       select id, finished_at from deliveries where id > :after and id < :until order by id limit :limit
     ),
     removed as (delete from deliveries d using old where d.id = old.id and old.finished_at is not null returning 1)
     select (select id from old order by id desc limit 1) as last, (select count(*) from removed) as removed`,
    { after, until: firstIdAt(before), limit },
  );
  return { last: rows[0].last ?? undefined, removed: rows[0].removed };
}

/** Whether the drain has something to send to the endpoint. */
export async function hasPending(db: Database, endpointId: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select 1 from endpoints e join deliveries d on d.shard = e.shard and d.endpoint_id = e.id and d.state = 'pending'
     where e.id = :endpointId limit 1`,
    { endpointId },
  );
  return rows.length > 0;
}

/** How many deliveries are not finished, by state. */
export async function countUnfinished(db: Database): Promise<{ state: DeliveryState; count: number }[]> {
  const { rows } = await db.raw<{ rows: { state: DeliveryState; count: number }[] }>(
    `select state, count(*) as count from deliveries where state in ('pending', 'blocked', 'retrying') group by state`,
  );
  return rows;
}
