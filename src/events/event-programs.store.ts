import type { Database, Transaction } from '../database/connection';

export interface EventProgramRow {
  id: string;
  application_id: string;
  /** The hub's own events about the application. */
  reserved: boolean;
  created_at: Date;
}

export interface ProgramGrantRow {
  program_id: string;
  application_id: string;
  created_at: Date;
}

export const findProgram = (db: Database | Transaction, id: string): Promise<EventProgramRow | undefined> =>
  db<EventProgramRow>('event_programs').where({ id }).first();

/** The application's own program whose id comes next; reserved ones are left out. */
export async function findNextOwnProgram(
  db: Database,
  applicationId: string,
  after: string,
): Promise<string | undefined> {
  const [id] = await db<EventProgramRow>('event_programs')
    .where({ application_id: applicationId, reserved: false })
    .andWhere('id', '>', after)
    .orderBy('id')
    .limit(1)
    .pluck<string[]>('id');
  return id;
}

/** Programs are registered one after the other, so that two that exclude each other cannot both be. */
export const lockPrograms = async (tx: Transaction): Promise<void> => {
  await tx.raw('lock table event_programs in share row exclusive mode');
};

/**
 * Of these ids the first that another application has taken: as it is, or so that ids of events could be those of both
 * (`FOO-1-2` may be of FOO and of FOO-1).
 */
export async function findTakenProgram(
  tx: Transaction,
  applicationId: string,
  ids: readonly string[],
): Promise<string | undefined> {
  const { rows } = await tx.raw<{ rows: { wanted: string }[] }>(
    `select wanted from unnest(?::text[]) as wanted
     where exists (
       select from event_programs p where p.application_id <> ?
         and (p.id = wanted or starts_with(p.id, wanted || '-') or starts_with(wanted, p.id || '-'))
     ) limit 1`,
    [[...ids], applicationId],
  );
  return rows[0]?.wanted;
}

/** Adds those that are not there yet. */
export async function insertPrograms(tx: Transaction, applicationId: string, ids: readonly string[]): Promise<void> {
  await tx('event_programs')
    .insert(ids.map((id) => ({ id, application_id: applicationId })))
    .onConflict('id')
    .ignore();
}

/** The programs whose events an application may read: its own, and those that it was granted. */
const readablePrograms = `
  select id from event_programs where application_id = :applicationId
  union
  select program_id from program_grants where application_id = :applicationId`;

export async function listReadableProgramIds(db: Database, applicationId: string): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(readablePrograms, { applicationId });
  return rows.map(({ id }) => id);
}

export async function isReadable(db: Database, applicationId: string, programId: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select from (${readablePrograms}) as readable where id = :programId`,
    { applicationId, programId },
  );
  return rows.length > 0;
}

/** By id, a page at a time: all of the hub's, or those that one application may read. */
export const listPrograms = (
  db: Database,
  applicationId: string | undefined,
  after: string,
  limit: number,
): Promise<EventProgramRow[]> =>
  db<EventProgramRow>('event_programs')
    .where('id', '>', after)
    .modify((query) => {
      if (applicationId !== undefined) void query.whereRaw(`id in (${readablePrograms})`, { applicationId });
    })
    .orderBy('id')
    .limit(limit);

/** Grants reading, or leaves it granted. */
export async function insertGrant(db: Database, programId: string, applicationId: string): Promise<ProgramGrantRow> {
  const [row] = await db<ProgramGrantRow>('program_grants')
    .insert({ program_id: programId, application_id: applicationId })
    .onConflict(['application_id', 'program_id'])
    .merge(['program_id'])
    .returning('*');
  return row!;
}

export const deleteGrant = async (db: Database, programId: string, applicationId: string): Promise<boolean> =>
  (await db('program_grants').where({ program_id: programId, application_id: applicationId }).delete()) > 0;

export const listGrants = (
  db: Database,
  programId: string,
  after: string | undefined,
  limit: number,
): Promise<ProgramGrantRow[]> =>
  db<ProgramGrantRow>('program_grants')
    .where({ program_id: programId })
    .modify((query) => {
      if (after !== undefined) void query.where('application_id', '>', after);
    })
    .orderBy('application_id')
    .limit(limit);
