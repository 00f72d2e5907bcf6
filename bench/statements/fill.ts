import type { Database } from '../../src/database/connection';
import { makeMonthsAhead } from '../../src/statements/statement-months';
import { activityCount, learnerCount } from './statements';

const batch = 100_000;

const key = (kind: string, value: string): string =>
  `left(encode(sha256(convert_to(:application || ' ${kind} ' || ${value}, 'UTF8')), 'hex'), 32)::uuid`;

/** Writes statements as if they had come in one after the other before now. */
export async function fillStatements(db: Database, application: string, count: number): Promise<void> {
  await makeMonthsAhead(db, new Date());
  const base = (Date.now() - 3600_000) * 1000 - count * 100;
  for (let from = 0; from < count; from += batch) {
    await db.raw(
      `with made as (
         select n, :base::bigint + n * 100 as position, gen_random_uuid() as id,
           'https://school.example/activities/' || n % ${activityCount} as activity,
           'https://school.example/courses/' || n % 20 as course,
           'mbox mailto:learner-' || n % ${learnerCount} || '@school.example' as learner
         from generate_series(:from::bigint, :to::bigint) as n
       ), ids as (
         insert into statement_ids (application_id, statement_id, position, meaning)
         select :application::uuid, id, position, sha256(n::text::bytea) from made
       ), related as (
         insert into statement_relations (key, position, match)
         select ${key('related-activity', 'course')}, position, position from made
       )
       insert into statements (application_id, position, match, agent, verb, activity, registration, data)
       select :application::uuid, position, position, ${key('agent', 'learner')}, ${key('verb', "'http://adlnet.gov/expapi/verbs/completed'")},
         ${key('activity', 'activity')}, gen_random_uuid(),
         json_build_object('id', id, 'actor', json_build_object('mbox', substr(learner, 6)),
           'verb', json_build_object('id', 'http://adlnet.gov/expapi/verbs/completed'), 'object', json_build_object('id', activity),
           'context', json_build_object('contextActivities', json_build_object('parent', json_build_array(json_build_object('id', course)))),
           'result', json_build_object('response', repeat('x', 500)), 'version', '1.0.0', 'stored', '2026-01-31T12:00:00.000000Z')
       from made`,
      { application, base, from, to: Math.min(from + batch, count) - 1 },
    );
  }
  await db.raw('vacuum analyze statement_ids, statement_relations, statements');
}
