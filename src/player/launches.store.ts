import type { Database, Transaction } from '../database/connection';
import type { LaunchOptions } from './launch-links.schemas';

export interface LaunchRow {
  id: string;
  registration_id: string;
  options: LaunchOptions;
  state: 'unopened' | 'open' | 'finished';
  link_expires_at: Date;
  opened_at: Date | null;
  last_seen_at: Date | null;
  finished_at: Date | null;
  finished_by: 'exit' | 'timeout' | null;
  opening: number;
  commit_opening: number;
  commit_number: number;
  created_at: Date;
}

export async function insertLaunch(
  tx: Transaction,
  launch: Pick<LaunchRow, 'id' | 'registration_id' | 'options' | 'link_expires_at'>,
): Promise<void> {
  await tx('launches').insert({ ...launch, options: JSON.stringify(launch.options) });
}

export const findLaunch = (db: Database | Transaction, id: string): Promise<LaunchRow | undefined> =>
  db<LaunchRow>('launches').where({ id }).first();

export const lockLaunch = (tx: Transaction, id: string): Promise<LaunchRow | undefined> =>
  tx<LaunchRow>('launches').where({ id }).forUpdate().first();

export async function updateLaunch(
  tx: Transaction,
  id: string,
  changes: Partial<Omit<LaunchRow, 'id' | 'registration_id' | 'options' | 'created_at'>>,
): Promise<void> {
  await tx('launches').where({ id }).update(changes);
}

/** Removes previews whose link was never opened and has expired; answers how many. */
export async function deleteUnopened(db: Database, before: Date, limit: number): Promise<number> {
  const { rowCount } = await db.raw<{ rowCount: number }>(
    `delete from registrations where kind = 'preview' and id in (
       select registration_id from launches where state = 'unopened' and link_expires_at < ? limit ?)`,
    [before, limit],
  );
  return rowCount;
}
