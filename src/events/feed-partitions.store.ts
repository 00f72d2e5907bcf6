import type { Database, Transaction } from '../database/connection';
import type { FeedMonth } from './feed-partitions.rules';

const defaultPartition = 'event_feed_default';

export async function listPartitions(db: Database | Transaction): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { relname: string }[] }>(
    `select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'event_feed'::regclass order by c.relname`,
  );
  return rows.map(({ relname }) => relname);
}

/** Two processes do not make or drop partitions at once. */
export const lockPartitions = async (tx: Transaction): Promise<void> => {
  await tx.raw('select pg_advisory_xact_lock(7245002)');
};

/**
 * Makes a partition, with what the default has taken in of its time meanwhile. Attached and not created in place, so that
 * writers go on; readers wait for a moment.
 */
export async function addPartition(tx: Transaction, { table, from, to }: FeedMonth): Promise<void> {
  await tx.raw('create table ?? (like event_feed including defaults including constraints)', [table]);
  const { rows } = await tx.raw<{ rows: unknown[] }>(
    `select from ${defaultPartition} where position >= ? and position < ? limit 1`,
    [from, to],
  );
  if (rows.length > 0) {
    await tx.raw(`lock table ${defaultPartition} in access exclusive mode`);
    await tx.raw(
      `with moved as (delete from ${defaultPartition} where position >= :from and position < :to returning *)
       insert into :table: select * from moved`,
      { table, from, to },
    );
  }
  await tx.raw(`alter table event_feed attach partition ?? for values from (${from}) to (${to})`, [table]);
}

export async function dropPartition(tx: Transaction, table: string): Promise<void> {
  await tx.raw('drop table ??', [table]);
}

/** Ids of events that have had no change since, a batch of a partition's entries after the other; where the batch ended. */
export async function pruneIds(
  db: Database,
  { table, after, before, limit }: { table: string; after: number; before: number; limit: number },
): Promise<number | undefined> {
  const { rows } = await db.raw<{ rows: { last: number | null }[] }>(
    `with old as materialized (
       select position, event_id from ?? where position > ? and position < ? order by position limit ?
     ), pruned as (
       delete from events e using old where e.id = old.event_id and e.position = old.position
     )
     select max(position) as last from old`,
    [table, after, before, limit],
  );
  return rows[0]?.last ?? undefined;
}

/** What is old in the default partition, a batch at a time; answers how many. */
export async function deleteFromDefault(db: Database | Transaction, before: number, limit: number): Promise<number> {
  const result = await db.raw<{ rowCount: number }>(
    `delete from ${defaultPartition} where position in
       (select position from ${defaultPartition} where position < ? order by position limit ?)`,
    [before, limit],
  );
  return result.rowCount;
}

/** Notes what was removed, so that readers whose cursor lies before are told. */
export async function notePruned(tx: Transaction | Database, before: number): Promise<void> {
  await tx.raw('update event_feed_pruned set through = greatest(through, ?::bigint)', [before - 1]);
}

/** The last position before one. */
export async function lastPositionBefore(db: Database, table: string, before: number): Promise<number | undefined> {
  const { rows } = await db.raw<{ rows: { last: number | null }[] }>(
    'select max(position) as last from ?? where position < ?',
    [table, before],
  );
  return rows[0]?.last ?? undefined;
}
