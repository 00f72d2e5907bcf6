import { proxyActivities } from '@temporalio/workflow';
import type { HousekeepingActivities } from '../activities/housekeeping';

export interface CollectContentInput {
  /** Keys of blobs that something has let go of. */
  blobs: string[];
}

const { collectContent: collect } = proxyActivities<HousekeepingActivities>({
  startToCloseTimeout: '10 minutes',
  retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Removes content where nothing else uses it. */
export async function collectContent(input: CollectContentInput): Promise<void> {
  await collect(input);
}
