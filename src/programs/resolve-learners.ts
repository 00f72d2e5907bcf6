import type { Transaction } from '../database/connection';
import type { ErrorDetail } from '../errors';
import type { LearnerRef } from './learner.rules';
import { resolveLearners } from './learners.store';
import { refused } from './missing-record';

/** The ids of learners, each of whom has to be there, once. Refuses the list whole, naming each that is not. */
export async function requireLearners(
  tx: Transaction,
  applicationId: string,
  refs: readonly LearnerRef[],
): Promise<number[]> {
  const ids = await resolveLearners(tx, applicationId, refs);
  const first = new Map<number, number>();
  const problems: ErrorDetail[] = [];
  ids.forEach((id, index) => {
    const path = pathOf(refs[index]!);
    if (id === undefined) problems.push({ index, path, message: 'there is no such learner in this application' });
    else if (first.has(id)) problems.push({ index, path, message: `is the same learner as entry ${first.get(id)}` });
    else first.set(id, index);
  });
  if (problems.length > 0) throw refused(problems);
  return [...first.keys()];
}

const pathOf = ({ id, email }: LearnerRef): string => (id !== undefined ? 'id' : email !== undefined ? 'email' : 'uid');
