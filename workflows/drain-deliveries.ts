import { continueAsNew, proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { DrainDeliveriesActivities } from '../activities/drain-deliveries';

export interface DrainDeliveriesInput {
  shard: number;
}

/** A call lasts 6 h at most and a worker's shutdown ends it sooner, so a run is at most ten days old. */
const callsPerRun = 40;

// A worker that died is noticed after 8 s, and another continues 1 s later; the lease it held runs out meanwhile.
const { drainShard } = proxyActivities<DrainDeliveriesActivities>({
  startToCloseTimeout: '7 hours',
  heartbeatTimeout: '8 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 1 },
});

/** Keeps one activity running for ever that sends a shard's first attempts: in batches, thousands to a workflow event. */
export async function drainDeliveries(input: DrainDeliveriesInput): Promise<void> {
  setCurrentDetails(`Sends the first attempts of shard ${input.shard}; each that fails goes on in a retryDelivery.`);
  for (let calls = 0; calls < callsPerRun; calls += 1) await drainShard(input);
  await continueAsNew<typeof drainDeliveries>(input);
}
