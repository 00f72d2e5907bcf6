import type { Database, Transaction } from '../database/connection';
import type { CourseUse } from './interaction-quality.rules';

/** Older registrations say little of what a course is now, and reading them all would cost more with each. */
const newestRegistrations = 1000;

interface UseRow extends Omit<CourseUse, 'typicalTime'> {
  application_id: string;
  course_id: string;
  typical_time: string | null;
}

/** A course by the application and the id that it has there. */
export interface NamedCourse {
  application_id: string;
  course_id: string;
}

export const courseKey = ({ application_id, course_id }: NamedCourse): string => `${application_id} ${course_id}`;

/** How learners used these courses, of their newest registrations; previews are the author's looking. By `courseKey`. */
export async function listCourseUse(
  db: Database | Transaction,
  courses: readonly NamedCourse[],
): Promise<Map<string, CourseUse>> {
  const { rows } = await db.raw<{ rows: UseRow[] }>(
    `select c.application_id, c.course_id, v.metadata ->> 'typicalTime' as typical_time, u.*
     from unnest(:applications::uuid[], :ids::text[]) n (application_id, course_id)
     join courses c on c.application_id = n.application_id and c.course_id = n.course_id and c.deleted_at is null
     join course_versions v on v.course_id = c.id and v.version = c.latest_version
     cross join lateral (
       select count(*) as registrations, coalesce(sum(r.seconds), 0) as seconds,
         count(*) filter (where r.seconds >= 60 or r.completion = 'completed') as stayed,
         coalesce(sum(a.interactions), 0)::int as interactions
       from (
         select id, seconds, completion from registrations
         where course_id = c.id and kind = 'enrolled' order by id desc limit ${newestRegistrations}
       ) r
       cross join lateral (
         select count(*) as opened, sum(interactions) as interactions
         from registration_activities where registration_id = r.id
       ) a
       where a.opened > 0
     ) u`,
    {
      applications: courses.map(({ application_id }) => application_id),
      ids: courses.map(({ course_id }) => course_id),
    },
  );
  return new Map(
    rows.map(({ typical_time: typicalTime, ...row }) => {
      const { registrations, seconds, stayed, interactions } = row;
      return [courseKey(row), { registrations, seconds, stayed, interactions, typicalTime }];
    }),
  );
}
