import type { Resources } from '../resources';
import { cancelDelivery } from './cancel-deliveries';
import { findRetry, releaseRetry, type RetryRow } from './deliveries.store';
import { type DeliveryState, failureOf } from './deliveries.rules';
import { deliveriesChannel } from './delivery-wakes';

/** What a delivery waits for, or how it ended. */
export type RetryPlan =
  | {
      state: 'retrying';
      /** Made so far. */
      attempts: number;
      /** When the next one is due, in ms since 1970. */
      until: number;
      /** Why the last one failed, for a person. */
      reason: string;
    }
  /** Its endpoint is held back or paused: it goes out when that is over, without this workflow. */
  | { state: 'held'; reason: string }
  /** The drain's to send, or sent at this moment. */
  | { state: 'sending'; attempts: number }
  | { state: Extract<DeliveryState, 'delivered' | 'dead' | 'cancelled'> };

/** The plan as the record has it. A delivery that is not there any more, for its endpoint was removed, has none. */
export async function planRetry(deliveryId: string, { db }: Pick<Resources, 'db'>): Promise<RetryPlan> {
  const row = await findRetry(db, deliveryId);
  return row ? toPlan(row) : { state: 'cancelled' };
}

function toPlan({ state, attempts, next_attempt_at, endpoint_state, origin, status, error }: RetryRow): RetryPlan {
  if (state === 'delivered' || state === 'dead' || state === 'cancelled') return { state };
  if (endpoint_state !== 'active') return { state: 'held', reason: `${origin} is ${endpoint_state}` };
  if (state !== 'retrying') return { state: 'sending', attempts };
  return {
    state,
    attempts,
    until: next_attempt_at?.getTime() ?? 0,
    reason: failureOf({ ...(status !== null && { status }), ...(error !== null && { error }) }),
  };
}

/**
 * Gives a delivery whose time has come to the drain, which sends it within the endpoint's limits. The number of attempts
 * makes it safe to call again: a delivery that has been tried since is left alone.
 */
export async function sendAgain(
  { deliveryId, attempts }: { deliveryId: string; attempts: number },
  { db, wake }: Pick<Resources, 'db' | 'wake'>,
): Promise<RetryPlan> {
  const before = await findRetry(db, deliveryId);
  if (before?.endpoint_state === 'active') {
    await releaseRetry(db, deliveryId, attempts);
    wake(deliveriesChannel(before.shard));
  }
  return planRetry(deliveryId, { db });
}

/** Gives a delivery up, and lets the next one of its subject go. */
export async function cancelRetry(deliveryId: string, resources: Pick<Resources, 'db' | 'wake'>): Promise<RetryPlan> {
  await cancelDelivery(deliveryId, resources);
  return planRetry(deliveryId, resources);
}
