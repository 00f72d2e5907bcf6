import type { Resources } from '../resources';
import { removeFinished } from './deliveries.store';

const batchSize = 1000;
/** Batches a run does at the most: the next run goes on. */
const maxBatches = 1000;
/** Before any id. */
const beginning = '00000000-0000-0000-0000-000000000000';

/**
 * Removes deliveries that are finished and were queued before a time. Those that are not finished stay, however old.
 * `onBatch` is called after each batch. Answers how many it were.
 */
export async function removeOldDeliveries(
  before: Date,
  { db }: Pick<Resources, 'db'>,
  onBatch: () => void,
): Promise<number> {
  let total = 0;
  let after: string | undefined = beginning;
  for (let batch = 0; batch < maxBatches && after !== undefined; batch += 1) {
    const { last, removed } = await removeFinished(db, { before, after, limit: batchSize });
    total += removed;
    after = last;
    onBatch();
  }
  return total;
}
