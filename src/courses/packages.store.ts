import type { Knex } from 'knex';
import type { Database, Transaction } from '../database/connection';
import type { PackageEntry } from './packages/package';

export interface StoredEntry extends PackageEntry {
  /** An uncompressed copy of the file's bytes, for deflated audio and video. */
  mediaKey?: string;
}

interface PackageEntryRow {
  path: string;
  data_offset: number;
  compressed_size: number;
  size: number;
  deflated: boolean;
  crc32: number;
  media_key: string | null;
}

/** Whether this zip was checked through already: equal content needs no second look. */
export const isChecked = async (db: Database, blobKey: string): Promise<boolean> =>
  (await db('packages').where({ blob_key: blobKey }).first('blob_key')) !== undefined;

/** Keeps a checked zip's index, in one statement however many entries it has. Does nothing when it is there already. */
export async function insertPackage(tx: Transaction, blobKey: string, entries: readonly StoredEntry[]): Promise<void> {
  const inserted = await tx('packages')
    .insert({
      blob_key: blobKey,
      entry_count: entries.length,
      unpacked_size: entries.reduce((sum, { size }) => sum + size, 0),
    })
    .onConflict('blob_key')
    .ignore()
    .returning('blob_key');
  if (inserted.length === 0) return;
  await tx.raw(
    `insert into package_entries (package_key, path, data_offset, compressed_size, size, deflated, crc32, media_key)
     select ?, * from unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::boolean[], ?::bigint[], ?::text[])`,
    [
      blobKey,
      entries.map(({ path }) => path),
      entries.map(({ dataOffset }) => dataOffset),
      entries.map(({ compressedSize }) => compressedSize),
      entries.map(({ size }) => size),
      entries.map(({ method }) => method === 'deflated'),
      entries.map(({ crc32 }) => crc32),
      entries.map(({ mediaKey }) => mediaKey ?? null),
    ] as Knex.Value[],
  );
}

/** A checked zip's index, by path. */
export async function listEntries(db: Database, blobKey: string): Promise<StoredEntry[]> {
  const rows = await db('package_entries')
    .where({ package_key: blobKey })
    .orderBy('path')
    .select<PackageEntryRow[]>('*');
  return rows.map(toEntry);
}

/** One entry of a checked zip. */
export async function findEntry(
  db: Database | Transaction,
  blobKey: string,
  path: string,
): Promise<StoredEntry | undefined> {
  const row = await db<PackageEntryRow & { package_key: string }>('package_entries')
    .where({ package_key: blobKey, path })
    .first();
  return row && toEntry(row);
}

const toEntry = (row: PackageEntryRow): StoredEntry => ({
  path: row.path,
  dataOffset: row.data_offset,
  compressedSize: row.compressed_size,
  size: row.size,
  method: row.deflated ? 'deflated' : 'stored',
  crc32: row.crc32,
  ...(row.media_key === null ? {} : { mediaKey: row.media_key }),
});
