import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { HousekeepingActivities } from '../activities/housekeeping';

export interface DeleteCourseInput {
  /** The course's row, not the caller's id of it. */
  courseId: string;
}

const { removeCourse } = proxyActivities<HousekeepingActivities>({
  startToCloseTimeout: '10 minutes',
  retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Removes what hangs on a deleted course: its rows, and its content where nothing else uses it. */
export async function deleteCourse({ courseId }: DeleteCourseInput): Promise<void> {
  setCurrentDetails('Removing the course’s versions and content.');
  await removeCourse({ courseId });
}
