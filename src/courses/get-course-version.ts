import type { Database, Transaction } from '../database/connection';
import { type AppError, notFound } from '../errors';
import { findVersion, lockVersion } from './assets.store';
import { type CourseVersionRow, findCourse, lockCourse } from './courses.store';
import { courseMissing } from './missing-course';

/** Which version a caller means: the newest where no number is given. */
export interface VersionRef {
  applicationId: string;
  courseId: string;
  versionId?: number;
}

const missing = ({ courseId, versionId }: VersionRef, courseIsThere: boolean): AppError =>
  courseIsThere && versionId !== undefined
    ? notFound(`The course "${courseId}" has no version ${versionId}.`)
    : courseMissing(courseId);

/** Fails with not-found where this application has no such course or version. */
export async function getCourseVersion(db: Database, ref: VersionRef): Promise<CourseVersionRow> {
  const course = await findCourse(db, ref.applicationId, ref.courseId);
  const version = course && (await findVersion(db, course, ref.versionId));
  if (!version) throw missing(ref, course !== undefined);
  return version;
}

/** The same, with the course and then the version locked, as publishing does it: writers come one after another. */
export async function lockCourseVersion(tx: Transaction, ref: VersionRef): Promise<CourseVersionRow> {
  const course = await lockCourse(tx, ref.applicationId, ref.courseId);
  const version = course && (await lockVersion(tx, course, ref.versionId));
  if (!version) throw missing(ref, course !== undefined);
  return version;
}
