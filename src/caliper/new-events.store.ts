import { textArray, uuidArray } from '../database/binary-arrays';
import type { Database } from '../database/connection';
import type { NewEvent } from './new-events';
import { type BatchPlan, eventKey, type KnownEvent } from './plan-batch.rules';
import { amountColumns, type Contribution, mergeContributions } from './totals.rules';

interface KnownRow {
  application_id: string;
  event_id: string;
  hash: string;
}

// `offset 0`: looked up one by one in the index. Planned while the table is nearly empty a join would read all of it, and the
// table may be large before the plan is made anew.
const oneByOne = `from unnest(:applications::uuid[], :ids::uuid[]) as wanted (application_id, event_id)
  cross join lateral (select content_hash, event_time, received_at from caliper_event_ids i
    where i.application_id = wanted.application_id and i.event_id = wanted.event_id offset 0) i`;

const bindingsOf = (events: readonly NewEvent[]) => ({
  applications: uuidArray(events.map(({ applicationId }) => applicationId)),
  ids: uuidArray(events.map(({ eventId }) => eventId)),
});

/** Which of these events are stored; with what they say where the hash differs. */
export async function findKnown(db: Database, events: readonly NewEvent[]): Promise<Map<string, KnownEvent>> {
  if (events.length === 0) return new Map();
  const { rows } = await db
    .raw<{ rows: KnownRow[] }>(
      `select wanted.application_id, wanted.event_id, encode(i.content_hash, 'hex') as hash ${oneByOne}`,
      bindingsOf(events),
    )
    .options({ name: 'find-caliper-ids' });
  const known = new Map<string, KnownEvent>(
    rows.map(({ application_id: applicationId, event_id: eventId, hash }) => [
      eventKey({ applicationId, eventId }),
      { hash },
    ]),
  );
  if (known.size === 0) return known;
  const doubtful = events.filter((event) => (known.get(eventKey(event)) ?? event).hash !== event.hash);
  for (const [key, data] of await readContents(db, doubtful)) {
    const one = known.get(key);
    if (one) known.set(key, { ...one, data });
  }
  return known;
}

async function readContents(db: Database, events: readonly NewEvent[]): Promise<[string, string][]> {
  if (events.length === 0) return [];
  const { rows } = await db.raw<{ rows: { application_id: string; event_id: string; data: string }[] }>(
    `select wanted.application_id, wanted.event_id, e.data::text as data ${oneByOne}
     join caliper_events e on e.application_id = wanted.application_id and e.event_time = i.event_time
       and e.event_id = wanted.event_id and e.received_at = i.received_at`,
    bindingsOf(events),
  );
  return rows.map(({ application_id: applicationId, event_id: eventId, data }) => [
    eventKey({ applicationId, eventId }),
    data,
  ]);
}

const amounts = amountColumns.join(', ');
const amountTypes = amountColumns.map((column) => `${column} numeric`).join(', ');
const amountSums = amountColumns.map((column) => `coalesce(sum(${column}), 0)`).join(', ');
const amountsAdded = amountColumns.map((column) => `${column} = t.${column} + excluded.${column}`).join(', ');

/** What is nothing is left out, as it is most of them. */
function totalsRow({ applicationId, learner, courseId, day, amounts: added }: Contribution) {
  const row: Record<string, string | number> = { application_id: applicationId, learner, course_id: courseId, day };
  amountColumns.forEach((column, index) => {
    const amount = added[index];
    if (amount) row[column] = amount;
  });
  return row;
}

/**
 * Writes new events, their ids, what they add to the totals, and entities: one statement, one commit. Fails with a violation
 * of `caliper_event_ids_pkey`, and has written nothing, when another process was first with one of the ids. What
 * others can wait for is written by key, in an order that the counts enforce: ids; then, after the bulk of the work, entities
 * and totals, which many want to change.
 */
export async function insertBatch(db: Database, { events, entities }: BatchPlan): Promise<void> {
  const contributions = mergeContributions(events.flatMap(({ contribution }) => contribution ?? []));
  await db
    .raw(
      `with ids as (
         insert into caliper_event_ids (application_id, event_id, content_hash, event_time, received_at)
         select application_id, event_id, decode(hash, 'hex'), event_time::timestamptz, now()
         from unnest(:applications::uuid[], :ids::uuid[], :hashes::text[], :times::text[])
           as made (application_id, event_id, hash, event_time)
         returning 1
       ),
       written as (
         insert into caliper_events (application_id, event_id, event_time, received_at, send_time, sensor, full_sensor,
           type, profile, action, actor_id, actor_email, data)
         select application_id, event_id, event_time::timestamptz, now(), send_time::timestamptz, sensor, full_sensor,
           type, profile, action, actor_id, actor_email, data::json
         from unnest(:applications::uuid[], :ids::uuid[], :times::text[], :sendTimes::text[], :sensors::text[],
             :fullSensors::text[], :types::text[], :profiles::text[], :actions::text[], :actors::text[], :emails::text[],
             :contents::text[])
           as made (application_id, event_id, event_time, send_time, sensor, full_sensor, type, profile, action, actor_id,
             actor_email, data)
         returning 1
       ),
       described as (
         insert into caliper_entities (application_id, entity_key, type, sensor, data)
         select application_id, entity_key, type, sensor, data
         from json_to_recordset(:entities) as e (application_id uuid, entity_key text, type text, sensor text, data json)
         where (select count(*) from ids) + (select count(*) from written) >= 0
         on conflict (application_id, entity_key) do update
         set type = excluded.type, sensor = excluded.sensor, data = excluded.data, changed_at = now()
         returning 1
       )
       insert into caliper_totals as t (application_id, learner, course_id, day, ${amounts})
       select application_id, learner, course_id, day, ${amountSums}
       from json_to_recordset(:totals) as c (application_id uuid, learner text collate "C", course_id text collate "C",
         day date, ${amountTypes})
       where (select count(*) from described) >= 0
       group by 1, 2, 3, 4
       order by 1, 2, 3, 4
       on conflict (application_id, learner, course_id, day) do update set ${amountsAdded}`,
      {
        ...bindingsOf(events),
        hashes: textArray(events.map(({ hash }) => hash)),
        times: textArray(events.map(({ eventTime }) => eventTime)),
        sendTimes: textArray(events.map(({ sendTime }) => sendTime)),
        sensors: textArray(events.map(({ sensor }) => sensor)),
        fullSensors: textArray(events.map(({ fullSensor }) => fullSensor)),
        types: textArray(events.map(({ type }) => type)),
        profiles: textArray(events.map(({ profile }) => profile)),
        actions: textArray(events.map(({ action }) => action)),
        actors: textArray(events.map(({ actorId }) => actorId)),
        emails: textArray(events.map(({ actorEmail }) => actorEmail)),
        contents: textArray(events.map(({ data }) => data)),
        entities: `[${entities.map(({ row }) => row).join(',')}]`,
        totals: JSON.stringify(contributions.map(totalsRow)),
      },
    )
    .options({ name: 'insert-caliper-batch' });
}
