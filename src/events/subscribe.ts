import type { Transaction } from '../database/connection';
import { invalid } from '../errors';
import { decodeCursor } from '../http/hub-paging';
import { listReadableProgramIds } from './event-programs.store';
import type { SubscriptionRequest } from './event-subscriptions.schemas';
import { feedHead, insertSubscription, updateSubscription } from './event-subscriptions.store';

export interface Subscriber {
  applicationId: string;
  endpointId: string;
}

/** Subscribes a new endpoint to the feed, from now on unless told, in the transaction that makes it. */
export async function subscribe(
  tx: Transaction,
  { applicationId, endpointId }: Subscriber,
  { programs = null, types = null, filter = {}, from = 'now' }: SubscriptionRequest,
): Promise<void> {
  await requireReadable(tx, applicationId, programs);
  await insertSubscription(tx, {
    endpoint_id: endpointId,
    application_id: applicationId,
    programs,
    types,
    filter,
    position: await positionOf(tx, from),
  });
}

/** Changes what is given. A new place in the feed sends again what comes after it, or leaves out what came before it. */
export async function changeSubscription(
  tx: Transaction,
  { applicationId, endpointId }: Subscriber,
  { from, ...change }: SubscriptionRequest,
): Promise<void> {
  await requireReadable(tx, applicationId, change.programs ?? null);
  const place = from === undefined ? {} : { position: await positionOf(tx, from) };
  await updateSubscription(tx, endpointId, { ...change, ...place });
}

async function positionOf(tx: Transaction, from: string): Promise<number> {
  if (from === 'beginning') return 0;
  if (from === 'now') return feedHead(tx);
  const position = Number(decodeCursor(from));
  if (Number.isSafeInteger(position) && position >= 0) return position;
  throw invalid('The subscription begins nowhere.', {
    details: [{ path: 'subscription.from', message: 'is not now, beginning, or the next of a page of the feed' }],
  });
}

async function requireReadable(
  tx: Transaction,
  applicationId: string,
  programs: readonly string[] | null,
): Promise<void> {
  if (programs === null) return;
  const readable = await listReadableProgramIds(tx, applicationId);
  const details = programs
    .map((id, index) => ({ path: `subscription.programs.${index}`, message: `there is no program ${id} to read`, id }))
    .filter(({ id }) => !readable.includes(id))
    .map(({ path, message }) => ({ path, message }));
  if (details.length > 0)
    throw invalid('The subscription names programs that the application may not read.', { details });
}
