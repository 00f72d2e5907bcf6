import type { Database, Transaction } from '../database/connection';
import type { EndpointRow } from './endpoints.store';

export type NewEndpointRow = Pick<
  EndpointRow,
  | 'id'
  | 'application_id'
  | 'dialect'
  | 'name'
  | 'origin'
  | 'url'
  | 'username'
  | 'password'
  | 'signing_secret'
  | 'slots'
  | 'rate'
>;

/** Holds an application's other endpoints up until the end of the transaction. Answers whether there is such one. */
export async function lockApplication(tx: Transaction, id: string): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: unknown[] }>('select 1 from applications where id = :id for no key update', {
    id,
  });
  return rows.length > 0;
}

/** How many endpoints with a URL of their own the application has. */
export async function countOwn(tx: Transaction, applicationId: string): Promise<number> {
  const { rows } = await tx.raw<{ rows: [{ count: number }] }>(
    `select count(*) as count from endpoints
     where application_id = :applicationId and url is not null and state <> 'deleted'`,
    { applicationId },
  );
  return rows[0].count;
}

export async function insertEndpoint(tx: Transaction, endpoint: NewEndpointRow): Promise<void> {
  await tx('endpoints').insert(endpoint);
}

/**
 * An endpoint of the application, or of any, locked for a change. `whole`: also against whoever is about to queue a
 * delivery to it.
 */
export async function lockEndpoint(
  tx: Transaction,
  applicationId: string | undefined,
  id: string,
  { whole = false }: { whole?: boolean } = {},
): Promise<EndpointRow | undefined> {
  const { rows } = await tx.raw<{ rows: EndpointRow[] }>(
    `select * from endpoints
     where id = :id and application_id = coalesce(:applicationId, application_id) and state <> 'deleted'
     for ${whole ? 'update' : 'no key update'}`,
    { id, applicationId: applicationId ?? null },
  );
  return rows[0];
}

/** Writes what is given, as a new version. */
export async function updateEndpoint(
  tx: Transaction,
  id: string,
  change: Partial<Omit<EndpointRow, 'id' | 'shard' | 'version' | 'updated_at'>>,
): Promise<void> {
  await tx('endpoints')
    .where({ id })
    .update({ ...change, version: tx.raw('version + 1'), updated_at: tx.fn.now() });
}

/** The former secret signs beside the new one for so long. */
export async function replaceSecret(
  tx: Transaction,
  id: string,
  { secret, overlapSeconds }: { secret: Buffer; overlapSeconds: number },
): Promise<void> {
  await tx.raw(
    `update endpoints
     set previous_secret = case when :overlapSeconds > 0 then signing_secret end,
       previous_secret_until = case when :overlapSeconds > 0 then now() + make_interval(secs => :overlapSeconds) end,
       signing_secret = :secret, version = version + 1, updated_at = now()
     where id = :id`,
    { id, secret, overlapSeconds },
  );
}

/** Its origin is free for another endpoint from now on. */
export async function markDeleted(tx: Transaction, id: string): Promise<void> {
  await tx('endpoints')
    .where({ id })
    .update({ state: 'deleted', origin: tx.raw("origin || ' ' || id"), updated_at: tx.fn.now() });
}

/** Removes some of a deleted endpoint's deliveries, with their attempts; answers how many. */
export async function deleteItsDeliveries(db: Database, endpointId: string, limit: number): Promise<number> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `delete from deliveries where id = any (array(
       select d.id from endpoints e join deliveries d on d.endpoint_id = e.id
       where e.id = :endpointId and e.state = 'deleted' limit :limit
     )) returning 1`,
    { endpointId, limit },
  );
  return rows.length;
}

export async function deleteMarkedEndpoint(db: Database, id: string): Promise<void> {
  await db('endpoints').where({ id, state: 'deleted' }).delete();
}
