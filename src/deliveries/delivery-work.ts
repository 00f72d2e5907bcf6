import type { OutboxEntry } from '../database/outbox';
import type { EndpointState } from './endpoint-health.rules';

/** The workflow that holds a delivery's retry timers: started, or told that something has changed where it runs. */
export const retryWork = (
  delivery: {
    id: string;
    application_id: string;
    endpoint_id: string;
    subject_kind: string;
    subject_id: string;
    origin: string;
  },
  action: 'start' | 'signal',
): OutboxEntry => ({
  action,
  taskQueue: 'deliveries',
  workflowType: 'retryDelivery',
  workflowId: `delivery/${delivery.id}`,
  args: [{ deliveryId: delivery.id }],
  signal: 'changed',
  searchAttributes: {
    HubApplicationId: delivery.application_id,
    HubEndpointId: delivery.endpoint_id,
    HubState: 'retrying',
  },
  summary: `Retries for ${delivery.subject_kind} ${delivery.subject_id} to ${delivery.origin}`,
});

/** The workflow that brings an endpoint back which fails as a whole: started, or told where it runs. */
export const recoveryWork = (
  endpoint: { id: string; application_id: string; origin: string },
  state: EndpointState,
): OutboxEntry => ({
  action: 'start',
  taskQueue: 'deliveries',
  workflowType: 'recoverEndpoint',
  workflowId: `endpoint/${endpoint.id}`,
  args: [{ endpointId: endpoint.id }],
  signal: 'changed',
  searchAttributes: { HubApplicationId: endpoint.application_id, HubEndpointId: endpoint.id, HubState: state },
  summary: `Recovery of ${endpoint.origin}`,
});
