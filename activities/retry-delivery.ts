import { cancelRetry, planRetry, type RetryPlan, sendAgain } from '../src/deliveries/retry-delivery';
import type { Resources } from '../src/resources';
import { runActivity } from './run-activity';

interface DeliveryInput {
  deliveryId: string;
}

export type RetryDeliveryActivities = ReturnType<typeof createRetryDeliveryActivities>;

export function createRetryDeliveryActivities(resources: Resources) {
  const { log } = resources;
  return {
    findRetryPlan: ({ deliveryId }: DeliveryInput): Promise<RetryPlan> =>
      runActivity({ log, of: { deliveryId } }, () => planRetry(deliveryId, resources)),

    sendAgain: (input: DeliveryInput & { attempts: number }): Promise<RetryPlan> =>
      runActivity({ log, of: { deliveryId: input.deliveryId } }, () => sendAgain(input, resources)),

    cancelDelivery: ({ deliveryId }: DeliveryInput): Promise<RetryPlan> =>
      runActivity({ log, of: { deliveryId } }, () => cancelRetry(deliveryId, resources)),
  };
}
