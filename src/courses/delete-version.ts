import type { Transaction } from '../database/connection';
import { enqueue } from '../database/outbox';
import { lockLaunchesOf } from '../player/launches.store';
import type { Resources } from '../resources';
import { releaseBlobs } from '../storage/blobs.store';
import { deleteVersionRow, findVersion, lockCourse, showNewestVersion } from './courses.store';
import { courseDeletionChannels, markCourseDeleted } from './delete-course';

/** Deletes one version, and with the last one the course. Answers whether there was such a version. */
export async function deleteVersion(
  applicationId: string,
  courseId: string,
  versionNumber: number,
  { db, wake }: Pick<Resources, 'db' | 'wake'>,
): Promise<boolean> {
  const deleted = await db.transaction(async (tx) => {
    const course = await lockCourse(tx, applicationId, courseId);
    const version = course && (await findVersion(tx, course.id, versionNumber));
    if (!version) return false;
    await lockLaunchesOf(tx, { version_id: version.id });
    await collectLater(tx, version.id, await deleteVersionRow(tx, version.id));
    if ((await showNewestVersion(tx, course.id)) === undefined) await markCourseDeleted(tx, applicationId, courseId);
    return true;
  });
  if (deleted) courseDeletionChannels.forEach(wake);
  return deleted;
}

async function collectLater(tx: Transaction, versionRow: string, blobs: string[]): Promise<void> {
  await releaseBlobs(tx, blobs);
  await enqueue(tx, {
    action: 'start',
    taskQueue: 'housekeeping',
    workflowType: 'collectContent',
    workflowId: `collect-content/${versionRow}`,
    args: [{ blobs }],
    summary: 'Removal of a deleted version’s content',
  });
}
