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
/** The record says something new: an attempt was made, or the delivery has ended. */
export const changedSignal = defineSignal('changed');

const { findRetryPlan, sendAgain, cancelDelivery } = proxyActivities<RetryDeliveryActivities>({
  startToCloseTimeout: '60 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

const hubState = defineSearchAttributeKey('HubState', SearchAttributeType.KEYWORD);

/** An attempt is over after some seconds, unless many wait before it; the signal that says so is not lost, but may be late. */
const lookAgainAfter = '1 minute';

/**
 * Holds the timers of a delivery whose first attempt failed, until it is delivered, dead or cancelled, or its endpoint is
 * held back with all its deliveries. The drain makes the attempts.
 */
export async function retryDelivery({ deliveryId }: RetryDeliveryInput): Promise<RetryPlan['state']> {
  const asked = { now: false, cancel: false, changed: false };
  setHandler(nowSignal, () => void (asked.now = true));
  setHandler(cancelSignal, () => void (asked.cancel = true));
  setHandler(changedSignal, () => void (asked.changed = true));
  const isAsked = (): boolean => asked.now || asked.cancel || asked.changed;

  let plan = await findRetryPlan({ deliveryId });
  while (plan.state === 'retrying' || plan.state === 'sending') {
    setCurrentDetails(describe(plan));
    const wait = plan.state === 'retrying' ? Math.max(1, plan.until - Date.now()) : lookAgainAfter;
    await condition(isAsked, wait);
    const isDue = asked.now || !asked.changed;
    asked.now = asked.changed = false;
    if (asked.cancel) plan = await cancelDelivery({ deliveryId });
    else if (plan.state === 'retrying' && isDue) plan = await sendAgain({ deliveryId, attempts: plan.attempts });
    else plan = await findRetryPlan({ deliveryId });
    if (!isAsked() && workflowInfo().continueAsNewSuggested) await continueAsNew<typeof retryDelivery>({ deliveryId });
    // Said while this was found out: it may be waiting for its next retry by now.
    if (asked.changed) plan = await findRetryPlan({ deliveryId });
  }
  setCurrentDetails(
    plan.state === 'held' ? `${plan.reason}: it goes out when that is over.` : `${plan.state}: nothing more to do`,
  );
  upsertSearchAttributes([{ key: hubState, value: plan.state }]);
  return plan.state;
}

const describe = (plan: Extract<RetryPlan, { state: 'retrying' | 'sending' }>): string =>
  plan.state === 'retrying'
    ? `Waiting until ${new Date(plan.until).toISOString()} because ${plan.reason} (attempt ${plan.attempts}).`
    : `The drain makes attempt ${plan.attempts + 1}.`;
