import { conflict } from '../errors';
import { enqueue, outboxChannel } from '../database/outbox';
import type { Resources } from '../resources';
import { cancelDelivery } from './cancel-deliveries';
import { findDelivery } from './delivery-list.store';
import { retryWork } from './delivery-work';
import { deliveryMissing } from './missing-endpoint';
import type { DeliveryChoice } from './replay-delivery';

/** Gives a delivery up that has not ended. A request that is under way may still arrive. */
export async function cancelByHand(
  { applicationId, deliveryId }: DeliveryChoice,
  { db, wake }: Pick<Resources, 'db' | 'wake'>,
): Promise<void> {
  const delivery = await findDelivery(db, applicationId, deliveryId);
  if (!delivery) throw deliveryMissing(deliveryId);
  if (!(await cancelDelivery(deliveryId, { db, wake }))) throw hasEnded(deliveryId);
  if (delivery.attempts === 0) return;
  // Its workflow, if it has one, would find out at its next time; told, it ends now.
  await db.transaction((tx) => enqueue(tx, retryWork(delivery, 'signal')));
  wake(outboxChannel('deliveries'));
}

const hasEnded = (id: string) =>
  conflict(`Delivery ${id} has ended already; there is nothing to cancel.`, { code: 'delivery_finished' });
