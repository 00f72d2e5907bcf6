import { conflict } from '../errors';
import type { Resources } from '../resources';
import type { EndpointChoice } from './change-endpoint';
import type { Subject } from './deliveries.rules';
import { lockEndpoint } from './endpoint-changes.store';
import type { EndpointRow } from './endpoints.store';
import { endpointMissing } from './missing-endpoint';
import { queueDelivery } from './queue-delivery';

/** What a test sends: a payload, or a snapshot that is computed when it is sent. */
export interface TestMessage {
  payload: object | null;
  subject: Subject;
}

/** Queues a delivery like any other, with the message that is made for the endpoint. Answers its id. */
export async function testEndpoint(
  { applicationId, endpointId }: EndpointChoice,
  messageFor: (endpoint: EndpointRow) => Promise<TestMessage>,
  { db, wake }: Pick<Resources, 'db' | 'wake'>,
): Promise<string> {
  const { id, channel } = await db.transaction(async (tx) => {
    // Its row stands for the subject's: two tests of one subject follow each other.
    const endpoint = await lockEndpoint(tx, applicationId, endpointId);
    if (!endpoint) throw endpointMissing(endpointId);
    if (endpoint.url === null) throw hasNoUrl();
    const { payload, subject } = await messageFor(endpoint);
    return queueDelivery(tx, {
      applicationId: endpoint.application_id,
      endpoint,
      subject,
      payload: payload === null ? null : JSON.stringify(payload),
    });
  });
  wake(channel);
  return id;
}

const hasNoUrl = () =>
  conflict('This endpoint stands for all postbacks to one origin, and has no URL of its own to send a test to.', {
    code: 'endpoint_implicit',
  });

/** What a test sends when it says nothing. */
export const samplePayload = ({ id, dialect }: EndpointRow, now: Date): object =>
  dialect === 'postback' || dialect === 'events'
    ? { type: 'test', endpoint_id: id, sent_at: now.toISOString() }
    : {
        id_loep: 0,
        id_repository: 'test',
        lo: { id_repository: 'test', name: 'A learning object for trying things out' },
      };
