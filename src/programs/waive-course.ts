import type { Transaction } from '../database/connection';
import { enqueue } from '../database/outbox';
import { findUnwaived } from './enrollments.store';
import { findUnsettledItems, lockProgramsWith, markSettled, waiveItems } from './programs.store';
import { refreshEnrollments } from './refresh-enrollment';
import type { EnrollmentNeeds } from './write-enrollments';

const batchSize = 200;

export interface CourseChoice {
  applicationId: string;
  /** The application's id of it. */
  courseId: string;
}

/**
 * Waives the items of a course that is deleted, in the transaction of its deletion: later enrollments do not have them, and
 * for those there are a workflow does the rest. Wake `enrollmentChannels` after the commit.
 */
export async function waiveCourse(tx: Transaction, course: CourseChoice, now: Date = new Date()): Promise<void> {
  const programIds = await lockProgramsWith(tx, course.applicationId, course.courseId);
  if (programIds.length === 0) return;
  await waiveItems(tx, programIds, course.courseId, now);
  await enqueue(tx, {
    action: 'start',
    taskQueue: 'enrollments',
    workflowType: 'waiveCourse',
    workflowId: `waive/${course.applicationId}/${course.courseId}`,
    args: [course],
    signal: 'changed',
    searchAttributes: { HubApplicationId: course.applicationId, HubCourseId: course.courseId },
    summary: 'Enrollments with a deleted course',
  });
}

/** Tells some of the enrollments that have waived items of it; answers whether that was all. */
export async function waiveSome(
  { applicationId, courseId }: CourseChoice,
  needs: EnrollmentNeeds,
  now: Date,
): Promise<boolean> {
  // Found first: what is waived from here on is not settled with them.
  const items = await findUnsettledItems(needs.db, applicationId, courseId);
  const ids = await findUnwaived(needs.db, { applicationId, courseId, limit: batchSize });
  await refreshEnrollments(ids, needs, now);
  if (ids.length === batchSize) return false;
  await markSettled(needs.db, items, now);
  return true;
}
