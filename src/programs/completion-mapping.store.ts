import { uuidArray } from '../database/binary-arrays';
import type { Database, Transaction } from '../database/connection';
import type { CompletionMapping } from './completion-mapping.rules';

export interface CompletionMappingRow {
  /** Where it is not the default. */
  settings: Partial<CompletionMapping>;
  version: number;
}

/** Which course is meant by an id that events have. */
export interface ForeignCourse {
  foreign_id: string;
  course_id: string;
}

/** Makes an application's mapping, the default; answers whether there was none. */
export async function insertMapping(tx: Transaction, applicationId: string): Promise<boolean> {
  const made = await tx('completion_mappings')
    .insert({ application_id: applicationId })
    .onConflict()
    .ignore()
    .returning('application_id');
  return made.length > 0;
}

export const findMapping = (
  db: Database | Transaction,
  applicationId: string,
): Promise<CompletionMappingRow | undefined> =>
  db('completion_mappings').where({ application_id: applicationId }).first('settings', 'version');

/** To change it: from here to the commit it stays as it is. */
export const lockMapping = (tx: Transaction, applicationId: string): Promise<CompletionMappingRow | undefined> =>
  tx('completion_mappings').where({ application_id: applicationId }).forNoKeyUpdate().first('settings', 'version');

export async function listForeignCourses(db: Database | Transaction, applicationId: string): Promise<ForeignCourse[]> {
  return db<ForeignCourse & { application_id: string }>('completion_courses')
    .where({ application_id: applicationId })
    .orderBy('foreign_id')
    .select('foreign_id', 'course_id');
}

/** Which of these ids stand for which courses. */
export async function findForeignCourses(
  tx: Transaction,
  applicationId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await tx.raw<{ rows: ForeignCourse[] }>(
    `select foreign_id, course_id from completion_courses
     where application_id = :applicationId and foreign_id = any (:ids::text[])`,
    { applicationId, ids },
  );
  return new Map(rows.map(({ foreign_id, course_id }) => [foreign_id, course_id]));
}

/** Of which of these applications completions are made. */
export async function findCompleting(db: Database, applicationIds: readonly string[]): Promise<string[]> {
  const { rows } = await db
    .raw<{ rows: { application_id: string }[] }>(
      'select application_id from completion_mappings where application_id = any (:ids::uuid[])',
      { ids: uuidArray(applicationIds) },
    )
    .options({ name: 'find-completing-applications' });
  return rows.map(({ application_id }) => application_id);
}

/** Puts a mapping, and the courses it names, in the place of those before. It is locked. */
export async function replaceMapping(
  tx: Transaction,
  applicationId: string,
  settings: CompletionMapping,
  courses: readonly ForeignCourse[],
): Promise<void> {
  await tx('completion_mappings')
    .where({ application_id: applicationId })
    .update({ settings: JSON.stringify(settings), version: tx.raw('version + 1') });
  await tx('completion_courses').where({ application_id: applicationId }).delete();
  await tx.raw(
    `insert into completion_courses (application_id, foreign_id, course_id)
     select :applicationId, foreign_id, course_id
     from json_to_recordset(:courses) as c (foreign_id text, course_id text)`,
    { applicationId, courses: JSON.stringify(courses) },
  );
}
