import type { Resources } from '../resources';
import { hasPending, releaseRetries } from './deliveries.store';
import { deliveriesChannel } from './delivery-wakes';
import { findRecovery, moveEndpoint, type RecoveryRow } from './endpoints.store';

type Needs = Pick<Resources, 'db' | 'wake'>;

/** What an endpoint that fails as a whole waits for, or that it does not any more. */
export type RecoveryPlan =
  | {
      state: 'recovering' | 'probing';
      /** When the next probe is due, in ms since 1970. */
      until: number;
      /** Probes that failed. */
      probes: number;
      /** Deliveries that wait, counted up to 1,000. */
      held: number;
      since: string;
      /** Why the last attempt failed, for a person. */
      reason: string;
    }
  | { state: 'active' | 'paused' | 'disabled' | 'deleted' };

/** How many retries one statement gives back to the drain. */
const batchSize = 1000;

/** The plan as the record has it. */
export async function planRecovery(endpointId: string, { db }: Pick<Needs, 'db'>): Promise<RecoveryPlan> {
  const row = await findRecovery(db, endpointId);
  return row ? toPlan(row) : { state: 'deleted' };
}

function toPlan({ state, next_probe_at, probes, held, failing_since, last_failure }: RecoveryRow): RecoveryPlan {
  if (state !== 'recovering' && state !== 'probing') return { state };
  return {
    state,
    until: next_probe_at?.getTime() ?? 0,
    probes,
    held,
    since: failing_since?.toISOString() ?? '',
    reason: last_failure ?? '',
  };
}

/**
 * Lets the drain try the endpoint with one delivery. Those that wait for a retry are taken when there are no others; where
 * nothing is left to be sent, the endpoint is open again, and the next delivery shows how it is.
 */
export async function probeEndpoint(endpointId: string, { db, wake }: Needs): Promise<RecoveryPlan> {
  const hasOne = (await hasPending(db, endpointId)) || (await releaseRetries(db, endpointId, batchSize)) > 0;
  await moveEndpoint(db, endpointId, ['recovering'], hasOne ? 'probing' : 'active');
  const row = await findRecovery(db, endpointId);
  if (row) wake(deliveriesChannel(row.shard));
  return planRecovery(endpointId, { db });
}

/** Gives all that waits for a retry at the endpoint to the drain: it works again. */
export async function releaseHeld(endpointId: string, { db, wake }: Needs): Promise<number> {
  let released = 0;
  for (;;) {
    const batch = await releaseRetries(db, endpointId, batchSize);
    released += batch;
    if (batch < batchSize) break;
  }
  const row = await findRecovery(db, endpointId);
  if (row) wake(deliveriesChannel(row.shard));
  return released;
}
