import { setTimeout as delay } from 'node:timers/promises';
import { type Client, WorkflowIdConflictPolicy } from '@temporalio/client';
import { messageOf } from '../errors';
import type { Logger } from '../log';
import { shards } from './delivery-wakes';

/** A drain that somebody terminated is back after this long. */
const checkEveryMs = 30_000;

/** Starts the drain of every shard that is not running. */
export async function ensureDrains(client: Client): Promise<void> {
  for (const shard of shards) {
    await client.workflow.start('drainDeliveries', {
      workflowId: `deliveries/${shard}`,
      taskQueue: 'deliveries',
      args: [{ shard }],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      staticSummary: `First attempts of shard ${shard}`,
    });
  }
}

/** Keeps the drains running until `stop` aborts; Temporal may be away at first, or for a while. */
export async function keepDrains(client: Client, log: Logger, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await ensureDrains(client).catch((error: unknown) =>
      log.warn({ event: 'delivery.drains', error: messageOf(error) }, 'the drains could not be started; trying again'),
    );
    await delay(checkEveryMs, undefined, { signal: stop }).catch(() => undefined); // Told to stop.
  }
}
