import { conflict } from '../errors';
import type { Resources } from '../resources';
import { releaseRetry } from './deliveries.store';
import { isFinished } from './deliveries.rules';
import { findDelivery, reopen } from './delivery-list.store';
import { deliveriesChannel } from './delivery-wakes';
import { deliveryMissing } from './missing-endpoint';

export interface DeliveryChoice {
  /** Undefined: an administrator, for whom it may be anybody's. */
  applicationId: string | undefined;
  deliveryId: string;
}

/**
 * Sends a delivery that has ended once more, outside its subject's order, or makes the next attempt of one that waits for it
 * at once.
 */
export async function replayDelivery(
  { applicationId, deliveryId }: DeliveryChoice,
  { db, wake }: Pick<Resources, 'db' | 'wake'>,
): Promise<void> {
  const delivery = await findDelivery(db, applicationId, deliveryId);
  if (!delivery) throw deliveryMissing(deliveryId);
  const { id, state, attempts, shard } = delivery;
  if (isFinished(state)) await reopen(db, [id]);
  else if (state === 'retrying') await releaseRetry(db, id, attempts);
  else throw isUnderWay(id, state);
  wake(deliveriesChannel(shard));
}

const isUnderWay = (id: string, state: string) =>
  conflict(`Delivery ${id} is ${state}: it goes out by itself.`, { code: 'delivery_not_finished' });
