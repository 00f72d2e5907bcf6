import type { Database } from '../database/connection';
import { listStrayMonths, makeMonth } from './event-months.store';

/** The first day of a month some months away from a moment, UTC. */
export const monthAt = (moment: Date, away = 0): Date =>
  new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + away, 1));

/**
 * Sees to it that events of this month and the next have a partition, and that none stays in the default one: what came while
 * there was no partition of its month is moved. The default takes what comes all the same.
 */
export async function makeMonthsAhead(db: Database, now: Date): Promise<void> {
  const months = [...(await listStrayMonths(db)), monthAt(now), monthAt(now, 1)];
  for (const month of months) await makeMonth(db, month); // One that is there already costs a look-up.
}
