import type { Database } from '../../src/database/connection';
import { ensurePartitions } from '../../src/events/keep-feed';

const batch = 100_000;

/** Writes events as if they had come in one after the other before now: a hundred programs, of which DEMO has half. */
export async function fillFeed(db: Database, count: number): Promise<void> {
  await ensurePartitions(db, new Date());
  // Before anything that came in over HTTP.
  const base = (Date.now() - 3600_000) * 1000 - count * 100;
  for (let from = 0; from < count; from += batch) {
    await db.raw(
      `with numbers as (
         select n, :base::bigint + n * 100 as position,
           case when n % 2 = 0 then 'DEMO' else 'FILL' || n % 100 end as program
         from generate_series(:from::bigint, :to::bigint) as n
       ), ids as (
         insert into events (id, program_id, revision, position, deleted, hash)
         select program || '-stored-' || n, program, 1, position, false, sha256(n::text::bytea) from numbers
       )
       insert into event_feed (position, event_id, program_id, revision, deleted, event_type, member_id, starts_at, ends_at,
         data, reference_id)
       select position, program || '-stored-' || n, program, 1, false,
         case when n % 1000 = 0 then 'LPI_REOPENED' else 'AI_COMP_SUCCESS' end,
         'learner-' || n % 10000 || '@example.com', timestamptz '2026-01-01' + n * interval '1 second',
         timestamptz '2026-01-01' + n * interval '1 second',
         json_build_object('courseId', 'golf-basics', 'activityId', n, 'score', 0.93, 'attempts', 2, 'device', 'web',
           'locale', 'en-GB'),
         case when n % 50 = 0 then 'DEMO-stored-' || n / 50 end
       from numbers`,
      { base, from, to: Math.min(from + batch, count) - 1 },
    );
  }
  await db.raw('vacuum analyze events, event_feed');
}
