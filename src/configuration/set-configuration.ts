import type { Database } from '../database/connection';
import { violatesReference } from '../database/postgres-errors';
import { notFound } from '../errors';
import { checkWanted, type WantedValue } from './configuration.rules';
import { type Configured, upsertSettings } from './configuration.store';

/** Sets values at a level, all or, when one is wrong, none. What was deleted in between is not found. */
export async function setConfiguration(
  db: Database,
  configured: Configured,
  wanted: readonly WantedValue[],
): Promise<void> {
  const settings = checkWanted(wanted);
  try {
    await upsertSettings(db, configured, settings);
  } catch (error) {
    if (!violatesReference(error)) throw error;
    throw notFound('What was to be configured has just been deleted.', { cause: error });
  }
}
