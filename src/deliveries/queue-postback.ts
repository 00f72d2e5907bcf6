import { v7 as uuid } from 'uuid';
import type { Transaction } from '../database/connection';
import type { Secrets } from '../secrets';
import { insertDelivery } from './deliveries.store';
import type { Subject } from './deliveries.rules';
import { deliveriesChannel } from './delivery-wakes';
import { addPostbackEndpoint, type EndpointRef, findPostbackEndpoint } from './endpoints.store';
import { newSigningSecret } from './sign-webhook';

export interface Postback {
  applicationId: string;
  /** As it was given, with any credentials. */
  url: string;
  subject: Subject;
  payload: object;
}

/**
 * Queues a POST of `payload` as JSON, in the transaction of what it reports. The caller holds the subject's row lock, so
 * that a subject's postbacks arrive in the order of its changes. Answers the channel to wake after the commit.
 */
export async function queuePostback(tx: Transaction, postback: Postback, secrets: Secrets): Promise<string> {
  const { applicationId, url, subject, payload } = postback;
  const endpoint = await postbackEndpoint(tx, applicationId, new URL(url).origin, secrets);
  await insertDelivery(tx, {
    id: uuid(),
    endpoint_id: endpoint.id,
    shard: endpoint.shard,
    subject_kind: subject.kind,
    subject_id: subject.id,
    url: secrets.encrypt(url),
    payload: JSON.stringify(payload),
  });
  return deliveriesChannel(endpoint.shard);
}

async function postbackEndpoint(
  tx: Transaction,
  applicationId: string,
  origin: string,
  secrets: Secrets,
): Promise<EndpointRef> {
  return (
    (await findPostbackEndpoint(tx, applicationId, origin)) ??
    (await addPostbackEndpoint(tx, {
      id: uuid(),
      application_id: applicationId,
      origin,
      signing_secret: secrets.encrypt(newSigningSecret()),
    }))
  );
}
