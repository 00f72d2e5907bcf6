import type { Transaction } from '../database/connection';

/** What changed, and the dialects of the endpoints that are told of it. */
export interface Snapshots {
  applicationId: string;
  subject: { kind: 'learning-object'; id: string };
  dialects: readonly ('loep' | 'loep-json')[];
}

/**
 * Queues a snapshot for each of the application's endpoints of these dialects; it is computed when it is sent. The caller
 * holds the subject's row lock. Answers the channels to wake after the commit.
 */
export const queueSnapshots = (_tx: Transaction, _snapshots: Snapshots): Promise<string[]> => Promise.resolve([]);
