import type { Database, Transaction } from '../database/connection';
import { firstIdAt, lastIdAt } from '../database/ids';
import type { DeliveryState, Subject, SubjectKind } from './deliveries.rules';
import type { EndpointDialect } from './endpoints.store';

/** What narrows a list of deliveries. An endpoint comes with its application. */
export interface DeliveryFilter {
  /** Undefined: every application's. */
  applicationId?: string | undefined;
  endpointId?: string | undefined;
  state?: DeliveryState | undefined;
  subjectId?: string | undefined;
  subjectKind?: SubjectKind | undefined;
  /** By when they were queued. */
  since?: Date | undefined;
  until?: Date | undefined;
}

/** A delivery as a list shows it. */
export interface ListedDelivery {
  id: string;
  endpoint_id: string;
  application_id: string;
  dialect: EndpointDialect;
  /** The endpoint's. */
  origin: string;
  shard: number;
  subject_kind: Subject['kind'];
  subject_id: string;
  state: DeliveryState;
  attempts: number;
  replayed_after: number | null;
  created_at: Date;
  first_attempt_at: Date | null;
  next_attempt_at: Date | null;
  finished_at: Date | null;
}

export interface DeliveryDetails extends ListedDelivery {
  /** As it is sent; null: computed when it is sent. */
  payload: string | null;
  /** Encrypted: the delivery's own, or its endpoint's. */
  url: Buffer;
}

export interface AttemptDetails {
  number: number;
  attempted_at: Date;
  status: number | null;
  latency_ms: number;
  answer: string | null;
  error: string | null;
  request: string | null;
}

const columns = `d.id, d.endpoint_id, d.application_id, e.dialect, e.origin, d.shard, d.subject_kind, d.subject_id,
  d.state, d.attempts, d.replayed_after, d.created_at, d.first_attempt_at, d.next_attempt_at, d.finished_at`;

const visible = "join endpoints e on e.id = d.endpoint_id and e.state <> 'deleted'";

type Bindings = Record<string, string | number | Date>;

interface Conditions {
  sql: string;
  bindings: Bindings;
}

/** The clock that made an id may differ from the database's, which says when the row was written. */
const minutesFrom = (time: Date, minutes: number): Date => new Date(time.getTime() + minutes * 60_000);

/** The times come twice: as bounds of the ids, which the indexes end in, and exactly. */
function conditionsOf(filter: DeliveryFilter): Conditions {
  const { applicationId, endpointId, state, subjectId, subjectKind, since, until } = filter;
  const given: [condition: string, bindings: Bindings | false][] = [
    ['d.application_id = :applicationId', applicationId !== undefined && { applicationId }],
    ['d.endpoint_id = :endpointId', endpointId !== undefined && { endpointId }],
    ['d.state = :state', state !== undefined && { state }],
    ['d.subject_id = :subjectId', subjectId !== undefined && { subjectId }],
    ['d.subject_kind = :subjectKind', subjectKind !== undefined && { subjectKind }],
    [
      'd.id >= :leastId and d.created_at >= :since',
      since !== undefined && { since, leastId: firstIdAt(minutesFrom(since, -1)) },
    ],
    [
      'd.id <= :lastId and d.created_at <= :until',
      until !== undefined && { until, lastId: lastIdAt(minutesFrom(until, 1)) },
    ],
  ];
  const those = given.filter((one): one is [string, Bindings] => one[1] !== false);
  return {
    sql: ['true', ...those.map(([sql]) => sql)].join(' and '),
    bindings: Object.assign({}, ...those.map(([, bindings]) => bindings)) as Bindings,
  };
}

/** The newest first. */
export async function listDeliveries(
  db: Database,
  filter: DeliveryFilter,
  { afterId, limit }: { afterId: string | undefined; limit: number },
): Promise<ListedDelivery[]> {
  const { sql, bindings } = conditionsOf(filter);
  const older = afterId === undefined ? '' : 'and d.id < :afterId';
  const page = `select ${columns} from deliveries d ${visible} where ${sql} ${older} order by d.id desc limit :limit`;
  const { rows } = await db.raw<{ rows: ListedDelivery[] }>(isOfEveryApplication(filter) ? byApplication(page) : page, {
    ...bindings,
    limit,
    ...(afterId !== undefined && { afterId }),
  });
  return rows;
}

/** A state is found by its application's index alone. */
const isOfEveryApplication = ({ applicationId, subjectId, state }: DeliveryFilter): boolean =>
  applicationId === undefined && subjectId === undefined && state !== undefined && state !== 'delivered';

const byApplication = (page: string): string =>
  `select its.* from applications a
   cross join lateral (${page.replace(' where ', ' where d.application_id = a.id and ')}) its
   order by its.id desc limit :limit`;

/** A delivery of the application, or of any, whose endpoint is not deleted. */
export async function findDelivery(
  db: Database | Transaction,
  applicationId: string | undefined,
  id: string,
): Promise<DeliveryDetails | undefined> {
  const { rows } = await db.raw<{ rows: DeliveryDetails[] }>(
    `select ${columns}, d.payload, coalesce(d.url, e.url) as url from deliveries d ${visible}
     where d.id = :id and d.application_id = coalesce(:applicationId, d.application_id)`,
    { id, applicationId: applicationId ?? null },
  );
  return rows[0];
}

/** The last attempts, in the order in which they were made. */
export async function listAttempts(db: Database, deliveryId: string, limit: number): Promise<AttemptDetails[]> {
  const rows = await db<AttemptDetails & { delivery_id: string }>('delivery_attempts')
    .where({ delivery_id: deliveryId })
    .orderBy('number', 'desc')
    .limit(limit);
  return rows.reverse();
}

/** Ids of what matches in any of the states, from `after` on in one direction. */
export async function listMatching(
  db: Database | Transaction,
  { states, ...filter }: Omit<DeliveryFilter, 'state'> & { states: readonly DeliveryState[] },
  { direction, after, limit }: { direction: 'asc' | 'desc'; after: string | undefined; limit: number },
): Promise<string[]> {
  const { sql, bindings } = conditionsOf(filter);
  const further = after === undefined ? '' : `and d.id ${direction === 'asc' ? '>' : '<'} :after`;
  const order = `order by id ${direction} limit :limit`;
  // One after the other, because an index that begins with the state is in the ids' order within one alone.
  const each = states.map(
    (_, index) => `(select d.id from deliveries d where ${sql} and d.state = :state${index} ${further} ${order})`,
  );
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select id from (${each.join(' union all ')}) matching ${order}`,
    {
      ...bindings,
      limit,
      ...(after !== undefined && { after }),
      ...Object.fromEntries(states.map((state, index) => [`state${index}`, state])),
    },
  );
  return rows.map(({ id }) => id);
}

/**
 * Gives finished deliveries to the drain again, out of their subject's order, with all the time that a new one has. Answers
 * those that it did: not the ones that were asked for again meanwhile, or whose endpoint is gone.
 */
export async function reopen(
  db: Database | Transaction,
  ids: readonly string[],
): Promise<{ id: string; shard: number }[]> {
  const { rows } = await db.raw<{ rows: { id: string; shard: number }[] }>(
    `update deliveries d
     set state = 'pending', replayed_after = d.attempts, finished_at = null, first_attempt_at = null, lease_token = 0
     from endpoints e
     where d.id = any (:ids) and d.finished_at is not null and e.id = d.endpoint_id and e.state <> 'deleted'
     returning d.id, d.shard`,
    { ids: [...ids] },
  );
  return rows;
}
