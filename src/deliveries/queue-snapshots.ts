import type { Transaction } from '../database/connection';
import type { Subject } from './deliveries.rules';
import { hasUnsent } from './deliveries.store';
import { type EndpointDialect, listSubscribers } from './endpoints.store';
import { queueDelivery } from './queue-delivery';

export interface Snapshots {
  applicationId: string;
  subject: Subject;
  dialects: readonly EndpointDialect[];
}

/**
 * Has the application's endpoints of these dialects told what the subject is now: computed when it is sent, so that one
 * delivery that still waits serves for any number of changes. The caller holds the subject's row lock, and whoever computes
 * a snapshot takes a share of it first: so it sees every change that was written before it was not queued again. Answers the
 * channels to wake after the commit.
 */
export async function queueSnapshots(
  tx: Transaction,
  { applicationId, subject, dialects }: Snapshots,
): Promise<string[]> {
  const channels: string[] = [];
  for (const endpoint of await listSubscribers(tx, applicationId, dialects)) {
    if (await hasUnsent(tx, endpoint.id, subject.kind, subject.id)) continue;
    channels.push((await queueDelivery(tx, { applicationId, endpoint, subject, payload: null })).channel);
  }
  return channels;
}
