import { v7 as uuid } from 'uuid';
import type { Transaction } from '../database/connection';
import type { Secrets } from '../secrets';
import type { Subject } from './deliveries.rules';
import { addPostbackEndpoint, type EndpointRef, listPostbackEndpoints } from './endpoints.store';
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
  const origin = url === undefined ? null : new URL(url).origin;
  const endpoints: QueuedEndpoint[] = await listPostbackEndpoints(tx, applicationId, origin);
  if (origin !== null && endpoints.every(({ is_own }) => is_own)) {
    endpoints.push({ ...(await addOriginEndpoint(tx, applicationId, origin, secrets)), is_own: false });
  }
  const channels: string[] = [];
  for (const endpoint of endpoints) {
    const own = url !== undefined && !endpoint.is_own ? { url: secrets.encrypt(url) } : {};
    channels.push((await queueDelivery(tx, { applicationId, endpoint, subject, payload, ...own })).channel);
  }
  return channels;
}

type QueuedEndpoint = EndpointRef & { is_own: boolean };

const addOriginEndpoint = (
  tx: Transaction,
  applicationId: string,
  origin: string,
  secrets: Secrets,
): Promise<EndpointRef> =>
  addPostbackEndpoint(tx, {
    id: uuid(),
    application_id: applicationId,
    origin,
    signing_secret: secrets.encrypt(newSigningSecret()),
  });
