import type { Database, Transaction } from '../database/connection';
import { type CourseRow, lockCourse } from './courses.store';
import { courseMissing } from './missing-course';

/** Changes a course under its lock, so that two changes at once come one after the other. */
export async function changeCourse(
  db: Database,
  applicationId: string,
  courseId: string,
  change: (tx: Transaction, course: CourseRow) => Promise<void>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const course = await lockCourse(tx, applicationId, courseId);
    if (!course) throw courseMissing(courseId);
    await change(tx, course);
  });
}
