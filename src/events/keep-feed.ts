import type { Database } from '../database/connection';
import { endOf, monthsFrom, positionAt } from './feed-partitions.rules';
import {
  addPartition,
  deleteFromDefault,
  dropPartition,
  lastPositionBefore,
  listPartitions,
  lockPartitions,
  notePruned,
  pruneIds,
} from './feed-partitions.store';

/** This month's and two more: housekeeping may fail for weeks before the default partition takes anything. */
const monthsAhead = 3;
const batchSize = 5000;
const dayMs = 24 * 3600 * 1000;

/** Sees that the feed has partitions for what comes; answers how many were made. */
export async function ensurePartitions(db: Database, now: Date): Promise<number> {
  const wanted = monthsFrom(now, monthsAhead);
  const isMissing = (there: readonly string[]) => wanted.filter(({ table }) => !there.includes(table));
  if (isMissing(await listPartitions(db)).length === 0) return 0;
  return db.transaction(async (tx) => {
    await lockPartitions(tx);
    const missing = isMissing(await listPartitions(tx));
    for (const month of missing) await addPartition(tx, month);
    return missing.length;
  });
}

/**
 * Removes what was taken in before the last `days`: whole months, and events that had no change since with them. Answers
 * how many partitions went. `beat` is called between batches.
 */
export async function removeOldEvents(
  { now, days }: { now: Date; days: number },
  db: Database,
  beat: () => void,
): Promise<number> {
  if (days === 0) return 0;
  const before = positionAt(new Date(now.getTime() - days * dayMs));
  const old = (await listPartitions(db)).filter((table) => (endOf(table) ?? Infinity) <= before);
  for (const table of old) {
    await pruneAll(db, table, endOf(table)!, beat);
    const last = await lastPositionBefore(db, table, endOf(table)!);
    await db.transaction(async (tx) => {
      await lockPartitions(tx);
      if (last !== undefined) await notePruned(tx, last + 1);
      await dropPartition(tx, table);
    });
    beat();
  }
  await emptyDefault(db, before, beat);
  return old.length;
}

async function pruneAll(db: Database, table: string, before: number, beat: () => void): Promise<void> {
  let after: number | undefined = 0;
  while (after !== undefined) {
    after = await pruneIds(db, { table, after, before, limit: batchSize });
    beat();
  }
}

/** What came while there was no partition for it. */
async function emptyDefault(db: Database, before: number, beat: () => void): Promise<void> {
  const last = await lastPositionBefore(db, 'event_feed_default', before);
  if (last === undefined) return;
  await pruneAll(db, 'event_feed_default', before, beat);
  await notePruned(db, last + 1);
  while ((await deleteFromDefault(db, before, batchSize)) > 0) beat();
}
