import type { Database, Transaction } from '../database/connection';
import type { EndpointHealth, EndpointState } from './endpoint-health.rules';

/** How requests to an endpoint look; see `dialects/`. */
export const endpointDialects = ['postback', 'loep', 'loep-json', 'events'] as const;
export type EndpointDialect = (typeof endpointDialects)[number];

/** An endpoint as a new delivery needs it. */
export interface EndpointRef {
  id: string;
  /** Which of the drains serves it; computed from the id by the database. */
  shard: number;
}

export interface EndpointRow extends EndpointRef, EndpointHealth {
  application_id: string;
  dialect: EndpointDialect;
  name: string;
  /** Scheme, host and port. */
  origin: string;
  /** Encrypted, without credentials. Null where each delivery has its own: postbacks to one origin. */
  url: Buffer | null;
  username: string | null;
  /** Encrypted. */
  password: Buffer | null;
  /** Encrypted. */
  signing_secret: Buffer;
  /** Encrypted; signs beside the new one until `previous_secret_until`. */
  previous_secret: Buffer | null;
  previous_secret_until: Date | null;
  /** Requests at a time. */
  slots: number;
  /** Requests a second; null: no limit. */
  rate: number | null;
  version: number;
  created_at: Date;
  updated_at: Date;
}

export interface PostbackEndpoint {
  id: string;
  application_id: string;
  /** Scheme, host and port. */
  origin: string;
  /** Encrypted. */
  signing_secret: Buffer;
}

/**
 * The endpoints that an application's postback goes to: those with a URL of their own, and the one that its postbacks to one
 * origin share. The lock, which the deliveries' references take anyway, keeps them from being deleted before those are written.
 */
export async function listPostbackEndpoints(
  tx: Transaction,
  applicationId: string,
  origin: string | null,
): Promise<(EndpointRef & { is_own: boolean })[]> {
  const { rows } = await tx
    .raw<{ rows: (EndpointRef & { is_own: boolean })[] }>(
      `select id, shard, url is not null as is_own from endpoints
       where application_id = :applicationId and dialect = 'postback' and state <> 'deleted'
         and (url is not null or origin = :origin)
       order by id
       for key share`,
      { applicationId, origin },
    )
    .options({ name: 'list-postback-endpoints' });
  return rows;
}

/** Adds it; where another transaction was first, waits for that one's end and answers the endpoint that is there then. */
export async function addPostbackEndpoint(tx: Transaction, endpoint: PostbackEndpoint): Promise<EndpointRef> {
  const { rows } = await tx.raw<{ rows: [EndpointRef] }>(
    `insert into endpoints (id, application_id, dialect, origin, signing_secret)
     values (:id, :application_id, 'postback', :origin, :signing_secret)
     on conflict (application_id, origin) where url is null do update set origin = excluded.origin
     returning id, shard`,
    { ...endpoint },
  );
  return rows[0];
}

/** The application's endpoints with a URL of their own that speak one of the dialects; locked likewise. */
export const listSubscribers = (
  tx: Transaction,
  applicationId: string,
  dialects: readonly EndpointDialect[],
): Promise<EndpointRef[]> =>
  tx('endpoints')
    .where({ application_id: applicationId })
    .whereIn('dialect', [...dialects])
    .whereNotNull('url')
    .whereNot({ state: 'deleted' })
    .orderBy('id')
    .forKeyShare()
    .select('id', 'shard');

const healthColumns = `e.id, e.shard, e.application_id, e.origin, e.url is not null as is_own, e.state, e.failures,
  e.failing_since, e.last_failure, e.dying, e.probes, e.next_probe_at, e.held_until`;

export interface EndpointHealthRow extends EndpointHealth, EndpointRef {
  application_id: string;
  origin: string;
  is_own: boolean;
  /** Deliveries that wait for their retry, counted to a limit. */
  retrying: number;
}

/**
 * Locks endpoints whose health an attempt may change. In the order of their ids, so that two writers cannot block each
 * other. `retrying` is counted up to the limit.
 */
export async function lockHealth(
  tx: Transaction,
  ids: readonly string[],
  retryingLimit: number,
): Promise<EndpointHealthRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await tx.raw<{ rows: EndpointHealthRow[] }>(
    `select ${healthColumns}, (
       select count(*) from (
         select 1 from deliveries d where d.endpoint_id = e.id and d.state = 'retrying' limit :retryingLimit
       ) few
     ) as retrying
     from endpoints e
     where e.id = any (:ids)
     order by e.id
     for no key update of e`,
    { ids: [...ids], retryingLimit },
  );
  return rows;
}

export async function setHealth(tx: Transaction, id: string, health: EndpointHealth): Promise<void> {
  const { state, failures, failing_since, last_failure, dying, probes, next_probe_at, held_until } = health;
  await tx('endpoints')
    .where({ id })
    .update({ state, failures, failing_since, last_failure, dying, probes, next_probe_at, held_until });
}

/** What its recovery waits for. */
export interface RecoveryRow extends EndpointHealth, EndpointRef {
  origin: string;
  /** Deliveries that it holds back, counted up to 1,000. */
  held: number;
}

export async function findRecovery(db: Database, id: string): Promise<RecoveryRow | undefined> {
  const { rows } = await db.raw<{ rows: RecoveryRow[] }>(
    `select ${healthColumns}, (
       select count(*) from (
         select 1 from deliveries d where d.endpoint_id = e.id and d.finished_at is null and d.replayed_after is null
         limit 1000
       ) few
     ) as held
     from endpoints e where e.id = :id`,
    { id },
  );
  return rows[0];
}

/** Changes the state where it is one of `from`; answers whether it did. */
export async function moveEndpoint(
  db: Database | Transaction,
  id: string,
  from: readonly EndpointState[],
  to: EndpointState,
): Promise<boolean> {
  const changed = await db('endpoints')
    .where({ id })
    .whereIn('state', [...from])
    .update({ state: to });
  return changed > 0;
}

/** Lets those be probed whose workflow should have done so by then: it may be lost, or stopped by somebody. */
export async function probeOverdue(db: Database, shard: number, before: Date): Promise<number> {
  return db('endpoints')
    .where({ shard, state: 'recovering' })
    .andWhere('next_probe_at', '<', before)
    .update({ state: 'probing' });
}

/** How many endpoints are in which state. */
export async function countEndpoints(db: Database): Promise<{ state: EndpointState; count: number }[]> {
  const { rows } = await db.raw<{ rows: { state: EndpointState; count: number }[] }>(
    `select state, count(*) as count from endpoints where state <> 'deleted' group by state`,
  );
  return rows;
}
