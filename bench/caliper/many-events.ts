import type { Database } from '../../src/database/connection';

/** Fills the store by SQL: activities of the last 100 days, of 5,000 learners, as if they had come this month. */
export async function addManyEvents(db: Database, count: number): Promise<void> {
  const [application] = await db<{ id: string }>('applications').select('id').limit(1);
  if (!application) throw new Error('there is no application');
  const step = 100_000;
  for (let from = 0; from < count; from += step) {
    await db.raw(
      `with made as materialized (
         select gen_random_uuid() as id, n % 5000 as learner, n % 50 as sensor,
           now() - make_interval(secs => n * 100 * 86400.0 / :count) as at
         from generate_series(:from::int, :to::int) n
       ),
       ids as (
         insert into caliper_event_ids (application_id, event_id, content_hash, event_time, received_at)
         select :application::uuid, id, '\\x00', at, now() from made
       )
       insert into caliper_events (application_id, event_id, event_time, received_at, send_time, sensor, type, profile,
         action, actor_id, actor_email, data)
       select :application::uuid, id, at, now(), at, 'https://school.example/sensors/' || sensor, 'ActivityEvent',
         'TimebackProfile', 'Completed', 'https://school.example/users/' || learner, 'learner-' || learner || '@school.example',
         json_build_object('id', 'urn:uuid:' || id, 'type', 'ActivityEvent', 'action', 'Completed', 'eventTime', at,
           'extensions', json_build_object('filler', repeat('x', 600)))
       from made`,
      { application: application.id, count, from, to: from + step - 1 },
    );
  }
  await db.raw('vacuum analyze caliper_events');
  await db.raw('vacuum analyze caliper_event_ids');
}
