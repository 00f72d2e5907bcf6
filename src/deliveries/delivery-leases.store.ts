import type { Database } from '../database/connection';

/** Takes the shard once its holder's lease has run out; the answer is the fencing token, larger than any before it. */
export async function takeLease(db: Database, shard: number, seconds: number): Promise<number | undefined> {
  const { rows } = await db.raw<{ rows: { token: number }[] }>(
    `update delivery_leases set token = token + 1, expires_at = clock_timestamp() + make_interval(secs => :seconds)
     where shard = :shard and expires_at <= clock_timestamp()
     returning token`,
    { shard, seconds },
  );
  return rows[0]?.token;
}

/** Whether the lease is still this holder's, and so runs anew from now. */
export async function renewLease(db: Database, shard: number, token: number, seconds: number): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `update delivery_leases set expires_at = clock_timestamp() + make_interval(secs => :seconds)
     where shard = :shard and token = :token
     returning token`,
    { shard, token, seconds },
  );
  return rows.length > 0;
}

/** Gives the shard free at once. */
export async function releaseLease(db: Database, shard: number, token: number): Promise<void> {
  await db('delivery_leases')
    .where({ shard, token })
    .update({ expires_at: db.raw('clock_timestamp()') });
}
