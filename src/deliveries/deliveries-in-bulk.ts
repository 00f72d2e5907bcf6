import type { Resources } from '../resources';
import { cancelEach } from './cancel-deliveries';
import type { DeliveryState } from './deliveries.rules';
import { type DeliveryFilter, listMatching, reopen } from './delivery-list.store';
import { deliveriesChannel } from './delivery-wakes';

/** What a call is about: deliveries of an application or of one of its endpoints. */
export interface Bulk extends Omit<DeliveryFilter, 'state'> {
  applicationId: string;
  states: readonly DeliveryState[];
  /** Where the call before it left off. */
  after: string | undefined;
}

export interface BulkResult {
  count: number;
  /** Where the next call goes on; undefined when all is done. */
  next: string | undefined;
}

type Needs = Pick<Resources, 'db' | 'wake'>;

const batchSize = 1000;
/** Batches of one call: what a request's time allows. */
const maxBatches = 20;

/** Sends deliveries that have ended once more, the oldest first. */
export const replayMany = (bulk: Bulk, { db, wake }: Needs): Promise<BulkResult> =>
  inBatches(bulk, 'asc', db, async (ids) => {
    const reopened = await reopen(db, ids);
    for (const shard of new Set(reopened.map((one) => one.shard))) wake(deliveriesChannel(shard));
    return reopened.length;
  });

/** Gives up deliveries that have not ended; the newest first, so that none goes out because the one before it is gone. */
export const cancelMany = (bulk: Bulk, { db, wake }: Needs): Promise<BulkResult> =>
  inBatches(bulk, 'desc', db, (ids) => cancelEach(ids, { db, wake }));

async function inBatches(
  { after: first, ...filter }: Bulk,
  direction: 'asc' | 'desc',
  db: Needs['db'],
  work: (ids: string[]) => Promise<number>,
): Promise<BulkResult> {
  let after = first;
  let count = 0;
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const ids = await listMatching(db, filter, { direction, after, limit: batchSize });
    if (ids.length > 0) count += await work(ids);
    if (ids.length < batchSize) return { count, next: undefined };
    after = ids.at(-1);
  }
  return { count, next: after };
}
