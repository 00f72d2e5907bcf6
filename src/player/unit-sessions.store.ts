import type { Database, Transaction } from '../database/connection';

/** An opening of a unit whose content reports to the server itself. */
export interface UnitSessionRow {
  id: string;
  launch_id: string;
  registration_id: string;
  activity_id: string;
  state: 'open' | 'ended' | 'abandoned';
  fetched_at: Date | null;
  /** What the rules of the content's standard have to know of the session. */
  notes: Record<string, unknown>;
  opened_at: Date;
  heard_at: Date | null;
  ended_at: Date | null;
}

export async function insertUnitSession(
  tx: Transaction,
  session: Pick<UnitSessionRow, 'id' | 'launch_id' | 'registration_id' | 'activity_id'>,
): Promise<void> {
  await tx('unit_sessions').insert(session);
}

export const findUnitSession = (db: Database | Transaction, id: string): Promise<UnitSessionRow | undefined> =>
  db<UnitSessionRow>('unit_sessions').where({ id }).first();

/** The launch and its registration are locked. */
export const lockUnitSession = (tx: Transaction, id: string): Promise<UnitSessionRow | undefined> =>
  tx<UnitSessionRow>('unit_sessions').where({ id }).forUpdate().first();

/** Those that are open of a launch, or of a whole registration, in the order of their opening; and whether what they say is kept. */
export const listOpenUnitSessions = (
  tx: Transaction,
  of: { launch_id: string } | { registration_id: string },
): Promise<(UnitSessionRow & { is_tracked: boolean })[]> =>
  tx<UnitSessionRow>('unit_sessions')
    .where({ ...of, state: 'open' })
    .orderBy('id')
    .select('*', tx.raw(`(select ${isTracked} from launches l where l.id = launch_id) as is_tracked`));

/** Of the launch (`options.tracking`). */
const isTracked = `l.options ->> 'tracking' is distinct from 'false'`;

/** Whether a session of the registration was opened in a launch that keeps what is said; another than one. */
export async function hasTrackedSession(tx: Transaction, registrationId: string, exceptId?: string): Promise<boolean> {
  const row: unknown = await tx('unit_sessions as u')
    .join('launches as l', 'l.id', 'u.launch_id')
    .where('u.registration_id', registrationId)
    .whereRaw('u.id is distinct from ?', [exceptId ?? null])
    .whereRaw(isTracked)
    .first('u.id');
  return row !== undefined;
}

/** The session that a launch opened last. */
export const findLastUnitSession = (tx: Transaction, launchId: string): Promise<UnitSessionRow | undefined> =>
  tx<UnitSessionRow>('unit_sessions').where({ launch_id: launchId }).orderBy('id', 'desc').first();

/** Adds to a session's notes by itself, without a lock on its launch. */
export async function addToNotes(db: Database, id: string, more: Record<string, unknown>): Promise<void> {
  await db('unit_sessions')
    .where({ id })
    .update({ notes: db.raw('notes || ?::jsonb', [JSON.stringify(more)]) });
}

/** Ends those that are open of a launch, or of a whole registration. */
export async function endOpenUnitSessions(
  tx: Transaction,
  of: { launch_id: string } | { registration_id: string },
  now: Date,
): Promise<void> {
  await tx('unit_sessions')
    .where({ ...of, state: 'open' })
    .update({ state: 'ended', ended_at: now });
}

/** Those of a launch that ended with it, at that moment, go on with it. */
export async function reopenUnitSessions(tx: Transaction, launchId: string, endedAt: Date): Promise<void> {
  await tx('unit_sessions')
    .where({ launch_id: launchId, state: 'ended', ended_at: endedAt })
    .update({ state: 'open', ended_at: null });
}

export async function updateUnitSession(
  tx: Transaction,
  id: string,
  { notes, ...changes }: Partial<Pick<UnitSessionRow, 'state' | 'fetched_at' | 'notes' | 'heard_at' | 'ended_at'>>,
): Promise<void> {
  await tx('unit_sessions')
    .where({ id })
    .update({ ...changes, ...(notes && { notes: JSON.stringify(notes) }) });
}
