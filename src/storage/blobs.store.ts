import type { Database, Transaction } from '../database/connection';
import { violatesReference } from '../database/postgres-errors';
import type { StoredBlob } from './content-store';

/**
 * Gives a stored blob its row, so that others can refer to it. Equal content is kept once: when it is there already, its
 * older key is answered, and the caller removes what it has just written once its transaction has committed. The row is
 * locked against collection until then.
 */
export async function adoptBlob(tx: Transaction, { key, sha256, size }: StoredBlob): Promise<string> {
  const { rows } = await tx.raw<{ rows: { key: string }[] }>(
    `insert into blobs (key, sha256, size) values (?, decode(?, 'hex'), ?)
     on conflict on constraint blobs_sha256_key do update set released_at = null
     returning key`,
    [key, sha256, size],
  );
  return rows[0]!.key;
}

/** Bytes. */
export async function findBlobSize(db: Database | Transaction, key: string): Promise<number | undefined> {
  const row = await db<{ key: string; size: number }>('blobs').where({ key }).first('size');
  return row?.size;
}

/** Notes, in the transaction that drops references to them, that these blobs may be unused now. */
export async function releaseBlobs(tx: Transaction, keys: readonly string[]): Promise<void> {
  if (keys.length > 0)
    await tx('blobs')
      .whereIn('key', [...keys])
      .update({ released_at: tx.fn.now() });
}

/** Blobs that were released before the moment and not looked at since, oldest first. */
export const listReleased = (db: Database, before: Date, limit: number): Promise<string[]> =>
  db('blobs').where('released_at', '<', before).orderBy('released_at').limit(limit).pluck('key');

/** The keys among these that have no row: files that nobody can ever refer to again. */
export async function keysWithoutRow(db: Database, keys: readonly string[]): Promise<string[]> {
  const known = new Set<string>(
    await db('blobs')
      .whereIn('key', [...keys])
      .pluck('key'),
  );
  return keys.filter((key) => !known.has(key));
}

/**
 * Deletes a blob's row, and the checked package that it may be, unless something refers to it: the foreign keys decide, so
 * a reference that is being made at this moment wins. Answers the blobs that are gone or newly unused.
 */
export async function deleteUnreferenced(
  db: Database,
  key: string,
): Promise<{ deleted: boolean; alsoReleased: string[] }> {
  try {
    return await db.transaction(async (tx) => {
      const alsoReleased: string[] = await tx('package_entries')
        .where({ package_key: key })
        .whereNotNull('media_key')
        .distinct()
        .pluck('media_key');
      await tx('packages').where({ blob_key: key }).delete();
      const deleted = await tx('blobs').where({ key }).whereNotNull('released_at').delete();
      await releaseBlobs(tx, alsoReleased);
      return { deleted: deleted > 0, alsoReleased };
    });
  } catch (error) {
    if (!violatesReference(error)) throw error;
    await db('blobs').where({ key }).update({ released_at: null });
    return { deleted: false, alsoReleased: [] };
  }
}
