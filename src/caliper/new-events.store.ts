import type { Database } from '../database/connection';
import type { NewEvent } from './new-events';
import { type BatchPlan, eventKey, type KnownEvent } from './plan-batch.rules';
import { amountColumns, mergeContributions } from './totals.rules';

interface KnownRow {
  application_id: string;
  event_id: string;
  hash: string;
}

/** An array of UUIDs as Postgres reads it. */
const uuids = (values: readonly string[]): string => `{${values.join(',')}}`;

// `offset 0`: looked up one by one in the index. Planned while the table is nearly empty a join would read all of it, and the
// table may be large before the plan is made anew.
const oneByOne = `from unnest(:applications::uuid[], :ids::uuid[]) as wanted (application_id, event_id)
  cross join lateral (select content_hash, event_time, received_at from caliper_event_ids i
    where i.application_id = wanted.application_id and i.event_id = wanted.event_id offset 0) i`;

const bindingsOf = (events: readonly NewEvent[]) => ({
  applications: uuids(events.map(({ applicationId }) => applicationId)),
  ids: uuids(events.map(({ eventId }) => eventId)),
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
  for (const [key, item] of await readContents(db, doubtful)) {
    const one = known.get(key);
    if (one) known.set(key, { ...one, item });
  }
  return known;
}

async function readContents(db: Database, events: readonly NewEvent[]): Promise<[string, unknown][]> {
  if (events.length === 0) return [];
  const { rows } = await db.raw<{ rows: { application_id: string; event_id: string; data: unknown }[] }>(
    `select wanted.application_id, wanted.event_id, e.data ${oneByOne}
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

/**
 * Writes new events, their ids, what they add to the totals, and entities: one statement, one commit. Fails with a violation
 * of `caliper_event_ids_pkey`, and has written nothing, when another process was first with one of the ids. What can be
 * waited for (ids, then entities, then totals) is written in this order, and by key.
 */
export async function insertBatch(db: Database, { events, entities }: BatchPlan): Promise<void> {
  const contributions = mergeContributions(events.flatMap(({ contribution }) => contribution ?? []));
  await db
    .raw(
      `with made as (
         select * from json_to_recordset(:events) as made (application_id uuid, event_id uuid, hash text,
           event_time timestamptz, send_time timestamptz, sensor text, type text, profile text, action text, actor_id text,
           actor_email text, data json)
       ),
       ids as (
         insert into caliper_event_ids (application_id, event_id, content_hash, event_time, received_at)
         select application_id, event_id, decode(hash, 'hex'), event_time, now() from made
         returning 1
       ),
       written as (
         insert into caliper_events (application_id, event_id, event_time, received_at, send_time, sensor, type, profile,
           action, actor_id, actor_email, data)
         select application_id, event_id, event_time, now(), send_time, sensor, type, profile, action, actor_id,
           actor_email, data
         from made
       ),
       described as (
         insert into caliper_entities (application_id, entity_key, type, sensor, data)
         select application_id, entity_key, type, sensor, data
         from json_to_recordset(:entities) as e (application_id uuid, entity_key text, type text, sensor text, data json)
         where (select count(*) from ids) >= 0
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
        events: `[${events.map(({ row }) => row).join(',')}]`,
        entities: `[${entities.map(({ row }) => row).join(',')}]`,
        totals: JSON.stringify(contributions),
      },
    )
    .options({ name: 'insert-caliper-batch' });
}
