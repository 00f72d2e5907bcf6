import { ApplicationFailure, Context } from '@temporalio/activity';
import { AttemptWriter } from '../src/deliveries/attempt-writer';
import { Claimer } from '../src/deliveries/claimer';
import { countDeliveriesIn } from '../src/deliveries/delivery-metrics';
import { DeliveryWakes } from '../src/deliveries/delivery-wakes';
import { drainShard } from '../src/deliveries/drain-shard';
import type { Resources } from '../src/resources';
import { runActivity } from './run-activity';

/** Well under the heartbeat time-out of 8 s, so that one lost beat does not end a living drain. */
const beatMs = 2000;
/** One call lasts this long at most, so that its workflow comes to continue as new, on the newest code. */
const callMs = 6 * 3600 * 1000;

export type DrainDeliveriesActivities = ReturnType<typeof createDrainDeliveriesActivities>;

/** `stopping` aborts when the process is told to stop: sooner than Temporal cancels what a worker runs. */
export function createDrainDeliveriesActivities(resources: Resources, stopping: AbortSignal) {
  const parts = {
    resources,
    claimer: new Claimer(resources.db),
    writer: new AttemptWriter(resources),
    wakes: new DeliveryWakes(resources),
    now: () => new Date(),
  };
  countDeliveriesIn(resources.db);

  async function drain(shard: number): Promise<void> {
    if (stopping.aborted) throw elsewhere();
    const context = Context.current();
    const beat = setInterval(() => context.heartbeat(), beatMs);
    const stop = AbortSignal.any([stopping, context.cancellationSignal, AbortSignal.timeout(callMs)]);
    try {
      await drainShard(shard, parts, stop);
    } finally {
      clearInterval(beat);
    }
  }

  return {
    /** Sends what is due in the shard until the worker shuts down or its time is over: there is always more. */
    drainShard: ({ shard }: { shard: number }): Promise<void> =>
      runActivity({ log: resources.log, of: { shard: String(shard) } }, () => drain(shard)),
  };
}

/** A worker that is about to stop may still be given work; in a second it no longer is. */
const elsewhere = (): ApplicationFailure =>
  ApplicationFailure.create({ message: 'The worker is shutting down.', type: 'shutdown', nextRetryDelay: '1 second' });
