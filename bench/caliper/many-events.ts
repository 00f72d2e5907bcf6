import type { Database } from '../../src/database/connection';

/** Fills the store by SQL: activities of the last 100 days, of 5,000 learners, as if they had come this month. */
export async function addManyEvents(db: Database, count: number): Promise<void> {
  const [application] = await db<{ id: string }>('applications').select('id').limit(1);
  if (!application) throw new Error('there is no application');
  const step = 100_000;
  for (let from = 0; from < count; from += step) {
    await db.raw(
      `with event as (
         select n, n / 100 as envelope, gen_random_uuid() as id, n % 5000 as learner,
           now() - make_interval(secs => n * 100 * 86400.0 / :count) as at
         from generate_series(:from::int, :to::int) n
       ),
       made as materialized (
         select *, json_build_object('id', 'urn:uuid:' || id, 'type', 'ActivityEvent', 'action', 'Completed',
           'eventTime', at, 'extensions', json_build_object('filler', repeat('x', 600)))::text as data
         from event
       ),
       envelope as materialized (
         select envelope, gen_random_uuid() as id, convert_to(string_agg(data, '' order by n), 'UTF8') as data
         from made group by 1
       ),
       ids as (
         insert into caliper_event_ids (application_id, event_id, event_time, received_at)
         select :application::uuid, id, at, now() from made
       ),
       contents as (
         insert into caliper_envelopes (received_at, envelope_id, application_id, send_time, sensor, data)
         select now(), id, :application::uuid, now(), 'https://school.example/sensors/' || envelope % 50, data from envelope
       )
       insert into caliper_events (application_id, event_id, event_time, received_at, envelope_id, start, length,
         sensor_key, actor_key, email_key)
       select :application::uuid, made.id, at, now(), envelope.id,
         sum(octet_length(made.data)) over (partition by envelope order by n) - octet_length(made.data),
         octet_length(made.data), hashint8extended(envelope % 50, 1), hashint8extended(learner, 2), hashint8extended(learner, 3)
       from made join envelope using (envelope)`,
      { application: application.id, count, from, to: from + step - 1 },
    );
  }
  await db.raw('vacuum analyze caliper_envelopes');
  await db.raw('vacuum analyze caliper_events');
  await db.raw('vacuum analyze caliper_event_ids');
}
