import { notFound } from '../errors';
import type { Resources } from '../resources';
import { attemptDelivery } from './attempt-delivery';
import { cancelRetrying, findRetry, type RetryRow } from './deliveries.store';
import { type DeliveryState, failureOf, judge } from './deliveries.rules';
import type { Database } from '../database/connection';
import { deliveriesChannel } from './delivery-wakes';
import { recordOutcomes } from './record-attempts';

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
  | { state: Exclude<DeliveryState, 'retrying'> };

/** The plan as the record has it. Not-found when the delivery was removed, with its application for instance. */
export const planRetry = async (deliveryId: string, { db }: Pick<Resources, 'db'>): Promise<RetryPlan> =>
  toPlan(await getRetry(db, deliveryId));

async function getRetry(db: Database, id: string): Promise<RetryRow> {
  const row = await findRetry(db, id);
  if (!row) throw notFound(`Delivery ${id} is not there any more`, { code: 'delivery_not_found' });
  return row;
}

function toPlan({ state, attempts, next_attempt_at, status, error }: RetryRow): RetryPlan {
  if (state !== 'retrying') return { state };
  const until = next_attempt_at?.getTime() ?? 0;
  return {
    state,
    attempts,
    until,
    reason: failureOf({ ...(status !== null && { status }), ...(error !== null && { error }) }),
  };
}

/**
 * Makes one attempt and writes it. The number makes it safe to call again: an attempt that is written already is not
 * made a second time. One that a crash kept from being written is, with the same id.
 */
export async function retryDelivery(
  { deliveryId, number }: { deliveryId: string; number: number },
  resources: Resources,
  now: () => Date,
): Promise<RetryPlan> {
  const delivery = await getRetry(resources.db, deliveryId);
  if (delivery.state !== 'retrying' || delivery.attempts >= number) return toPlan(delivery);
  const attempt = await attemptDelivery(delivery, resources, { number, now });
  const verdict = judge(attempt, {
    firstAttemptAt: delivery.first_attempt_at,
    deadAfterSeconds: resources.config.deliveries.deadAfterSeconds,
    random: Math.random(),
  });
  await recordOutcomes([{ delivery, attempt, verdict, leaseToken: null }], resources);
  return planRetry(deliveryId, resources);
}

/** Gives a delivery up that waits for its next attempt, and lets the next one of its subject go. */
export async function cancelRetry(deliveryId: string, resources: Resources): Promise<RetryPlan> {
  const { shard } = await getRetry(resources.db, deliveryId);
  await cancelRetrying(resources.db, deliveryId);
  resources.wake(deliveriesChannel(shard));
  return planRetry(deliveryId, resources);
}
