import type { Transaction } from '../database/connection';
import type { Resources } from '../resources';
import { cancelDeliveries, listUnfinished, unblockNext } from './deliveries.store';
import type { Subject } from './deliveries.rules';
import { observeState } from './delivery-metrics';
import { deliveriesChannel } from './delivery-wakes';

/** Gives a delivery up where it has not ended, and lets the next one of its subject go. Answers whether it did. */
export const cancelDelivery = async (id: string, resources: Pick<Resources, 'db' | 'wake'>): Promise<boolean> =>
  (await cancelEach([id], resources)) > 0;

/** The same for several in one transaction; answers how many had not ended. */
export async function cancelEach(
  ids: readonly string[],
  { db, wake }: Pick<Resources, 'db' | 'wake'>,
): Promise<number> {
  const channels = await db.transaction((tx) => cancel(tx, ids));
  for (const channel of new Set(channels)) wake(channel);
  return channels.length;
}

/**
 * Gives up what an application's endpoints are still to be told of a subject that is gone. The caller holds the subject's
 * row lock. Answers the channels to wake after the commit.
 */
export async function cancelSubject(
  tx: Transaction,
  { applicationId, subject }: { applicationId: string; subject: Subject },
): Promise<string[]> {
  return cancel(tx, await listUnfinished(tx, applicationId, subject));
}

/** In the order of the ids, so that two that cancel cannot block each other. */
async function cancel(tx: Transaction, ids: readonly string[]): Promise<string[]> {
  const cancelled = await cancelDeliveries(tx, ids);
  await unblockNext(tx, cancelled);
  for (const _ of cancelled) observeState('cancelled');
  return cancelled.map(({ shard }) => deliveriesChannel(shard));
}
