import type { Transaction } from '../database/connection';

/**
 * Cancels what still waits to be sent of a subject that is going away; the caller holds its row lock. Answers the channels
 * to wake after the commit.
 */
export const cancelSubject = (
  _tx: Transaction,
  _gone: { applicationId: string; subject: { kind: 'learning-object'; id: string } },
): Promise<string[]> => Promise.resolve([]);
