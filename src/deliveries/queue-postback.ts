import { v7 as uuid } from 'uuid';
import type { Transaction } from '../database/connection';
import type { Secrets } from '../secrets';
import type { Subject } from './deliveries.rules';
import { addPostbackEndpoint, type EndpointRef, findPostbackEndpoint, listSubscribers } from './endpoints.store';
import { queueDelivery } from './queue-delivery';
import { newSigningSecret } from './sign-webhook';

export interface Postback {
  applicationId: string;
  subject: Subject;
  payload: object;
  /** Where the request that it reports on wanted it, as it was given, with any credentials. */
  url?: string | undefined;
}

/**
 * Queues POSTs of `payload` as JSON: to the URL that a request named, and to each of the application's own postback
 * endpoints. The caller holds the subject's row lock. Answers the channels to wake after the commit.
 */
export async function queuePostback(tx: Transaction, postback: Postback, secrets: Secrets): Promise<string[]> {
  const { applicationId, subject, url } = postback;
  const payload = JSON.stringify(postback.payload);
  const channels: string[] = [];
  if (url !== undefined) {
    const endpoint = await originEndpoint(tx, applicationId, new URL(url).origin, secrets);
    const sealed = secrets.encrypt(url);
    channels.push((await queueDelivery(tx, { applicationId, endpoint, subject, payload, url: sealed })).channel);
  }
  for (const endpoint of await listSubscribers(tx, applicationId, ['postback'])) {
    channels.push((await queueDelivery(tx, { applicationId, endpoint, subject, payload })).channel);
  }
  return channels;
}

async function originEndpoint(
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
