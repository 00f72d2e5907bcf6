import type { Database } from '../database/connection';
import { listKey } from './list-key.rules';

/** What narrows a list of events. */
export interface EventFilter {
  applicationId: string;
  sensor?: string | undefined;
  actorId?: string | undefined;
  /** In lower case. */
  actorEmail?: string | undefined;
  /** By when they happened, both ends included. */
  from?: Date | undefined;
  to?: Date | undefined;
}

/** A place in the order of events: by their time, then by id. */
export interface EventPosition {
  /** As Postgres writes it, to the microsecond. */
  eventTime: string;
  eventId: string;
}

export interface StoredEventRow {
  event_id: string;
  event_time: string;
  sensor: string;
  send_time: Date;
  received_at: Date;
  /** JSON, as it came. */
  data: string;
}

type Bindings = Record<string, string | number | Date>;

/** Of `caliper_events e` in its `caliper_envelopes v`: an event as it came, as text. Only its own piece is read. */
export const eventData = `convert_from(substring(v.data from e.start + 1 for e.length), 'UTF8')`;

const columns = `e.event_id, e.event_time::text as event_time, v.sensor, v.send_time, e.received_at,
  ${eventData} as data`;

/** One by one, whatever the planner thinks of how many there are. */
const joinEnvelope = `cross join lateral (select * from caliper_envelopes v
  where v.received_at = e.received_at and v.envelope_id = e.envelope_id offset 0) v`;

function conditionsOf({ applicationId, sensor, actorId, actorEmail, from, to }: EventFilter) {
  const key = (text: string): string => String(listKey(applicationId, text));
  const given: [condition: string, bindings: Bindings | false][] = [
    ['e.application_id = :applicationId', { applicationId }],
    ['e.sensor_key = :sensor', sensor !== undefined && { sensor: key(sensor) }],
    ['e.actor_key = :actorId', actorId !== undefined && { actorId: key(actorId) }],
    ['e.email_key = :actorEmail', actorEmail !== undefined && { actorEmail: key(actorEmail) }],
    ['e.event_time >= :from', from !== undefined && { from }],
    ['e.event_time <= :to', to !== undefined && { to }],
  ];
  const those = given.filter((one): one is [string, Bindings] => one[1] !== false);
  return {
    sql: those.map(([sql]) => sql).join(' and '),
    bindings: Object.assign({}, ...those.map(([, bindings]) => bindings)) as Bindings,
  };
}

export interface EventPage {
  rows: StoredEventRow[];
  hasMore: boolean;
}

/** The newest first, by when they happened. A page ends early once its events are larger than `maxBytes` together. */
export async function listEvents(
  db: Database,
  filter: EventFilter,
  {
    after,
    offset,
    limit,
    maxBytes,
  }: { after: EventPosition | undefined; offset: number; limit: number; maxBytes: number },
): Promise<EventPage> {
  const { sql, bindings } = conditionsOf(filter);
  const older = after === undefined ? '' : 'and (e.event_time, e.event_id) < (:eventTime::timestamptz, :eventId::uuid)';
  const { rows } = await db.raw<{ rows: (StoredEventRow & { found: number })[] }>(
    `select ${columns}, found
     from (
       select page.*, count(*) over () as found,
         sum(length) over (order by event_time desc, event_id desc) - length as before
       from (
         select * from caliper_events e where ${sql} ${older}
         order by e.event_time desc, e.event_id desc limit :limit + 1 offset :offset
       ) page
     ) e
     ${joinEnvelope}
     where before <= :maxBytes order by e.event_time desc, e.event_id desc limit :limit`,
    { ...bindings, ...after, limit, offset, maxBytes },
  );
  return { rows, hasMore: (rows[0]?.found ?? 0) > rows.length };
}

/** The clock that events' receipt is read from. */
export async function readReceiptClock(db: Database): Promise<Date> {
  const { rows } = await db.raw<{ rows: { now: Date }[] }>('select clock_timestamp() as now');
  return rows[0]!.now;
}

/** How many there are; no further than `most`. */
export async function countEvents(db: Database, filter: EventFilter, most: number): Promise<number> {
  const { sql, bindings } = conditionsOf(filter);
  const { rows } = await db.raw<{ rows: { count: number }[] }>(
    `select count(*) from (select from caliper_events e where ${sql}
       order by e.event_time desc, e.event_id desc limit :most) counted`,
    { ...bindings, most },
  );
  return rows[0]?.count ?? 0;
}

/** `eventId`: the UUID of its id. */
export async function findEvent(
  db: Database,
  applicationId: string,
  eventId: string,
): Promise<StoredEventRow | undefined> {
  const { rows } = await db.raw<{ rows: StoredEventRow[] }>(
    `select ${columns}
     from (select * from caliper_event_ids where application_id = :applicationId and event_id = :eventId offset 0) i
     join caliper_events e on e.application_id = i.application_id and e.event_time = i.event_time
       and e.event_id = i.event_id and e.received_at = i.received_at
     ${joinEnvelope}`,
    { applicationId, eventId },
  );
  return rows[0];
}
