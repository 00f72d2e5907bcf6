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
import type { RecoverEndpointActivities } from '../activities/recover-endpoint';
import type { RecoveryPlan } from '../src/deliveries/recover-endpoint';

export interface RecoverEndpointInput {
  endpointId: string;
}

/** Probes at once. */
export const probeSignal = defineSignal('now');
/** The record says something new: a probe was answered, or an operator changed the endpoint. */
export const endpointChangedSignal = defineSignal('changed');

const { findRecoveryPlan, probeEndpoint, releaseHeld } = proxyActivities<RecoverEndpointActivities>({
  startToCloseTimeout: '60 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

const hubState = defineSearchAttributeKey('HubState', SearchAttributeType.KEYWORD);

/** A probe is answered or given up after some seconds; the signal that says so is not lost, but may be late. */
const lookAgainAfter = '1 minute';

/**
 * Brings an endpoint back that fails as a whole. Its deliveries are held back; at growing intervals one of them may try it,
 * and once one arrives all go out at full speed.
 */
export async function recoverEndpoint({ endpointId }: RecoverEndpointInput): Promise<RecoveryPlan['state']> {
  const asked = { now: false, changed: false };
  setHandler(probeSignal, () => void (asked.now = true));
  setHandler(endpointChangedSignal, () => void (asked.changed = true));
  const isAsked = (): boolean => asked.now || asked.changed;

  let plan = await findRecoveryPlan({ endpointId });
  asked.changed = false;
  while (plan.state === 'recovering' || plan.state === 'probing') {
    setCurrentDetails(describe(plan));
    const wait = plan.state === 'recovering' ? Math.max(1, plan.until - Date.now()) : lookAgainAfter;
    await condition(isAsked, wait);
    const isDue = asked.now || !asked.changed;
    asked.now = asked.changed = false;
    const probe = plan.state === 'recovering' && isDue;
    plan = probe ? await probeEndpoint({ endpointId }) : await findRecoveryPlan({ endpointId });
    if (!isAsked() && workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof recoverEndpoint>({ endpointId });
    if (asked.changed) plan = await findRecoveryPlan({ endpointId });
  }
  if (plan.state === 'active') await releaseHeld({ endpointId });
  setCurrentDetails(
    plan.state === 'active' ? 'It takes deliveries again.' : `It is ${plan.state}: not probed any more.`,
  );
  upsertSearchAttributes([{ key: hubState, value: plan.state }]);
  return plan.state;
}

function describe({ state, until, probes, held, since, reason }: Extract<RecoveryPlan, { probes: number }>): string {
  const waiting = `${held >= 1000 ? '1,000 or more' : held} deliveries wait since ${since} because ${reason}.`;
  return state === 'probing'
    ? `One delivery tries it now. ${waiting}`
    : `${waiting} Next probe at ${new Date(until).toISOString()}; ${probes} have failed.`;
}
