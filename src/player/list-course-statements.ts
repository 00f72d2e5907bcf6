import { courseMissing, versionMissing } from '../courses/missing-course';
import { findCourse, listVersionIds } from '../courses/courses.store';
import type { Database } from '../database/connection';
import { listLinkedStatements } from '../statements/linked-statements.store';
import { keyOf } from '../statements/statement-keys.rules';
import type { StatementRow } from '../statements/statements.store';
import { statementLink } from './record-statements';
import { listLearnersRegistrations } from './registrations.store';

/** The statements of a course's launches, or of one version's. */
export interface CourseStatementsOf {
  applicationId: string;
  courseId: string;
  versionId?: number | undefined;
}

export interface CourseStatementsFilter {
  learnerId?: string | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
  /** The position of the page before's last statement. */
  after?: number | undefined;
}

/** As many as courses of a page. */
const pageSize = 100;
/** A hundred statements of a megabyte would be more than a process should hold. */
const maxPageBytes = 8 * 1024 * 1024;

/** A page of what was said in launches, the newest first. Dates count to the millisecond, both of them inclusive. */
export async function listCourseStatements(
  db: Database,
  { applicationId, courseId, versionId }: CourseStatementsOf,
  { learnerId, since, until, after }: CourseStatementsFilter,
): Promise<{ rows: StatementRow[]; hasMore: boolean }> {
  const course = await findCourse(db, applicationId, courseId);
  const versions = course ? await listVersionIds(db, course.id, versionId) : [];
  if (!course || versions.length === 0) {
    throw versionId === undefined ? courseMissing(courseId) : versionMissing(courseId, versionId);
  }
  const registrations =
    learnerId === undefined
      ? undefined
      : await listLearnersRegistrations(db, { course: course.id, versions, learnerId });
  const filter = {
    applicationId,
    links: versions.map((id) => keyOf(applicationId, 'link', statementLink(id))),
    registrations: registrations?.map((id) => keyOf(applicationId, 'registration', id)),
    since: since && since.getTime() * 1000,
    until: until && until.getTime() * 1000 + 999,
  };
  return listLinkedStatements(db, filter, { after, limit: pageSize, maxBytes: maxPageBytes });
}
