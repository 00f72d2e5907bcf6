import type { Database, Transaction } from '../database/connection';
import type { Progress } from './enrolled-registrations.rules';
import type { LaunchOptions } from './launch-links.schemas';
import { hasWaived } from './registrations.store';

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

/**
 * Locks the launches of registrations that are to be deleted, whose rows go with them: whoever writes to a registration holds its
 * launch first.
 */
export async function lockLaunchesOf(
  tx: Transaction,
  registrations: Partial<Record<'learner_id' | 'course_id' | 'version_id', number | string>>,
): Promise<void> {
  await tx('launches as l')
    .whereIn('l.registration_id', tx('registrations').where(registrations).select('id'))
    .orderBy('l.id')
    .forUpdate('l')
    .select('l.id');
}

/** What has become of a registration's launches. Until the commit none is opened, and none that is open is left. */
export async function lockProgress(tx: Transaction, registrationId: string): Promise<Progress> {
  const unfinished = await tx<LaunchRow>('launches')
    .where({ registration_id: registrationId })
    .whereNot({ state: 'finished' })
    .orderBy('id')
    .forUpdate()
    .select('state');
  const opened = await tx('launches')
    .where({ registration_id: registrationId })
    .whereNotNull('opened_at')
    .first<object | undefined>('id');
  const hasBegun = opened !== undefined || (await hasWaived(tx, registrationId));
  return { isOpen: unfinished.some(({ state }) => state === 'open'), hasBegun };
}

/** Whether a registration has another launch that is open. */
export async function hasOtherOpen(tx: Transaction, { id, registration_id }: LaunchRow): Promise<boolean> {
  const other = await tx('launches').where({ registration_id, state: 'open' }).whereNot({ id }).first<object>('id');
  return other !== undefined;
}

/** Removes launches whose link was never opened and has expired, a preview with its registration; answers how many. */
export async function deleteUnopened(db: Database, before: Date, limit: number): Promise<number> {
  const { rowCount } = await db.raw<{ rowCount: number }>(
    `with unopened as materialized (
       select id, registration_id from launches where state = 'unopened' and link_expires_at < :before
       limit :limit for update skip locked),
     previews as (
       delete from registrations where kind = 'preview' and id in (select registration_id from unopened))
     delete from launches where id in (select id from unopened)`,
    { before, limit },
  );
  return rowCount;
}
