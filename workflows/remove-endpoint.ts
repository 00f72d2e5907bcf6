import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { HousekeepingActivities } from '../activities/housekeeping';

export interface RemoveEndpointInput {
  endpointId: string;
}

const { removeEndpoint: removeSome } = proxyActivities<HousekeepingActivities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Removes what hangs on a deleted endpoint: its deliveries with their attempts, and then itself. */
export async function removeEndpoint({ endpointId }: RemoveEndpointInput): Promise<void> {
  setCurrentDetails('Removing the endpoint’s deliveries.');
  while (!(await removeSome({ endpointId })));
}
