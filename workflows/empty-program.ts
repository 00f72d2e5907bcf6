import { continueAsNew, proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { EnrollmentLifecycleActivities } from '../activities/enrollment-lifecycle';

export interface EmptyProgramInput {
  programId: number;
}

const { removeSome } = proxyActivities<EnrollmentLifecycleActivities>({
  startToCloseTimeout: '60 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** Removes those who are enrolled in a program that was deleted, in batches. */
export async function emptyProgram(input: EmptyProgramInput): Promise<void> {
  setCurrentDetails('Removing those who are enrolled in a deleted program.');
  while (!(await removeSome({ ...input, now: Date.now() })))
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof emptyProgram>(input);
}
