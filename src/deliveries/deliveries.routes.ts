import { type Caller, tenantOf } from '../applications/caller';
import type { Database } from '../database/connection';
import { invalid } from '../errors';
import { readDate } from '../http/dates';
import { encodeCursor, pageOf, readIdPage } from '../http/hub-paging';
import { operation } from '../http/operation';
import type { Resources } from '../resources';
import { cancelByHand } from './cancel-by-hand';
import { type Bulk, type BulkResult, cancelMany, replayMany } from './deliveries-in-bulk';
import {
  type CancelRequest as CancelRequestBody,
  CancelRequest,
  CancelResult,
  Delivery,
  DeliveryList,
  DeliveryPath,
  DeliveryQuery,
  DeliveryWithAttempts,
  ReplayRequest,
  ReplayResult,
} from './deliveries.schemas';
import type { DeliveryState } from './deliveries.rules';
import {
  type DeliveryDetails,
  type DeliveryFilter,
  findDelivery,
  listAttempts,
  listDeliveries,
} from './delivery-list.store';
import { findEndpoint } from './endpoint-list.store';
import { deliveryMissing, endpointMissing } from './missing-endpoint';
import { presentDelivery, presentWithAttempts } from './present-delivery';
import { type DeliveryChoice, replayDelivery } from './replay-delivery';

const tag = 'Hub: deliveries';
const readScopes = ['read:hub', 'admin'] as const;
const writeScopes = ['write:hub', 'admin'] as const;

/** A delivery's last attempts are shown, however many it had. */
const maxAttempts = 100;

const choiceOf = ({ params, caller }: { params: { deliveryId: string }; caller: Caller }): DeliveryChoice => ({
  applicationId: caller.applicationId,
  deliveryId: params.deliveryId,
});

async function getDelivery(
  { applicationId, deliveryId }: DeliveryChoice,
  { db }: Pick<Resources, 'db'>,
): Promise<DeliveryDetails> {
  const row = await findDelivery(db, applicationId, deliveryId);
  if (!row) throw deliveryMissing(deliveryId);
  return row;
}

interface Wanted {
  application_id?: string;
  endpoint_id?: string;
  since?: string;
  until?: string;
}

/** Whose deliveries are meant, and from when: an endpoint says which application. */
async function readWanted(caller: Caller, wanted: Wanted, db: Database): Promise<DeliveryFilter> {
  const { endpoint_id: endpointId } = wanted;
  const named = tenantOf(caller, wanted.application_id);
  const endpoint = endpointId === undefined ? undefined : await findEndpoint(db, named, endpointId);
  if (endpointId !== undefined && !endpoint) throw endpointMissing(endpointId);
  return {
    applicationId: endpoint?.application_id ?? named,
    endpointId,
    since: wanted.since === undefined ? undefined : readDate(wanted.since, 'since'),
    until: wanted.until === undefined ? undefined : readDate(wanted.until, 'until'),
  };
}

async function readBulk(
  caller: Caller,
  wanted: Wanted & { after?: string },
  states: readonly DeliveryState[],
  db: Database,
): Promise<Bulk> {
  const { applicationId, ...filter } = await readWanted(caller, wanted, db);
  if (applicationId === undefined) {
    throw invalid('Whose deliveries are meant?', {
      details: [{ path: 'application_id', message: 'or endpoint_id is required with an administrator’s key' }],
    });
  }
  return { applicationId, ...filter, states, after: readIdPage(wanted).afterId };
}

const presentProgress = ({ next }: BulkResult): { complete: boolean; next?: string } =>
  next === undefined ? { complete: true } : { complete: false, next: encodeCursor(next) };

function requireBound({ endpoint_id, since }: CancelRequestBody): void {
  if (endpoint_id !== undefined || since !== undefined) return;
  throw invalid('Which deliveries are meant?', {
    details: [{ path: 'since', message: 'or endpoint_id is required' }],
  });
}

/** A kind alone would be looked for through all that an application ever sent. */
function requireSubject({ subject_kind, subject_id }: { subject_kind?: string; subject_id?: string }): void {
  if (subject_kind === undefined || subject_id !== undefined) return;
  throw invalid('Which subject is meant?', {
    details: [{ path: 'subject_id', message: 'is required with subject_kind' }],
  });
}

/** What was sent, is to be sent, or could not be. */
export const deliveryOperations = [
  operation({
    id: 'listDeliveries',
    summary: 'List deliveries, the newest first',
    tag,
    method: 'get',
    path: '/hub/v1/deliveries',
    scopes: readScopes,
    query: DeliveryQuery,
    status: 200,
    response: DeliveryList,
    errors: ['not-found'],
    handle: async ({ caller, query }, { db }) => {
      requireSubject(query);
      const page = readIdPage(query);
      const { state, subject_id: subjectId, subject_kind: subjectKind } = query;
      const filter = { ...(await readWanted(caller, query, db)), state, subjectId, subjectKind };
      const rows = await listDeliveries(db, filter, { ...page, limit: page.limit + 1 });
      const { items, ...next } = pageOf(rows, page, ({ id }) => id, presentDelivery);
      return { deliveries: items, ...next };
    },
  }),
  operation({
    id: 'getDelivery',
    summary: 'Read one delivery, with what was sent and what was answered',
    tag,
    method: 'get',
    path: '/hub/v1/deliveries/{deliveryId}',
    scopes: readScopes,
    params: DeliveryPath,
    status: 200,
    response: DeliveryWithAttempts,
    errors: ['not-found'],
    handle: async (input, resources) => {
      const row = await getDelivery(choiceOf(input), resources);
      const attempts = await listAttempts(resources.db, row.id, maxAttempts);
      return presentWithAttempts(row, attempts, resources.secrets);
    },
  }),
  operation({
    id: 'replayDelivery',
    summary: 'Send a delivery once more, out of order, or make its next retry at once',
    tag,
    method: 'post',
    path: '/hub/v1/deliveries/{deliveryId}/replay',
    scopes: writeScopes,
    params: DeliveryPath,
    status: 202,
    response: Delivery,
    errors: ['not-found', 'conflict'],
    handle: async (input, resources) => {
      await replayDelivery(choiceOf(input), resources);
      return presentDelivery(await getDelivery(choiceOf(input), resources));
    },
  }),
  operation({
    id: 'cancelDelivery',
    summary: 'Give a delivery up that has not ended',
    tag,
    method: 'post',
    path: '/hub/v1/deliveries/{deliveryId}/cancel',
    scopes: writeScopes,
    params: DeliveryPath,
    status: 200,
    response: Delivery,
    errors: ['not-found', 'conflict'],
    handle: async (input, resources) => {
      await cancelByHand(choiceOf(input), resources);
      return presentDelivery(await getDelivery(choiceOf(input), resources));
    },
  }),
  operation({
    id: 'replayDeliveries',
    summary: 'Send many deliveries once more: the dead since a time, or all to an endpoint; up to 20,000 a call',
    tag,
    method: 'post',
    path: '/hub/v1/deliveries/replay',
    scopes: writeScopes,
    body: ReplayRequest,
    status: 202,
    response: ReplayResult,
    errors: ['not-found'],
    handle: async ({ caller, body }, resources) => {
      const usual = body.endpoint_id === undefined ? ['dead' as const] : (['dead', 'cancelled', 'delivered'] as const);
      const bulk = await readBulk(caller, body, body.state === undefined ? usual : [body.state], resources.db);
      const result = await replayMany(bulk, resources);
      return { replayed: result.count, ...presentProgress(result) };
    },
  }),
  operation({
    id: 'cancelDeliveries',
    summary: 'Give up many deliveries that have not ended: to an endpoint, or since a time; up to 20,000 a call',
    tag,
    method: 'post',
    path: '/hub/v1/deliveries/cancel',
    scopes: writeScopes,
    body: CancelRequest,
    status: 200,
    response: CancelResult,
    errors: ['not-found'],
    handle: async ({ caller, body }, resources) => {
      requireBound(body);
      const states = body.state === undefined ? (['pending', 'blocked', 'retrying'] as const) : [body.state];
      const result = await cancelMany(await readBulk(caller, body, states, resources.db), resources);
      return { cancelled: result.count, ...presentProgress(result) };
    },
  }),
];
