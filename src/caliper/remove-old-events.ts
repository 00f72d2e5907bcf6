import type { Resources } from '../resources';
import { dropMonth, listMonths, type PrunePosition, pruneIds } from './event-months.store';

const batchSize = 5000;
/** Before any. */
const beginning: PrunePosition = [
  '00000000-0000-0000-0000-000000000000',
  '-infinity',
  '00000000-0000-0000-0000-000000000000',
];

/**
 * Removes the months of events that ended before a time, with their ids: what comes under such an id is a new event then.
 * Totals stay. `onBatch` is called after each batch. Answers how many months it were.
 */
export async function removeOldEvents(
  before: Date,
  { db }: Pick<Resources, 'db'>,
  onBatch: () => void,
): Promise<number> {
  const months = (await listMonths(db)).filter(({ end }) => end <= before);
  for (const month of months) {
    let after: PrunePosition | undefined = beginning;
    while (after !== undefined) {
      after = await pruneIds(db, month, after, batchSize);
      onBatch();
    }
    await dropMonth(db, month);
  }
  return months.length;
}
