import {
  continueAsNew,
  defineSignal,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { EnrollmentLifecycleActivities } from '../activities/enrollment-lifecycle';

export interface WaiveCourseInput {
  applicationId: string;
  courseId: string;
}

/** The course was deleted once more, having come back in between. */
export const waivedAgainSignal = defineSignal('changed');

const { waiveSome } = proxyActivities<EnrollmentLifecycleActivities>({
  startToCloseTimeout: '60 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** Advances those who are enrolled with a course that was deleted, in batches. */
export async function waiveCourse(input: WaiveCourseInput): Promise<void> {
  const asked = { again: false };
  setHandler(waivedAgainSignal, () => void (asked.again = true));
  setCurrentDetails('Waiving the items of a deleted course.');
  do {
    asked.again = false;
    while (!(await waiveSome({ ...input, now: Date.now() }))) {
      // What is left is found anew, whoever asked for it.
      if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof waiveCourse>(input);
    }
  } while (asked.again);
}
