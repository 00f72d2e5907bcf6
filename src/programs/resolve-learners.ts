import type { Transaction } from '../database/connection';
import type { ErrorDetail } from '../errors';
import type { LearnerRef } from './learner.rules';
import { lockLearners, resolveLearners } from './learners.store';
import { refused } from './missing-record';

/** Locks learners, each of whom has to be there, once; answers their ids. Refuses the list whole, naming each that is not. */
export async function lockRequired(
  tx: Transaction,
  applicationId: string,
  refs: readonly LearnerRef[],
): Promise<number[]> {
  for (;;) {
    const ids = await requireLearners(tx, applicationId, refs);
    // Whoever was deleted in between is missing the next time.
    if ((await lockLearners(tx, ids)).length === ids.length) return ids;
  }
}

async function requireLearners(tx: Transaction, applicationId: string, refs: readonly LearnerRef[]): Promise<number[]> {
  const ids = await resolveLearners(tx, applicationId, refs);
  const first = new Map<number, number>();
  const problems: ErrorDetail[] = [];
  ids.forEach((id, index) => {
    const path = pathOf(refs[index]!);
    if (id === undefined)
      problems.push({ index, path, message: 'there is no such learner in this application', code: 'not_found' });
    else if (first.has(id))
      problems.push({ index, path, message: `is the same learner as entry ${first.get(id)}`, code: 'not_unique' });
    else first.set(id, index);
  });
  if (problems.length > 0) throw refused(problems);
  return [...first.keys()];
}

const pathOf = ({ id, email }: LearnerRef): string => (id !== undefined ? 'id' : email !== undefined ? 'email' : 'uid');
