import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import {
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { RetryDeliveryActivities } from '../activities/retry-delivery';
import type { RetryPlan } from '../src/deliveries/retry-delivery';

export interface RetryDeliveryInput {
  deliveryId: string;
}

/** Makes the next attempt at once. */
export const nowSignal = defineSignal('now');
/** Gives the delivery up. */
export const cancelSignal = defineSignal('cancel');

const { findRetryPlan, makeAttempt, cancelDelivery } = proxyActivities<RetryDeliveryActivities>({
  startToCloseTimeout: '60 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

const hubState = defineSearchAttributeKey('HubState', SearchAttributeType.KEYWORD);

/** Holds the timers of a delivery whose first attempt failed, until it is delivered, dead or cancelled. */
export async function retryDelivery({ deliveryId }: RetryDeliveryInput): Promise<RetryPlan['state']> {
  const asked = { now: false, cancel: false };
  setHandler(nowSignal, () => void (asked.now = true));
  setHandler(cancelSignal, () => void (asked.cancel = true));

  let plan = await findRetryPlan({ deliveryId });
  while (plan.state === 'retrying') {
    setCurrentDetails(describe(plan));
    await condition(() => asked.now || asked.cancel, Math.max(1, plan.until - Date.now()));
    asked.now = false;
    plan = asked.cancel
      ? await cancelDelivery({ deliveryId })
      : await makeAttempt({ deliveryId, number: plan.attempts + 1 });
    const isQuiet = !asked.now && !asked.cancel;
    if (plan.state === 'retrying' && isQuiet && workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof retryDelivery>({ deliveryId });
    }
  }
  setCurrentDetails(`${plan.state}: nothing more to do`);
  upsertSearchAttributes([{ key: hubState, value: plan.state }]);
  return plan.state;
}

const describe = ({ until, reason, attempts }: Extract<RetryPlan, { state: 'retrying' }>): string =>
  `Waiting until ${new Date(until).toISOString()} because ${reason} (attempt ${attempts}).`;
