import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';

/** Resolves when the workflow is there: what wrote its record does not wait for it. */
export async function untilStarted(handle: Pick<WorkflowHandle, 'describe'>): Promise<void> {
  for (;;) {
    try {
      await handle.describe();
      return;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      await delay(20);
    }
  }
}
