import type { Database, Transaction } from '../database/connection';
import type { AssignmentStatus } from './assignments.schemas';
import type { ModelName } from './evaluation-models.rules';

export interface AssignmentRow {
  id: number;
  learning_object_id: number;
  model: ModelName;
  reviewer: string;
  status: AssignmentStatus;
  created_at: Date;
  updated_at: Date;
}

/** The index that a second pending assignment of one reviewer meets. */
export const pendingKey = 'assignments_pending_key';

export async function insertAssignment(
  tx: Transaction,
  assignment: Pick<AssignmentRow, 'learning_object_id' | 'model' | 'reviewer'>,
): Promise<AssignmentRow> {
  const [row] = await tx<AssignmentRow>('assignments').insert(assignment).returning('*');
  return row!;
}

/** An assignment of an object of the application. */
export const findAssignment = (
  db: Database | Transaction,
  applicationId: string,
  id: number,
): Promise<AssignmentRow | undefined> =>
  db('assignments')
    .join('learning_objects as lo', 'lo.id', 'learning_object_id')
    .where({ 'assignments.id': id, 'lo.application_id': applicationId })
    .first<AssignmentRow | undefined>('assignments.*');

/** An object's assignments by id, a page at a time. */
export const listAssignments = (
  db: Database,
  objectId: number,
  after: number,
  limit: number,
): Promise<AssignmentRow[]> =>
  db<AssignmentRow>('assignments')
    .where({ learning_object_id: objectId })
    .andWhere('id', '>', after)
    .orderBy('id')
    .limit(limit);

/** Ends a pending assignment; undefined when it is not pending. */
export async function endAssignment(
  tx: Transaction,
  id: number,
  status: 'Completed' | 'Rejected',
): Promise<AssignmentRow | undefined> {
  const [row] = await tx<AssignmentRow>('assignments')
    .where({ id, status: 'Pending' })
    .update({ status, updated_at: tx.fn.now() })
    .returning('*');
  return row;
}

/** Completes what a reviewer was to do with a model; answers whether there was such an assignment. */
export const completePending = async (
  tx: Transaction,
  work: Pick<AssignmentRow, 'learning_object_id' | 'model' | 'reviewer'>,
): Promise<boolean> =>
  (await tx<AssignmentRow>('assignments')
    .where({ ...work, status: 'Pending' })
    .update({ status: 'Completed', updated_at: tx.fn.now() })) > 0;

/** Deletes an assignment; answers it as it was. */
export async function deleteAssignmentRow(tx: Transaction, id: number): Promise<AssignmentRow | undefined> {
  const [row] = await tx<AssignmentRow>('assignments').where({ id }).delete().returning('*');
  return row;
}
