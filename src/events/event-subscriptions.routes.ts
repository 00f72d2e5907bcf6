import type { Caller } from '../applications/caller';
import { notFound } from '../errors';
import { encodeCursor } from '../http/hub-paging';
import { operation } from '../http/operation';
import { getEndpointRow } from '../deliveries/get-endpoint';
import { EndpointPath } from '../deliveries/endpoints.schemas';
import type { Resources } from '../resources';
import { Subscription, SubscriptionRequest } from './event-subscriptions.schemas';
import { listSubscriptions } from './event-subscriptions.store';
import { feedChannel } from './feed-watch';
import { changeSubscription } from './subscribe';

const tag = 'Hub: deliveries';
const path = '/hub/v1/endpoints/{endpointId}/subscription';

async function getSubscription(
  caller: Caller,
  endpointId: string,
  { db }: Pick<Resources, 'db'>,
): Promise<Subscription> {
  const endpoint = await getEndpointRow({ applicationId: caller.applicationId, endpointId }, db);
  const subscription = (await listSubscriptions(db, [endpoint.id])).get(endpoint.id);
  if (!subscription)
    throw notFound(`Endpoint ${endpointId} has no subscription: only those of the dialect events have.`);
  const { programs, types, filter, position } = subscription;
  return { programs, types, filter: filter as Subscription['filter'], next: encodeCursor(String(position)) };
}

/** What an endpoint of the dialect events is told of. */
export const eventSubscriptionOperations = [
  operation({
    id: 'getEventSubscription',
    summary: 'Read what of the event feed an endpoint is told of, and how far it is',
    tag,
    method: 'get',
    path,
    scopes: ['read:hub', 'admin'],
    params: EndpointPath,
    status: 200,
    response: Subscription,
    errors: ['not-found'],
    handle: ({ caller, params }, resources) => getSubscription(caller, params.endpointId, resources),
  }),
  operation({
    id: 'changeEventSubscription',
    summary: 'Change what of the event feed an endpoint is told of, or from where on',
    tag,
    method: 'patch',
    path,
    scopes: ['write:hub', 'admin'],
    params: EndpointPath,
    body: SubscriptionRequest,
    status: 200,
    response: Subscription,
    errors: ['not-found'],
    handle: async ({ caller, params: { endpointId }, body }, resources) => {
      await getSubscription(caller, endpointId, resources);
      const { application_id } = await getEndpointRow(
        { applicationId: caller.applicationId, endpointId },
        resources.db,
      );
      await resources.db.transaction((tx) =>
        changeSubscription(tx, { applicationId: application_id, endpointId }, body),
      );
      resources.wake(feedChannel);
      return getSubscription(caller, endpointId, resources);
    },
  }),
];
