import { enqueue, outboxChannel } from '../database/outbox';
import type { Resources } from '../resources';
import type { EndpointChoice } from './change-endpoint';
import { recoveryWork } from './delivery-work';
import { deleteItsDeliveries, deleteMarkedEndpoint, lockEndpoint, markDeleted } from './endpoint-changes.store';
import { endpointMissing } from './missing-endpoint';

/** Makes an endpoint invisible at once, sends nothing to it any more, and has a workflow remove its deliveries. */
export async function deleteEndpoint(
  { applicationId, endpointId }: EndpointChoice,
  { db, wake }: Pick<Resources, 'db' | 'wake'>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, applicationId, endpointId, { whole: true });
    if (!endpoint) throw endpointMissing(endpointId);
    await markDeleted(tx, endpointId);
    await enqueue(tx, {
      action: 'start',
      taskQueue: 'housekeeping',
      workflowType: 'removeEndpoint',
      workflowId: `remove-endpoint/${endpointId}`,
      args: [{ endpointId }],
      searchAttributes: { HubApplicationId: endpoint.application_id, HubEndpointId: endpointId },
      summary: `Removal of the deliveries to ${endpoint.origin}`,
    });
    const isInRecovery = endpoint.state === 'recovering' || endpoint.state === 'probing';
    if (isInRecovery) await enqueue(tx, recoveryWork(endpoint, 'deleted'));
  });
  wake(outboxChannel('housekeeping'));
  wake(outboxChannel('deliveries'));
}

const batchSize = 1000;
/** Batches of one call: some seconds. */
const maxBatches = 100;

/** Removes a deleted endpoint's deliveries, and then itself. Answers false where there is more to remove than one call may. */
export async function removeEndpoint(
  endpointId: string,
  { db }: Pick<Resources, 'db'>,
  onBatch: () => void,
): Promise<boolean> {
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const removed = await deleteItsDeliveries(db, endpointId, batchSize);
    onBatch();
    if (removed < batchSize) {
      await deleteMarkedEndpoint(db, endpointId);
      return true;
    }
  }
  return false;
}
