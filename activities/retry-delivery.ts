import { cancelRetry, planRetry, retryDelivery, type RetryPlan } from '../src/deliveries/retry-delivery';
import type { Resources } from '../src/resources';
import { runActivity } from './run-activity';

interface DeliveryInput {
  deliveryId: string;
}

export type RetryDeliveryActivities = ReturnType<typeof createRetryDeliveryActivities>;

/** `now` is the clock by which a delivery becomes too old. */
export function createRetryDeliveryActivities(resources: Resources, now = () => new Date()) {
  const { log } = resources;
  return {
    findRetryPlan: ({ deliveryId }: DeliveryInput): Promise<RetryPlan> =>
      runActivity({ log, of: { deliveryId } }, () => planRetry(deliveryId, resources)),

    makeAttempt: (attempt: DeliveryInput & { number: number }): Promise<RetryPlan> =>
      runActivity({ log, of: { deliveryId: attempt.deliveryId } }, () => retryDelivery(attempt, resources, now)),

    cancelDelivery: ({ deliveryId }: DeliveryInput): Promise<RetryPlan> =>
      runActivity({ log, of: { deliveryId } }, () => cancelRetry(deliveryId, resources)),
  };
}
