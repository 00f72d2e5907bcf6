import { v7 as uuid } from 'uuid';
import type { Transaction } from '../database/connection';
import type { Subject } from './deliveries.rules';
import { insertDelivery } from './deliveries.store';
import { deliveriesChannel } from './delivery-wakes';
import type { EndpointRef } from './endpoints.store';

export interface QueuedDelivery {
  applicationId: string;
  endpoint: EndpointRef;
  subject: Subject;
  /** As it is sent; null: a snapshot, computed when it is sent. */
  payload: string | null;
  /** Encrypted; where the endpoint has none of its own. */
  url?: Buffer;
}

/**
 * Queues a delivery in the transaction of what it reports. The caller holds the subject's row lock, so that a subject's
 * deliveries arrive in the order of its changes. Answers its id, and the channel to wake after the commit.
 */
export async function queueDelivery(
  tx: Transaction,
  { applicationId, endpoint, subject, payload, url }: QueuedDelivery,
): Promise<{ id: string; channel: string }> {
  const id = uuid();
  await insertDelivery(tx, {
    id,
    application_id: applicationId,
    endpoint_id: endpoint.id,
    shard: endpoint.shard,
    subject_kind: subject.kind,
    subject_id: subject.id,
    url: url ?? null,
    payload,
  });
  return { id, channel: deliveriesChannel(endpoint.shard) };
}
