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
import type { EnrollmentLifecycleActivities } from '../activities/enrollment-lifecycle';
import type { LifecyclePlan } from '../src/programs/refresh-enrollment';

export interface EnrollmentLifecycleInput {
  enrollmentId: number;
}

/** The record says something new: dates, a step, a source, or its end. */
export const enrollmentChangedSignal = defineSignal('changed');

const { refreshEnrollment } = proxyActivities<EnrollmentLifecycleActivities>({
  startToCloseTimeout: '60 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

const hubState = defineSearchAttributeKey('HubState', SearchAttributeType.KEYWORD);
const hubNextWake = defineSearchAttributeKey('HubNextWake', SearchAttributeType.DATETIME);

/** So that no run is on code older than this. */
const runMs = 30 * 24 * 3600 * 1000;

/**
 * Holds the timers of an enrollment. At each wake, and whenever the record changes, an activity does what time has brought
 * and says what comes next; it ends when nothing does.
 */
export async function enrollmentLifecycle(input: EnrollmentLifecycleInput): Promise<LifecyclePlan['state']> {
  const asked = { changed: false };
  setHandler(enrollmentChangedSignal, () => void (asked.changed = true));
  const runEnds = Date.now() + runMs;
  for (;;) {
    asked.changed = false;
    const plan = await refreshEnrollment({ ...input, now: Date.now() });
    show(plan);
    if (plan.wake !== null) {
      const until = Math.min(plan.wake.at, runEnds);
      await condition(() => asked.changed, Math.max(1, until - Date.now()));
    } else if (!asked.changed) return plan.state;
    const isLong = Date.now() >= runEnds || workflowInfo().continueAsNewSuggested;
    if (isLong && !asked.changed) await continueAsNew<typeof enrollmentLifecycle>(input);
  }
}

function show({ state, wake }: LifecyclePlan): void {
  upsertSearchAttributes([
    { key: hubState, value: state },
    { key: hubNextWake, value: wake === null ? null : new Date(wake.at) },
  ]);
  setCurrentDetails(wake === null ? `${state}: nothing is left to happen.` : `${state}. ${describe(wake)}`);
}

const reasons: Readonly<Record<NonNullable<LifecyclePlan['wake']>['reason'], string>> = {
  reminder: 'a reminder is due',
  step_due: 'an item’s due date passes',
  overdue: 'the due date passes',
  expire: 'it expires',
  re_enroll: 'it is re-enrolled',
};

const describe = ({ at, reason }: NonNullable<LifecyclePlan['wake']>): string =>
  `Waiting until ${new Date(at).toISOString()}, when ${reasons[reason]}.`;
