import type { Database } from '../database/connection';
import { notFound } from '../errors';
import { lockCourses, setTags } from './courses.store';

/** Replaces the tags of all these courses, or changes nothing when one of them is not there. */
export async function setTagsOfMany(
  db: Database,
  applicationId: string,
  courseIds: readonly string[],
  tags: readonly string[],
): Promise<void> {
  await db.transaction(async (tx) => {
    const courses = await lockCourses(tx, applicationId, courseIds);
    const missing = courseIds.find((id) => !courses.some(({ course_id }) => course_id === id));
    if (missing !== undefined) {
      throw notFound(`There is no course "${missing}" in this application; no tags were changed.`);
    }
    for (const { id } of courses) await setTags(tx, id, tags);
  });
}
