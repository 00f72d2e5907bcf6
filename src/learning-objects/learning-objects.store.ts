import type { Knex } from 'knex';
import type { Database, Transaction } from '../database/connection';
import type { LearningObjectFields, NewFields } from './learning-objects.rules';

export interface LearningObjectRow extends LearningObjectFields {
  id: number;
  application_id: string;
  /** The application's number, for APIs that want an integer. */
  application_number: number;
  course_id: string | null;
  created_at: Date;
  updated_at: Date;
}

/** The index that a second object of one repository and id meets. */
export const repositoryKey = 'learning_objects_repository_key';

/** Rows together with their application's number. */
const objects = (db: Database | Transaction): Knex.QueryBuilder =>
  db('learning_objects as lo')
    .join('applications as a', 'a.id', 'lo.application_id')
    .select('lo.*', 'a.number as application_number');

const first = async (query: PromiseLike<LearningObjectRow[]>): Promise<LearningObjectRow | undefined> =>
  (await query)[0];

/** How an application names one of its objects. */
export type ObjectName = { id: number } | { id_repository: string; repository?: string };

/** Of objects of one id in several repositories, the oldest. */
const named = (db: Database | Transaction, applicationId: string, name: ObjectName) =>
  objects(db)
    .where({ 'lo.application_id': applicationId })
    .where(Object.fromEntries(Object.entries(name).map(([column, value]) => [`lo.${column}`, value])))
    .orderBy('lo.id')
    .limit(1);

export const findObject = (
  db: Database | Transaction,
  applicationId: string,
  name: ObjectName,
): Promise<LearningObjectRow | undefined> => first(named(db, applicationId, name));

export const lockObject = (
  tx: Transaction,
  applicationId: string,
  name: ObjectName,
): Promise<LearningObjectRow | undefined> => first(named(tx, applicationId, name).forUpdate('lo'));

/** Whosever it is, for what the hub sends; its row is shared, so that nobody changes it meanwhile. */
export const shareObjectById = (tx: Transaction, id: number): Promise<LearningObjectRow | undefined> =>
  first(objects(tx).where('lo.id', id).forShare('lo'));

export interface ObjectFilter {
  repository?: string;
  id_repository?: string;
  course_id?: string;
}

/** The objects of an application by id, a page at a time. */
export const listObjects = (
  db: Database,
  applicationId: string,
  filter: ObjectFilter,
  after: number,
  limit: number,
): Promise<LearningObjectRow[]> =>
  objects(db)
    .where({ 'lo.application_id': applicationId })
    .where(Object.fromEntries(Object.entries(filter).map(([column, value]) => [`lo.${column}`, value])))
    .andWhere('lo.id', '>', after)
    .orderBy('lo.id')
    .limit(limit);

/** Inserts an object; answers undefined when another transaction was first with its repository and id. */
export async function insertObject(
  tx: Transaction,
  applicationId: string,
  fields: NewFields & { repository: string },
): Promise<LearningObjectRow | undefined> {
  const [row] = await tx('learning_objects')
    .insert({ application_id: applicationId, ...fields })
    .onConflict(tx.raw('(application_id, repository, id_repository) where id_repository is not null'))
    .ignore()
    .returning<{ id: number }[]>('id');
  return row && findObject(tx, applicationId, { id: row.id });
}

/** Changes a locked object. */
export async function updateObject(
  tx: Transaction,
  row: LearningObjectRow,
  changes: Partial<LearningObjectFields>,
): Promise<LearningObjectRow> {
  const [changed] = await tx('learning_objects')
    .where({ id: row.id })
    .update({ ...changes, updated_at: tx.fn.now() })
    .returning<Omit<LearningObjectRow, 'application_number'>[]>('*');
  return { ...changed!, application_number: row.application_number };
}

/** Ties a locked object to a course, or to none; what other servers said of it goes along. */
export async function setCourse(tx: Transaction, id: number, courseId: string | null): Promise<void> {
  await tx('learning_objects').where({ id }).update({ course_id: courseId });
  await tx('received_learning_objects').where({ learning_object_id: id }).update({ course_id: courseId });
}

/** Deletes a locked object with everything about it. */
export const deleteObject = (tx: Transaction, id: number): Promise<number> =>
  tx('learning_objects').where({ id }).delete();

/** The name of an application, which is its repository's where it names none. */
export async function applicationName(tx: Transaction, id: string): Promise<string> {
  const { name } = await tx('applications').where({ id }).first<{ name: string }>('name');
  return name;
}
