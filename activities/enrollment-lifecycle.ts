import { heartbeat } from '@temporalio/activity';
import {
  type Collection,
  type CollectionPlace,
  collectSome,
  startCollection,
} from '../src/programs/collect-completions';
import { removeSome } from '../src/programs/delete-program';
import { type LifecyclePlan, refreshEnrollment } from '../src/programs/refresh-enrollment';
import { type CourseChoice, waiveSome } from '../src/programs/waive-course';
import type { Resources } from '../src/resources';
import { runActivity } from './run-activity';

export type EnrollmentLifecycleActivities = ReturnType<typeof createEnrollmentLifecycleActivities>;

/** `now` is the workflow's time: this machine's clock may be behind it, and then nothing would be due yet. */
const laterOf = (now: number): Date => new Date(Math.max(now, Date.now()));

export function createEnrollmentLifecycleActivities(resources: Resources) {
  const { log } = resources;
  return {
    refreshEnrollment: ({ enrollmentId, now }: { enrollmentId: number; now: number }): Promise<LifecyclePlan> =>
      runActivity({ log, of: { enrollmentId: String(enrollmentId) } }, () =>
        refreshEnrollment(enrollmentId, resources, laterOf(now)),
      ),

    startCollection: (): Promise<CollectionPlace> =>
      runActivity({ log, of: {} }, () => startCollection(resources, () => heartbeat())),

    /** Answers where to go on; null: all is done. */
    collectSome: (input: Collection): Promise<CollectionPlace | null> =>
      runActivity({ log, of: { applicationId: input.applicationId } }, () =>
        collectSome(input, resources, () => heartbeat()),
      ),

    /** Answers whether all is done. */
    waiveSome: ({ now, ...course }: CourseChoice & { now: number }): Promise<boolean> =>
      runActivity({ log, of: { ...course } }, () => waiveSome(course, resources, laterOf(now))),

    /** Answers whether nobody is enrolled any more. */
    removeSome: ({ programId, now }: { programId: number; now: number }): Promise<boolean> =>
      runActivity({ log, of: { programId: String(programId) } }, () => removeSome(programId, resources, laterOf(now))),
  };
}
