import type { Transaction } from '../database/connection';
import { conflict, invalid } from '../errors';
import { findTakenProgram, insertPrograms, lockPrograms } from './event-programs.store';

/** The hub's own programs begin so; nobody registers one. */
const reservedPrefix = /^HUB-/i;

/**
 * Makes programs an application's own, those that are not yet. Throws conflict where another application has one, or one that
 * is its beginning: ids of events begin with their program's and a hyphen, and have to stay unique.
 */
export async function registerPrograms(tx: Transaction, applicationId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const reserved = ids.find((id) => reservedPrefix.test(id));
  if (reserved !== undefined) throw invalid(`Programs that begin with HUB- are the hub’s own: ${reserved}.`);
  await lockPrograms(tx);
  const taken = await findTakenProgram(tx, applicationId, ids);
  if (taken !== undefined) {
    throw conflict(`The program ${taken} cannot be had: another application’s has this id, or one that overlaps it.`, {
      code: 'program_taken',
    });
  }
  await insertPrograms(tx, applicationId, ids);
}
