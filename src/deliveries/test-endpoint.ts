import { v7 as uuid } from 'uuid';
import { conflict } from '../errors';
import type { Resources } from '../resources';
import type { EndpointChoice } from './change-endpoint';
import { lockEndpoint } from './endpoint-changes.store';
import type { EndpointRow } from './endpoints.store';
import { endpointMissing } from './missing-endpoint';
import { queueDelivery } from './queue-delivery';

export interface EndpointTest {
  /** As its dialect wants it; a sample unless given. */
  payload?: object;
  /** Of its own unless given. */
  subject?: string;
}

/** Queues a delivery like any other, with what the test says for a payload. Answers its id. */
export async function testEndpoint(
  { applicationId, endpointId }: EndpointChoice,
  payloadFor: (endpoint: EndpointRow) => object,
  subject: string | undefined,
  { db, wake }: Pick<Resources, 'db' | 'wake'>,
): Promise<string> {
  const { id, channel } = await db.transaction(async (tx) => {
    // Its row stands for the subject's: two tests of one subject follow each other.
    const endpoint = await lockEndpoint(tx, applicationId, endpointId);
    if (!endpoint) throw endpointMissing(endpointId);
    if (endpoint.url === null) throw hasNoUrl();
    return queueDelivery(tx, {
      applicationId: endpoint.application_id,
      endpoint,
      subject: { kind: 'test', id: subject ?? uuid() },
      payload: JSON.stringify(payloadFor(endpoint)),
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
  dialect === 'postback'
    ? { type: 'test', endpoint_id: id, sent_at: now.toISOString() }
    : {
        id_loep: 0,
        id_repository: 'test',
        lo: { id_repository: 'test', name: 'A learning object for trying things out' },
      };
