import { bigintArray, bytesArray, integerArray, textArray, timeArray, uuidArray } from '../database/binary-arrays';
import type { Database } from '../database/connection';
import { eventData } from './events.store';
import { listKey } from './list-key.rules';
import type { NewEvent } from './new-events';
import {
  type BatchPlan,
  type CompletingEvent,
  eventKey,
  type KnownEvent,
  type PlannedEnvelope,
} from './plan-batch.rules';
import { amountColumns, type Contribution, mergeContributions } from './totals.rules';

interface KnownRow {
  application_id: string;
  event_id: string;
  data: string | null;
}

/**
 * Which of these events are stored, with what they say. `offset 0`: looked up one by one in the indexes. Planned while the tables
 * are nearly empty a join would read all of them, and they may be large before the plan is made anew.
 */
export async function findKnown(db: Database, events: readonly NewEvent[]): Promise<Map<string, KnownEvent>> {
  if (events.length === 0) return new Map();
  const { rows } = await db
    .raw<{ rows: KnownRow[] }>(
      `select wanted.application_id, wanted.event_id, stored.data
       from unnest(:applications::uuid[], :ids::uuid[]) as wanted (application_id, event_id)
       cross join lateral (select event_time, received_at from caliper_event_ids i
         where i.application_id = wanted.application_id and i.event_id = wanted.event_id offset 0) i
       left join lateral (select ${eventData} as data from caliper_events e
         join caliper_envelopes v on v.received_at = e.received_at and v.envelope_id = e.envelope_id
         where e.application_id = wanted.application_id and e.event_time = i.event_time
           and e.event_id = wanted.event_id and e.received_at = i.received_at offset 0) stored on true`,
      {
        applications: uuidArray(events.map(({ applicationId }) => applicationId)),
        ids: uuidArray(events.map(({ eventId }) => eventId)),
      },
    )
    .options({ name: 'find-caliper-ids' });
  return new Map(
    rows.map(({ application_id: applicationId, event_id: eventId, data }) => [
      eventKey({ applicationId, eventId }),
      { data },
    ]),
  );
}

const amounts = amountColumns.join(', ');
const amountSums = amountColumns.map((column) => `coalesce(sum(${column}::numeric), 0)`).join(', ');
const amountArrays = amountColumns.map((column) => `:${column}::text[]`).join(', ');
const amountsAdded = amountColumns.map((column) => `${column} = t.${column} + excluded.${column}`).join(', ');

/** Column by column. What is nothing is null, as it is most of them; numbers go as text, which Postgres does not round. */
const totalsColumns = (contributions: readonly Contribution[]) => ({
  totalsApplications: uuidArray(contributions.map(({ applicationId }) => applicationId)),
  learners: textArray(contributions.map(({ learner }) => learner)),
  courses: textArray(contributions.map(({ courseId }) => courseId)),
  days: textArray(contributions.map(({ day }) => day)),
  ...Object.fromEntries(
    amountColumns.map((column, index) => [
      column,
      textArray(contributions.map((one) => (one.amounts[index] ? String(one.amounts[index]) : null))),
    ]),
  ),
});

const queueCompletions = `
  insert into completion_queue (application_id, door, event_id, email, learner, course, completed_at)
  select application_id, 'caliper', event_id::text, email, learner, course, completed_at
  from unnest(:completionApplications::uuid[], :completionEvents::uuid[], :completionEmails::text[],
    :completionLearners::text[], :completionCourses::text[], :completionTimes::timestamptz[])
    as c (application_id, event_id, email, learner, course, completed_at)
  returning 1`;

const completionColumns = (events: readonly CompletingEvent[]) => ({
  completionApplications: uuidArray(events.map(({ applicationId }) => applicationId)),
  completionEvents: uuidArray(events.map(({ eventId }) => eventId)),
  completionEmails: textArray(events.map(({ completion }) => completion.email)),
  completionLearners: textArray(events.map(({ completion }) => completion.learner)),
  completionCourses: textArray(events.map(({ completion }) => completion.course)),
  completionTimes: timeArray(events.map(({ eventTime }) => eventTime)),
});

/** The events of envelopes, column by column. `places` says of which envelope, from 1. */
function eventColumns(envelopes: readonly PlannedEnvelope[]) {
  const events = envelopes.flatMap((envelope) => envelope.events);
  const contents = envelopes.map(packContents);
  return {
    places: integerArray(envelopes.flatMap((envelope, index) => envelope.events.map(() => index + 1))),
    ids: uuidArray(events.map(({ eventId }) => eventId)),
    times: timeArray(events.map(({ eventTime }) => eventTime)),
    lengths: integerArray(contents.flatMap(({ lengths }) => lengths)),
    starts: integerArray(contents.flatMap(({ starts }) => starts)),
    actors: bigintArray(events.map(({ actorKey }) => actorKey)),
    emails: bigintArray(events.map(({ emailKey }) => emailKey)),
    contents: bytesArray(contents.map(({ pieces }) => pieces)),
  };
}

/** The JSON of an envelope's events, one behind the other, and where each lies. */
function packContents({ events }: PlannedEnvelope): { pieces: Buffer[]; starts: number[]; lengths: number[] } {
  const pieces: Buffer[] = [];
  const starts: number[] = [];
  const lengths: number[] = [];
  let [packed, from, to] = [0, 0, 0];
  const end = (): void => void (to > from && pieces.push(events[0]!.json.subarray(from, to)));
  for (const event of events) {
    // Neighbours are kept as they lie, with the comma between them.
    if (event.start !== to + 1) {
      end();
      packed += to - from;
      from = event.start;
    }
    to = event.end;
    starts.push(packed + event.start - from);
    lengths.push(event.end - event.start);
  }
  end();
  return { pieces, starts, lengths };
}

/**
 * Writes envelopes with their events, the events' ids, what they complete and add to the totals, and entities: one statement, one
 * commit. `completing`: those of the events of which completions are to be made. Fails with a violation of `caliper_event_ids_pkey`, and has written
 * nothing, when another process was first with one of the ids. What others can wait for is written by key, in an order that the
 * counts enforce: ids; then, after the bulk of the work, entities and totals, which many want to change. Events themselves are
 * written as they came, which is about the order of their times: neighbours in the indexes. Contents go straight from their array
 * into the table: gathered as rows first they would go by way of a file.
 */
export async function insertBatch(
  db: Database,
  { envelopes, entities }: BatchPlan,
  completing: readonly CompletingEvent[],
): Promise<void> {
  const contributions = mergeContributions(
    envelopes.flatMap(({ events }) => events.flatMap(({ contribution }) => contribution ?? [])),
  );
  const queues = completing.length > 0;
  await db
    .raw(
      `with envelope as materialized (
         select * from unnest(:envelopes::uuid[], :applications::uuid[], :sensorKeys::bigint[]) with ordinality
           as e (envelope_id, application_id, sensor_key, place)
       ),
       event as materialized (
         select application_id, event_id, event_time, envelope_id, start, length, sensor_key, actor_key, email_key
         from (
           select unnest(:places::int[]) as place, unnest(:ids::uuid[]) as event_id, unnest(:times::timestamptz[]) as event_time,
             unnest(:starts::int[]) as start, unnest(:lengths::int[]) as length, unnest(:actors::bigint[]) as actor_key,
             unnest(:emails::bigint[]) as email_key
         ) e join envelope using (place)
       ),
       ids as (
         insert into caliper_event_ids (application_id, event_id, event_time, received_at)
         select application_id, event_id, event_time, now() from event order by 1, 2
         returning 1
       ),
       contents as (
         insert into caliper_envelopes (received_at, envelope_id, application_id, send_time, sensor, data)
         select now(), unnest(:envelopes::uuid[]), unnest(:applications::uuid[]), unnest(:sendTimes::text[])::timestamptz,
           unnest(:sensors::text[]), unnest(:contents::bytea[])
         returning 1
       ),
       written as (
         insert into caliper_events (application_id, event_id, event_time, received_at, envelope_id, start, length,
           sensor_key, actor_key, email_key)
         select application_id, event_id, event_time, now(), envelope_id, start, length, sensor_key, actor_key, email_key
         from event
         returning 1
       ),
       described as (
         insert into caliper_entities (application_id, entity_key, type, sensor, data)
         select application_id, entity_key, type, sensor, data
         from json_to_recordset(:entities) as e (application_id uuid, entity_key text, type text, sensor text, data json)
         where (select count(*) from ids) + (select count(*) from contents) + (select count(*) from written) >= 0
         on conflict (application_id, entity_key) do update
         set type = excluded.type, sensor = excluded.sensor, data = excluded.data, changed_at = now()
         returning 1
       )${queues ? `, queued as (${queueCompletions})` : ''}
       insert into caliper_totals as t (application_id, learner, course_id, day, ${amounts})
       select application_id, learner collate "C", course_id collate "C", day::date, ${amountSums}
       from unnest(:totalsApplications::uuid[], :learners::text[], :courses::text[], :days::text[], ${amountArrays})
         as c (application_id, learner, course_id, day, ${amounts})
       where (select count(*) from described) >= 0
       group by 1, 2, 3, 4
       order by 1, 2, 3, 4
       on conflict (application_id, learner, course_id, day) do update set ${amountsAdded}`,
      {
        ...eventColumns(envelopes),
        envelopes: uuidArray(envelopes.map(({ id }) => id)),
        applications: uuidArray(envelopes.map(({ applicationId }) => applicationId)),
        sensors: textArray(envelopes.map(({ sensor }) => sensor)),
        sensorKeys: bigintArray(envelopes.map(({ applicationId, sensor }) => listKey(applicationId, sensor))),
        sendTimes: textArray(envelopes.map(({ sendTime }) => sendTime)),
        entities: `[${entities.map(({ row }) => row).join(',')}]`,
        ...totalsColumns(contributions),
        ...(queues && completionColumns(completing)),
      },
    )
    .options({ name: queues ? 'insert-completing-caliper-batch' : 'insert-caliper-batch' });
}
