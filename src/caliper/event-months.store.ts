import type { Database } from '../database/connection';

/** A month of events, each a partition by when they were received; their envelopes have one of the same month. */
export interface EventMonth {
  /** The partition. */
  table: string;
  /** When the next month begins. */
  end: Date;
}

/** What has a partition a month. */
const parents = ['caliper_envelopes', 'caliper_events'] as const;

const suffixOf = (month: Date): string =>
  `${month.getUTCFullYear()}_${String(month.getUTCMonth() + 1).padStart(2, '0')}`;

/** Held by whoever makes a partition. */
const lockKey = 7_246_001;

/** Makes the partitions of a month that begins then, unless they are there, with what lies in the default ones. */
export async function makeMonth(db: Database, month: Date): Promise<void> {
  const suffix = suffixOf(month);
  if (await exists(db, `caliper_events_${suffix}`)) return;
  const end = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1));
  await db.transaction(async (tx) => {
    await tx.raw('select pg_advisory_xact_lock(?)', [lockKey]);
    if (await exists(tx, `caliper_events_${suffix}`)) return;
    for (const parent of parents) await makePartition(tx, parent, suffix, [month.toISOString(), end.toISOString()]);
  });
}

async function makePartition(
  tx: Database,
  parent: string,
  suffix: string,
  bounds: readonly [from: string, to: string],
): Promise<void> {
  const table = `${parent}_${suffix}`;
  // Attached, not made in place: that would stop all who read and write the others.
  await tx.raw('create table ?? (like ?? including all)', [table, parent]);
  await tx.raw('lock table ?? in access exclusive mode', [`${parent}_default`]);
  await tx.raw(
    `with moved as (delete from ?? where received_at >= ? and received_at < ? returning *)
     insert into ?? select * from moved`,
    [`${parent}_default`, ...bounds, table],
  );
  const [from, to] = bounds.map((bound) => `'${bound}'`);
  await tx.raw(`alter table ?? attach partition ?? for values from (${from}) to (${to})`, [parent, table]);
}

async function exists(db: Database, table: string): Promise<boolean> {
  // Not to_regclass, which may remember from before the lock.
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select from pg_class where relname = ? and relnamespace = current_schema::regnamespace`,
    [table],
  );
  return rows.length > 0;
}

/** Months of which events lie in the default partition, because theirs was missing. */
export async function listStrayMonths(db: Database): Promise<Date[]> {
  const { rows } = await db.raw<{ rows: { month: Date }[] }>(
    `select distinct date_trunc('month', received_at) as month from caliper_events_default order by month limit 100`,
  );
  return rows.map(({ month }) => month);
}

/** The oldest first. */
export async function listMonths(db: Database): Promise<EventMonth[]> {
  const { rows } = await db.raw<{ rows: { table: string }[] }>(
    `select c.relname as "table" from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'caliper_events'::regclass and c.relname ~ '^caliper_events_\\d{4}_\\d{2}$' order by 1`,
  );
  return rows.map(({ table }) => {
    const [year, month] = table.slice(-7).split('_').map(Number) as [number, number];
    return { table, end: new Date(Date.UTC(year, month, 1)) };
  });
}

/** Where pruning goes on: the last id that was let go. */
export type PrunePosition = readonly [applicationId: string, eventTime: string, eventId: string];

/** Lets go of the ids of a month's events, some at a time; answers where it came to, undefined at the end. */
export async function pruneIds(
  db: Database,
  { table }: EventMonth,
  after: PrunePosition,
  limit: number,
): Promise<PrunePosition | undefined> {
  const { rows } = await db.raw<{ rows: { application_id: string; event_time: string; event_id: string }[] }>(
    `with old as (
       select application_id, event_time, event_id, received_at from ??
       where (application_id, event_time, event_id) > (?::uuid, ?::timestamptz, ?::uuid)
       order by application_id, event_time, event_id limit ?
     ),
     pruned as (
       delete from caliper_event_ids i using old
       where i.application_id = old.application_id and i.event_id = old.event_id and i.received_at = old.received_at
     )
     select application_id, event_time::text, event_id from old
     order by application_id desc, old.event_time desc, event_id desc limit 1`,
    [table, ...after, limit],
  );
  const [last] = rows;
  return last && [last.application_id, last.event_time, last.event_id];
}

export const dropMonth = async (db: Database, { table }: EventMonth): Promise<void> => {
  await db.raw('drop table if exists ??, ??', [table, table.replace('events', 'envelopes')]);
};
