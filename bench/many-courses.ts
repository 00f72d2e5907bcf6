import type { Database } from '../src/database/connection';

/** Writes many courses with three tags each, in one statement, and has the planner know of them. */
export async function addManyCourses(db: Database, applicationId: string, count: number): Promise<void> {
  await db.raw(
    `with numbers as (select n, gen_random_uuid() as id from generate_series(1, :count) as n),
     added as (
       insert into courses (id, application_id, course_id, title, tags, tags_text, created_at, updated_at)
       select id, :applicationId, 'course-' || n || '-' || md5(n::text), 'Title ' || md5((n * 7)::text) || ' ' || n,
         array['all', 'group-' || n % 100, 'own-' || n], concat_ws(chr(10), 'all', 'group-' || n % 100, 'own-' || n),
         timestamptz '2020-01-01' + n * interval '1 minute', timestamptz '2024-01-01' - n * interval '1 minute'
       from numbers
     )
     insert into course_versions (id, course_id, version, title, learning_standard, xapi_activity_id, identifier, metadata,
       languages, structure)
     select gen_random_uuid(), id, 0, 'Title ' || n, 'SCORM12', 'https://example.com/' || n, 'm',
       '{"title": "x", "keywords": []}', '{}',
       '{"launchHref": "x", "sequenced": false, "parserWarnings": [], "rootActivity": {"children": []}}'
     from numbers`,
    { applicationId, count },
  );
  await db.raw('vacuum analyze courses');
  await db.raw('vacuum analyze course_versions');
}
