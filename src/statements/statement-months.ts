import type { Database, Transaction } from '../database/connection';

/** Held by whoever makes a partition. */
const lockKey = 7_246_002;

const monthAt = (now: Date, away: number): Date => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + away));

const tableOf = (month: Date): string => `statements_${month.toISOString().slice(0, 7).replace('-', '_')}`;

/** When the next month begins. */
export const nextMonth = (now: Date): Date => monthAt(now, 1);

/**
 * Sees to it that this month's statements and the next one's have a partition, with what the default one has taken in of their time
 * meanwhile.
 */
export async function makeMonthsAhead(db: Database, now: Date): Promise<void> {
  for (const away of [0, 1]) {
    const month = monthAt(now, away);
    if (!(await exists(db, tableOf(month)))) await db.transaction((tx) => makeMonth(tx, month));
  }
}

async function makeMonth(tx: Transaction, month: Date): Promise<void> {
  const table = tableOf(month);
  await tx.raw('select pg_advisory_xact_lock(?)', [lockKey]);
  if (await exists(tx, table)) return;
  const [from, to] = [month.getTime() * 1000, monthAt(month, 1).getTime() * 1000];
  // Attached, not made in place: that would stop all who read and write the others.
  await tx.raw('create table ?? (like statements including all)', [table]);
  await tx.raw('lock table statements_default in access exclusive mode');
  await tx.raw(
    `with moved as (delete from statements_default where position >= ? and position < ? returning *)
     insert into ?? select * from moved`,
    [from, to, table],
  );
  await tx.raw(`alter table statements attach partition ?? for values from (${from}) to (${to})`, [table]);
}

async function exists(db: Database | Transaction, table: string): Promise<boolean> {
  // Not to_regclass, which may remember from before the lock.
  const { rows } = await db.raw<{ rows: unknown[] }>(
    'select from pg_class where relname = ? and relnamespace = current_schema::regnamespace',
    [table],
  );
  return rows.length > 0;
}
