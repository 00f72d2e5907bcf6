import type { Transaction } from '../database/connection';
import { violatesUnique } from '../database/postgres-errors';
import { conflict } from '../errors';
import type { Resources } from '../resources';
import {
  type AssignmentRow,
  deleteAssignmentRow,
  endAssignment,
  findAssignment,
  insertAssignment,
  pendingKey,
} from './assignments.store';
import { changeLearningObject } from './change-learning-object';
import { type ModelName, modelOf } from './evaluation-models.rules';
import { askedModel } from './evaluations.rules';
import { assignmentMissing } from './missing-learning-object';
import { type ModelTotals, noTotals } from './model-totals.rules';
import { addToTotals } from './model-totals.store';

type Needs = Pick<Resources, 'db' | 'wake'>;

/** Of one object and model: more are somebody's mistake. */
const maxAssignments = 10_000;

/** Counts assignments of a locked object in or out. */
export const countAssignments = (
  tx: Transaction,
  { learning_object_id, model }: { learning_object_id: number; model: ModelName },
  change: Partial<ModelTotals>,
): Promise<ModelTotals> => addToTotals(tx, learning_object_id, model, { ...noTotals(modelOf(model)), ...change });

/** Asks a reviewer to evaluate an object by a model. */
export function assignReviewer(
  needs: Needs,
  applicationId: string,
  objectId: number,
  { model, reviewer }: { model: ModelName; reviewer: string },
): Promise<AssignmentRow> {
  askedModel(model);
  return changeLearningObject(needs, applicationId, { id: objectId }, async (tx) => {
    const work = { learning_object_id: objectId, model, reviewer };
    const { pending, completed, rejected } = await countAssignments(tx, work, { pending: 1 });
    if (pending + completed + rejected > maxAssignments) {
      throw conflict(`A learning object can have ${maxAssignments} assignments with ${model}.`, {
        code: 'too_many_assignments',
      });
    }
    try {
      return await insertAssignment(tx, work);
    } catch (error) {
      if (!violatesUnique(error, pendingKey)) throw error;
      const message = `"${reviewer}" is assigned to evaluate learning object ${objectId} with ${model} already.`;
      throw conflict(message, { code: 'assignment_exists', cause: error });
    }
  });
}

/** Ends a pending assignment. Only once: 409 for one that has ended. */
export const endReview = (
  needs: Needs,
  applicationId: string,
  id: number,
  status: 'Completed' | 'Rejected',
): Promise<AssignmentRow> =>
  changeAssignment(needs, applicationId, id, async (tx) => {
    const ended = await endAssignment(tx, id, status);
    if (!ended) throw conflict(`Assignment ${id} is not pending any more.`, { code: 'assignment_ended' });
    await countAssignments(tx, ended, { pending: -1, [status.toLowerCase()]: 1 });
    return ended;
  });

export const withdrawAssignment = (needs: Needs, applicationId: string, id: number): Promise<AssignmentRow> =>
  changeAssignment(needs, applicationId, id, async (tx) => {
    const gone = await deleteAssignmentRow(tx, id);
    if (!gone) throw assignmentMissing(id);
    await countAssignments(tx, gone, { [gone.status.toLowerCase()]: -1 });
    return gone;
  });

async function changeAssignment(
  needs: Needs,
  applicationId: string,
  id: number,
  change: (tx: Transaction) => Promise<AssignmentRow>,
): Promise<AssignmentRow> {
  const assignment = await findAssignment(needs.db, applicationId, id);
  if (!assignment) throw assignmentMissing(id);
  return changeLearningObject(needs, applicationId, { id: assignment.learning_object_id }, change);
}
