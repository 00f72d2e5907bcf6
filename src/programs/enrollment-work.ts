import type { OutboxEntry } from '../database/outbox';
import type { Enrollment, EnrollmentState } from './enrollment.rules';

/** As the Temporal Web UI shows it. */
export type LifecycleState = EnrollmentState | 'superseded' | 'removed';

export const lifecycleStateOf = ({ state, superseded_at, deleted_at }: Enrollment): LifecycleState =>
  deleted_at !== null ? 'removed' : superseded_at !== null ? 'superseded' : state;

/**
 * What a workflow is to be told of a change, if anything: it exists only while something is still to happen, and is started
 * where it does not run.
 */
export function lifecycleWork(before: Enrollment | undefined, after: Enrollment): OutboxEntry[] {
  const wakesBefore = before?.next_wake_at ?? null;
  if (wakesBefore === null && after.next_wake_at === null) return [];
  const isKnown =
    before !== undefined &&
    wakesBefore?.getTime() === after.next_wake_at?.getTime() &&
    before.next_wake_for === after.next_wake_for &&
    lifecycleStateOf(before) === lifecycleStateOf(after);
  return isKnown ? [] : [workOf(after)];
}

export const workflowIdOf = ({ id }: Pick<Enrollment, 'id'>): string => `enrollment/${id}`;

function workOf(enrollment: Enrollment): OutboxEntry {
  const { id, application_id, program_id, learner_id, next_wake_at } = enrollment;
  return {
    // One for whom nothing is left to happen is told where it still runs, and not started.
    action: next_wake_at === null ? 'signal' : 'start',
    taskQueue: 'enrollments',
    workflowType: 'enrollmentLifecycle',
    workflowId: workflowIdOf(enrollment),
    args: [{ enrollmentId: id }],
    signal: 'changed',
    searchAttributes: {
      HubApplicationId: application_id,
      HubProgramId: String(program_id),
      HubLearnerId: String(learner_id),
      HubEnrollmentId: String(id),
      HubState: lifecycleStateOf(enrollment),
      ...(next_wake_at !== null && { HubNextWake: next_wake_at.toISOString() }),
    },
    summary: `Enrollment ${id} of learner ${learner_id} in program ${program_id}`,
  };
}
