import type { Database, Transaction } from '../database/connection';
import type { EndpointState } from './endpoint-health.rules';
import type { EndpointDialect, EndpointRow } from './endpoints.store';

export interface EndpointFilter {
  /** Undefined: every application's. */
  applicationId: string | undefined;
  dialect: EndpointDialect | undefined;
  /** Empty: all but the deleted. */
  states: readonly EndpointState[];
}

/** By id, which is the order in which they were made. */
export async function listEndpoints(
  db: Database,
  { applicationId, dialect, states }: EndpointFilter,
  { afterId, limit }: { afterId: string | undefined; limit: number },
): Promise<EndpointRow[]> {
  const query = db<EndpointRow>('endpoints').whereNot({ state: 'deleted' }).orderBy('id').limit(limit);
  if (applicationId !== undefined) query.where({ application_id: applicationId });
  if (dialect !== undefined) query.where({ dialect });
  if (states.length > 0) query.whereIn('state', [...states]);
  if (afterId !== undefined) query.where('id', '>', afterId);
  return query;
}

export interface CountedEndpointRow extends EndpointRow {
  /** Its deliveries that are not finished, counted up to 1,000. */
  unfinished: number;
}

/** An endpoint of the application, or of any; a deleted one is none. */
export async function findEndpoint(
  db: Database | Transaction,
  applicationId: string | undefined,
  id: string,
): Promise<CountedEndpointRow | undefined> {
  const { rows } = await db.raw<{ rows: CountedEndpointRow[] }>(
    `select e.*, (
       select count(*) from (
         select 1 from deliveries d where d.shard = e.shard and d.endpoint_id = e.id and d.state = 'pending'
         union all
         select 1 from deliveries d where d.endpoint_id = e.id and d.state = 'retrying'
         union all
         select 1 from deliveries d
         where d.endpoint_id = e.id and d.finished_at is null and d.replayed_after is null and d.state = 'blocked'
         limit 1000
       ) few
     ) as unfinished
     from endpoints e
     where e.id = :id and e.application_id = coalesce(:applicationId, e.application_id) and e.state <> 'deleted'`,
    { id, applicationId: applicationId ?? null },
  );
  return rows[0];
}
