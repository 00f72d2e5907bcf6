import { findEnrollments, findLearnersOf } from './enrollments.store';
import type { WakeReason } from './enrollment.rules';
import { lifecycleStateOf, type LifecycleState } from './enrollment-work';
import { lockLearners } from './learners.store';
import { changeEnrollments, type EnrollmentNeeds, settle, type WriteOptions } from './write-enrollments';

/** What an enrollment's workflow goes by. */
export interface LifecyclePlan {
  /** `gone`: there is no record of it any more. */
  state: LifecycleState | 'gone';
  /** When and for what it wakes next, in ms since 1970; null: nothing is left to happen. */
  wake: { at: number; reason: WakeReason } | null;
}

/** Does what time has brought to an enrollment: what its workflow calls whenever it wakes. */
export async function refreshEnrollment(id: number, needs: EnrollmentNeeds, now: Date): Promise<LifecyclePlan> {
  const enrollment = (await refresh([id], needs, { now, asks: id })).find((each) => each.id === id);
  if (!enrollment) return { state: 'gone', wake: null };
  const { next_wake_at: at, next_wake_for: reason } = enrollment;
  return {
    state: lifecycleStateOf(enrollment),
    wake: at === null || reason === null ? null : { at: at.getTime(), reason },
  };
}

/** The same for many in one transaction, whose workflows are told. */
export async function refreshEnrollments(ids: readonly number[], needs: EnrollmentNeeds, now: Date): Promise<void> {
  await refresh(ids, needs, { now });
}

const refresh = (ids: readonly number[], needs: EnrollmentNeeds, options: WriteOptions) =>
  changeEnrollments(needs, async (tx) => {
    await lockLearners(tx, await findLearnersOf(tx, ids));
    return settle(tx, await findEnrollments(tx, ids), options);
  });
