import { type Caller, requireApplication } from '../applications/caller';
import type { Database } from '../database/connection';
import { forbidden, notFound } from '../errors';
import type { Resources } from '../resources';
import { findProgram, isReadable, listReadableProgramIds } from './event-programs.store';

/**
 * The application that publishes. Throws forbidden unless the key may publish for the program; in the same words whether or not
 * there is one.
 */
export async function requirePublisher(
  caller: Caller,
  programId: string,
  { programs }: Pick<Resources, 'programs'>,
): Promise<string> {
  const applicationId = requireApplication(caller);
  const mayTry = caller.programs.includes(programId);
  const program = mayTry ? await programs.get(programId) : undefined;
  if (program?.application_id === applicationId && !program.reserved) return applicationId;
  throw forbidden(`This key has no right to publish for the program ${programId}.`, { code: 'program_forbidden' });
}

/** Throws not-found unless the caller's application may read the program. */
export async function requireReader(caller: Caller, programId: string, db: Database): Promise<void> {
  if (!(await isReadable(db, requireApplication(caller), programId))) throw programMissing(programId);
}

/** The programs that a reader's question is about: the one it names, or all that its application may read. */
export async function readablePrograms(caller: Caller, named: string | undefined, db: Database): Promise<string[]> {
  if (named === undefined) return listReadableProgramIds(db, requireApplication(caller));
  await requireReader(caller, named, db);
  return [named];
}

/** The program, where the caller is its owner or an administrator; else not-found. */
export async function requireOwner({ applicationId }: Caller, programId: string, db: Database): Promise<void> {
  const program = await findProgram(db, programId);
  if (!program || (applicationId !== undefined && program.application_id !== applicationId)) {
    throw programMissing(programId);
  }
}

export const programMissing = (id: string) => notFound(`There is no program ${id} that you can see.`);
