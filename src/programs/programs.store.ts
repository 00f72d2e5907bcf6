import type { Database, Transaction } from '../database/connection';
import type { ProgramSettings } from './program-settings.rules';

export interface ProgramRow {
  id: number;
  application_id: string;
  title: string;
  description: string | null;
  settings: ProgramSettings;
  /** For ETag and If-Match. */
  version: number;
  created_at: Date;
  updated_at: Date;
  deleted_at: Date | null;
}

export interface ProgramItemRow {
  id: number;
  program_id: number;
  position: number;
  course_id: string | null;
  title: string | null;
  requires_approval: boolean;
  days_until_due: number | null;
  /** Its course was deleted: done for those enrolled, gone for later ones. */
  waived_at: Date | null;
  removed_at: Date | null;
}

/** An item as it is written; with an id, one that the program has already. */
export type ProgramItemToWrite = Pick<
  ProgramItemRow,
  'course_id' | 'title' | 'requires_approval' | 'days_until_due'
> & {
  id?: number;
};

export const findProgram = (
  db: Database | Transaction,
  applicationId: string,
  id: number,
): Promise<ProgramRow | undefined> =>
  db<ProgramRow>('programs').where({ id, application_id: applicationId }).whereNull('deleted_at').first();

/** A page of an application's programs, by id. */
export const listPrograms = (
  db: Database,
  applicationId: string,
  { after, limit }: { after: number; limit: number },
): Promise<ProgramRow[]> =>
  db<ProgramRow>('programs')
    .where({ application_id: applicationId })
    .whereNull('deleted_at')
    .andWhere('id', '>', after)
    .orderBy('id')
    .limit(limit);

/** To change it; whoever enrolls in it waits. */
export const lockProgram = (tx: Transaction, applicationId: string, id: number): Promise<ProgramRow | undefined> =>
  tx<ProgramRow>('programs').where({ id, application_id: applicationId }).whereNull('deleted_at').forUpdate().first();

/** To enroll in them: until the commit their settings and items stay as they are. The learners are locked before. */
export const shareProgramLocks = (tx: Transaction, ids: readonly number[]): Promise<ProgramRow[]> =>
  tx<ProgramRow>('programs').whereIn('id', ids).orderBy('id').forShare();

/** The items that programs have now, in their order. */
export const listProgramItems = (
  db: Database | Transaction,
  programIds: readonly number[],
): Promise<ProgramItemRow[]> =>
  db<ProgramItemRow>('program_items')
    .whereIn('program_id', programIds)
    .whereNull('removed_at')
    .orderBy(['program_id', 'position']);

export async function insertProgram(
  tx: Transaction,
  program: Pick<ProgramRow, 'application_id' | 'title' | 'description' | 'settings'>,
  now: Date,
): Promise<ProgramRow> {
  const settings = JSON.stringify(program.settings);
  const [row] = await tx('programs')
    .insert({ ...program, settings, created_at: now, updated_at: now })
    .returning<ProgramRow[]>('*');
  return row!;
}

export async function updateProgram(
  tx: Transaction,
  id: number,
  { settings, ...values }: Partial<Pick<ProgramRow, 'title' | 'description' | 'settings'>>,
  now: Date,
): Promise<void> {
  await tx('programs')
    .where({ id })
    .update({
      ...values,
      ...(settings !== undefined && { settings: JSON.stringify(settings) }),
      version: tx.raw('version + 1'),
      updated_at: now,
    });
}

/** Makes a program invisible, and no group a source of it. */
export async function markDeleted(tx: Transaction, id: number, now: Date): Promise<void> {
  await tx('programs').where({ id }).update({ deleted_at: now });
  await tx('program_groups').where({ program_id: id }).delete();
}

/** Gives a program these items in this order. Those that are left out are removed from it, not from enrollments. */
export async function writeItems(
  tx: Transaction,
  programId: number,
  items: readonly ProgramItemToWrite[],
  now: Date,
): Promise<void> {
  const bindings = { programId, now, items: JSON.stringify(items.map((item, position) => ({ position, ...item }))) };
  const written = `json_to_recordset(:items) as w (position smallint, id bigint, course_id text, title text,
    requires_approval boolean, days_until_due integer)`;
  // Positions are unique: all are moved out of the way first.
  await tx.raw(
    `update program_items set position = -1 - position,
       removed_at = case when id in (select id from ${written} where id is not null) then null else :now::timestamptz end
     where program_id = :programId and removed_at is null`,
    bindings,
  );
  await tx.raw(
    `update program_items i set position = w.position, course_id = w.course_id, title = w.title,
       requires_approval = w.requires_approval, days_until_due = w.days_until_due
     from ${written} where i.id = w.id and i.program_id = :programId`,
    bindings,
  );
  await tx.raw(
    `insert into program_items (program_id, position, course_id, title, requires_approval, days_until_due)
     select :programId, position, course_id, title, coalesce(requires_approval, false), days_until_due
     from ${written} where id is null order by position`,
    bindings,
  );
}

/** Programs that have, or had, a course among their items, locked to be changed. */
export async function lockProgramsWith(tx: Transaction, applicationId: string, courseId: string): Promise<number[]> {
  const { rows } = await tx.raw<{ rows: { id: number }[] }>(
    `select p.id from programs p where p.application_id = :applicationId
       and p.id in (select program_id from program_items where course_id = :courseId and waived_at is null)
     order by p.id for update`,
    { applicationId, courseId },
  );
  return rows.map(({ id }) => id);
}

/** Waives every item with the course in the programs, also those that only enrollments still have. */
export async function waiveItems(
  tx: Transaction,
  programIds: readonly number[],
  courseId: string,
  now: Date,
): Promise<void> {
  await tx<ProgramItemRow>('program_items')
    .whereIn('program_id', programIds)
    .where({ course_id: courseId })
    .whereNull('waived_at')
    .update({ waived_at: now });
}

/** Notes that nobody is enrolled in a deleted program any more. */
export async function markEmptied(db: Database, id: number, now: Date): Promise<void> {
  await db('programs').where({ id }).whereNull('emptied_at').update({ emptied_at: now });
}

/** Programs that were deleted before, and in which somebody may still be enrolled. */
export const findUnemptied = (db: Database, before: Date, limit: number): Promise<number[]> =>
  db('programs')
    .whereNull('emptied_at')
    .where('deleted_at', '<', before)
    .orderBy('deleted_at')
    .limit(limit)
    .pluck<number[]>('id');

/** Waived items of a course of which some who are enrolled may not have been told. */
export const findUnsettledItems = (db: Database, applicationId: string, courseId: string): Promise<number[]> =>
  db('program_items as i')
    .join('programs as p', 'p.id', 'i.program_id')
    .where({ 'p.application_id': applicationId, 'i.course_id': courseId })
    .whereNotNull('i.waived_at')
    .whereNull('i.settled_at')
    .pluck<number[]>('i.id');

export async function markSettled(db: Database, itemIds: readonly number[], now: Date): Promise<void> {
  await db('program_items').whereIn('id', itemIds).update({ settled_at: now });
}

/** Courses whose items were waived before, and may not be settled. */
export async function findUnsettledCourses(
  db: Database,
  before: Date,
  limit: number,
): Promise<{ applicationId: string; courseId: string }[]> {
  const { rows } = await db.raw<{ rows: { applicationId: string; courseId: string }[] }>(
    `select distinct p.application_id as "applicationId", i.course_id as "courseId"
     from (select program_id, course_id from program_items
       where waived_at < :before and settled_at is null order by waived_at limit :limit) i
     join programs p on p.id = i.program_id`,
    { before, limit },
  );
  return rows;
}
