import { conflict } from '../errors';
import { enqueue, outboxChannel } from '../database/outbox';
import type { Resources } from '../resources';
import type { EndpointChoice } from './change-endpoint';
import { releaseRetries } from './deliveries.store';
import { deliveriesChannel } from './delivery-wakes';
import { recoveryWork } from './delivery-work';
import { lockEndpoint, updateEndpoint } from './endpoint-changes.store';
import { endpointMissing } from './missing-endpoint';

/** Holds its deliveries back until somebody resumes it. What a drain has in hand already still goes out. */
export async function pauseEndpoint(
  { applicationId, endpointId }: EndpointChoice,
  { db, wake }: Pick<Resources, 'db' | 'wake'>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, applicationId, endpointId);
    if (!endpoint) throw endpointMissing(endpointId);
    if (endpoint.state === 'disabled') throw isDisabled();
    await updateEndpoint(tx, endpointId, { state: 'paused', probes: 0, next_probe_at: null });
    // Its recovery, if there is one, is over.
    if (endpoint.state !== 'active' && endpoint.state !== 'paused') await enqueue(tx, recoveryWork(endpoint, 'paused'));
  });
  wake(outboxChannel('deliveries'));
}

const isDisabled = () =>
  conflict('The endpoint is disabled, because it answered 410: nothing is sent to it until it is resumed.', {
    code: 'endpoint_disabled',
  });

const batchSize = 1000;
/** A request releases so many retries itself; the rest is the workflow's. */
const maxBatches = 20;

/** Opens the endpoint, whatever held it, as if it had never failed, and gives all that waits for a retry to the drain. */
export async function resumeEndpoint(
  { applicationId, endpointId }: EndpointChoice,
  { db, wake }: Pick<Resources, 'db' | 'wake'>,
): Promise<void> {
  const { shard } = await db.transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, applicationId, endpointId);
    if (!endpoint) throw endpointMissing(endpointId);
    await updateEndpoint(tx, endpointId, {
      state: 'active',
      failures: 0,
      failing_since: null,
      last_failure: null,
      dying: false,
      probes: 0,
      next_probe_at: null,
      held_until: null,
    });
    await enqueue(tx, recoveryWork(endpoint, 'active'));
    return endpoint;
  });
  for (let batch = 0; batch < maxBatches; batch += 1) {
    if ((await releaseRetries(db, endpointId, batchSize)) < batchSize) break;
  }
  wake(deliveriesChannel(shard));
  wake(outboxChannel('deliveries'));
}
