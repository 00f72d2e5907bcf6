import type { Transaction } from '../database/connection';
import { completionsChannel, queueLaunchCompletion } from '../programs/completion-queue.store';
import type { Resources } from '../resources';
import { markCompleted, type RegistrationRow } from './registrations.store';
import type { Result } from './results.rules';

/** Completed, and not failed. */
const satisfies = ({ completion, success }: Result): boolean => completion === 'completed' && success !== 'failed';

/**
 * Tells programs of a learner who has completed a course, in the transaction of what completed it, once for each registration.
 * Previews are nobody's. The registration is locked, and as it was before.
 */
export async function reportCompletion(
  tx: Transaction,
  { id, learner_id, completed_at }: RegistrationRow,
  result: Result,
  { wake }: Pick<Resources, 'wake'>,
): Promise<void> {
  if (learner_id === null || completed_at !== null || !satisfies(result)) return;
  const now = new Date();
  await markCompleted(tx, id, now);
  await queueLaunchCompletion(tx, id, now);
  // Who runs the transaction is told of its failure.
  tx.executionPromise.then(
    () => wake(completionsChannel),
    () => undefined,
  );
}
