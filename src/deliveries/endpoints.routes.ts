import { v7 as uuid } from 'uuid';
import { type Caller, tenantOf } from '../applications/caller';
import { invalid } from '../errors';
import { subscribe } from '../events/subscribe';
import { pageOf, readIdPage } from '../http/hub-paging';
import { operation, type RequestContext } from '../http/operation';
import { requireMatch, versionTag } from '../http/preconditions';
import { assertValid } from '../http/validation';
import { getLearningObject } from '../learning-objects/get-learning-object';
import type { Resources } from '../resources';
import { changeEndpoint, type EndpointChoice } from './change-endpoint';
import { createEndpoint } from './create-endpoint';
import { deleteEndpoint } from './delete-endpoint';
import { findDelivery } from './delivery-list.store';
import { Delivery } from './deliveries.schemas';
import { listEndpoints } from './endpoint-list.store';
import {
  Endpoint,
  EndpointChange,
  EndpointList,
  EndpointPath,
  EndpointQuery,
  EndpointWithSecret,
  LoepPayload,
  NewEndpoint,
  SecretRotation,
  TestRequest,
} from './endpoints.schemas';
import type { EndpointRow } from './endpoints.store';
import { getEndpointRow } from './get-endpoint';
import { deliveryMissing } from './missing-endpoint';
import { pauseEndpoint, resumeEndpoint } from './pause-endpoint';
import { presentDelivery } from './present-delivery';
import { presentEndpoint, statesShownAs } from './present-endpoint';
import { rotateSecret } from './rotate-secret';
import { samplePayload, testEndpoint, type TestMessage } from './test-endpoint';

const tag = 'Hub: deliveries';
const readScopes = ['read:hub', 'admin'] as const;
const writeScopes = ['write:hub', 'admin'] as const;
const dayInSeconds = 24 * 3600;

const choiceOf = ({ params, caller }: { params: { endpointId: string }; caller: Caller }): EndpointChoice => ({
  applicationId: caller.applicationId,
  endpointId: params.endpointId,
});

/** The endpoint as it is now, with its ETag: the version of what callers can change, and not of its health. */
async function showEndpoint(choice: EndpointChoice, request: RequestContext, resources: Resources): Promise<Endpoint> {
  const row = await getEndpointRow(choice, resources.db);
  request.setHeader('ETag', versionTag(row.version));
  return presentEndpoint(row, resources.secrets);
}

function tenantOfNew(caller: Caller, named: string | undefined): string {
  const applicationId = tenantOf(caller, named);
  if (applicationId !== undefined) return applicationId;
  throw invalid('Whose endpoint is it to be?', {
    details: [{ path: 'application_id', message: 'is required with an administrator’s key' }],
  });
}

/** What a test sends, once it is what the endpoint's dialect can send. */
async function messageOf(test: TestRequest, endpoint: EndpointRow, db: Resources['db']): Promise<TestMessage> {
  const { payload, learning_object_id, subject = uuid() } = test;
  if (learning_object_id !== undefined) {
    if (payload !== undefined || !speaksLoep(endpoint)) throw objectOutOfPlace();
    const { id } = await getLearningObject(db, endpoint.application_id, { id: learning_object_id });
    return { payload: null, subject: { kind: 'learning-object', id: String(id) } };
  }
  if (payload !== undefined && speaksLoep(endpoint)) assertValid(LoepPayload, payload, 'payload');
  return { payload: payload ?? samplePayload(endpoint, new Date()), subject: { kind: 'test', id: subject } };
}

const speaksLoep = ({ dialect }: EndpointRow): boolean => dialect === 'loep' || dialect === 'loep-json';

const objectOutOfPlace = () =>
  invalid('A test sends one thing.', {
    details: [{ path: 'learning_object_id', message: 'goes without a payload, and to an endpoint of a loep dialect' }],
  });

const subscriptionOutOfPlace = () =>
  invalid('Only endpoints of the dialect events subscribe to something.', {
    details: [{ path: 'subscription', message: 'goes with the dialect events' }],
  });

/** Where the hub sends what happened: endpoints of applications, and those that postback URLs of requests made. */
export const endpointOperations = [
  operation({
    id: 'createEndpoint',
    summary: 'Create an endpoint: a URL that is told of what happens; its signing secret is shown this once',
    tag,
    method: 'post',
    path: '/hub/v1/endpoints',
    scopes: writeScopes,
    body: NewEndpoint,
    status: 201,
    response: EndpointWithSecret,
    errors: ['not-found', 'conflict'],
    handle: async ({ caller, body: { application_id, ...wanted }, request }, resources) => {
      const applicationId = tenantOfNew(caller, application_id);
      const { subscription, ...endpointOf } = wanted;
      if (subscription !== undefined && wanted.dialect !== 'events') throw subscriptionOutOfPlace();
      const { id, secret } = await createEndpoint(applicationId, endpointOf, resources, async (tx, endpointId) => {
        if (wanted.dialect === 'events') await subscribe(tx, { applicationId, endpointId }, subscription ?? {});
      });
      const endpoint = await showEndpoint({ applicationId, endpointId: id }, request, resources);
      return { ...endpoint, signing_secret: secret };
    },
  }),
  operation({
    id: 'listEndpoints',
    summary: 'List endpoints, the oldest first',
    tag,
    method: 'get',
    path: '/hub/v1/endpoints',
    scopes: readScopes,
    query: EndpointQuery,
    status: 200,
    response: EndpointList,
    errors: ['not-found'],
    handle: async ({ caller, query }, { db, secrets }) => {
      const page = readIdPage(query);
      const filter = {
        applicationId: tenantOf(caller, query.application_id),
        dialect: query.dialect,
        states: query.state === undefined ? [] : statesShownAs(query.state),
      };
      const rows = await listEndpoints(db, filter, { ...page, limit: page.limit + 1 });
      const { items, ...next } = pageOf(
        rows,
        page,
        ({ id }) => id,
        (row) => presentEndpoint(row, secrets),
      );
      return { endpoints: items, ...next };
    },
  }),
  operation({
    id: 'getEndpoint',
    summary: 'Read one endpoint and how it is; its ETag is the version of its settings',
    tag,
    method: 'get',
    path: '/hub/v1/endpoints/{endpointId}',
    scopes: readScopes,
    params: EndpointPath,
    status: 200,
    response: Endpoint,
    errors: ['not-found'],
    handle: (input, resources) => showEndpoint(choiceOf(input), input.request, resources),
  }),
  operation({
    id: 'changeEndpoint',
    summary: 'Change an endpoint’s name, address, credentials or limits',
    tag,
    method: 'patch',
    path: '/hub/v1/endpoints/{endpointId}',
    scopes: writeScopes,
    params: EndpointPath,
    body: EndpointChange,
    headers: { 'If-Match': 'An ETag: refused with 412 when the endpoint has changed since' },
    status: 200,
    response: Endpoint,
    errors: ['not-found', 'conflict', 'precondition-failed'],
    handle: async (input, resources) => {
      const choice = choiceOf(input);
      const { 'if-match': ifMatch } = input.request.headers;
      await changeEndpoint(choice, input.body, (version) => requireMatch(ifMatch, version), resources);
      return showEndpoint(choice, input.request, resources);
    },
  }),
  operation({
    id: 'deleteEndpoint',
    summary: 'Delete an endpoint with its deliveries: nothing is sent to it any more',
    tag,
    method: 'delete',
    path: '/hub/v1/endpoints/{endpointId}',
    scopes: writeScopes,
    params: EndpointPath,
    status: 204,
    errors: ['not-found'],
    handle: async (input, resources) => {
      await deleteEndpoint(choiceOf(input), resources);
      return undefined;
    },
  }),
  operation({
    id: 'pauseEndpoint',
    summary: 'Hold an endpoint’s deliveries back until it is resumed',
    tag,
    method: 'post',
    path: '/hub/v1/endpoints/{endpointId}/pause',
    scopes: writeScopes,
    params: EndpointPath,
    status: 200,
    response: Endpoint,
    errors: ['not-found', 'conflict'],
    handle: async (input, resources) => {
      await pauseEndpoint(choiceOf(input), resources);
      return showEndpoint(choiceOf(input), input.request, resources);
    },
  }),
  operation({
    id: 'resumeEndpoint',
    summary: 'Send to an endpoint again, whatever held it, and make its retries at once',
    tag,
    method: 'post',
    path: '/hub/v1/endpoints/{endpointId}/resume',
    scopes: writeScopes,
    params: EndpointPath,
    status: 200,
    response: Endpoint,
    errors: ['not-found'],
    handle: async (input, resources) => {
      await resumeEndpoint(choiceOf(input), resources);
      return showEndpoint(choiceOf(input), input.request, resources);
    },
  }),
  operation({
    id: 'rotateEndpointSecret',
    summary: 'Give an endpoint a new signing secret, shown this once; for a while the former signs too',
    tag,
    method: 'post',
    path: '/hub/v1/endpoints/{endpointId}/rotate-secret',
    scopes: writeScopes,
    params: EndpointPath,
    body: SecretRotation,
    status: 200,
    response: EndpointWithSecret,
    errors: ['not-found'],
    handle: async (input, resources) => {
      const { overlap_seconds = dayInSeconds } = input.body;
      const signing_secret = await rotateSecret(choiceOf(input), overlap_seconds, resources);
      return { ...(await showEndpoint(choiceOf(input), input.request, resources)), signing_secret };
    },
  }),
  operation({
    id: 'testEndpoint',
    summary: 'Send a delivery to an endpoint to see how it takes it',
    tag,
    method: 'post',
    path: '/hub/v1/endpoints/{endpointId}/test',
    scopes: writeScopes,
    params: EndpointPath,
    body: TestRequest,
    status: 201,
    response: Delivery,
    errors: ['not-found', 'conflict'],
    handle: async (input, resources) => {
      const choice = choiceOf(input);
      const messageFor = (endpoint: EndpointRow) => messageOf(input.body, endpoint, resources.db);
      const id = await testEndpoint(choice, messageFor, resources);
      const row = await findDelivery(resources.db, choice.applicationId, id);
      if (!row) throw deliveryMissing(id);
      return presentDelivery(row);
    },
  }),
];
