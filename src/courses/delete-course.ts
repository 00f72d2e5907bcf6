import type { Transaction } from '../database/connection';
import { enqueue, outboxChannel } from '../database/outbox';
import { lockLaunchesOf } from '../player/launches.store';
import type { Resources } from '../resources';
import { releaseBlobs } from '../storage/blobs.store';
import { collectBlobs } from '../storage/collect-blobs';
import { waiveCourse } from '../programs/waive-course';
import { deleteMarkedCourse, markDeleted } from './courses.store';

/** Makes a course invisible at once and has a workflow remove what hangs on it. Answers whether there was one. */
export async function deleteCourse(
  applicationId: string,
  courseId: string,
  { db, wake }: Pick<Resources, 'db' | 'wake'>,
): Promise<boolean> {
  const deleted = await db.transaction((tx) => markCourseDeleted(tx, applicationId, courseId));
  if (deleted) courseDeletionChannels.forEach(wake);
  return deleted;
}

/** To be woken after the commit of a course's deletion. */
export const courseDeletionChannels: readonly string[] = [outboxChannel('housekeeping'), outboxChannel('enrollments')];

/** The same within a transaction; wake `courseDeletionChannels` after its commit. */
export async function markCourseDeleted(tx: Transaction, applicationId: string, courseId: string): Promise<boolean> {
  const id = await markDeleted(tx, applicationId, courseId);
  if (id === undefined) return false;
  await waiveCourse(tx, { applicationId, courseId });
  await enqueue(tx, {
    action: 'start',
    taskQueue: 'housekeeping',
    workflowType: 'deleteCourse',
    workflowId: `delete-course/${id}`,
    args: [{ courseId: id }],
    searchAttributes: { HubApplicationId: applicationId },
    summary: 'Removal of a deleted course',
  });
  return true;
}

/** Removes a marked course's rows, and its content where nothing else uses it. `id` is the row's, not the caller's. */
export async function removeCourse(id: string, { db, content }: Pick<Resources, 'db' | 'content'>): Promise<void> {
  const blobs = await db.transaction(async (tx) => {
    await lockLaunchesOf(tx, { course_id: id });
    const keys = await deleteMarkedCourse(tx, id);
    await releaseBlobs(tx, keys);
    return keys;
  });
  await collectBlobs(blobs, { db, content });
}
