import type { Transaction } from '../database/connection';
import { violatesUnique } from '../database/postgres-errors';
import { conflict } from '../errors';
import type { Resources } from '../resources';
import { countAssignments } from './assign-reviewer';
import { completePending } from './assignments.store';
import { changeLearningObject } from './change-learning-object';
import { type ModelName, modelOf } from './evaluation-models.rules';
import { type Answers, askedModel, checkAnswers } from './evaluations.rules';
import {
  deleteEvaluationRow,
  type EvaluationRow,
  findEvaluation,
  insertEvaluation,
  replaceAnswers,
  reviewerKey,
} from './evaluations.store';
import { evaluationMissing } from './missing-learning-object';
import { difference, noTotals, totalsOf } from './model-totals.rules';
import { addToTotals } from './model-totals.store';

type Needs = Pick<Resources, 'db' | 'wake'>;

/** Of one object and model. */
const maxEvaluations = 10_000;

export interface NewEvaluation extends Answers {
  model: ModelName;
  reviewer: string;
}

/** Takes in a reviewer's evaluation, and completes their pending assignment to it. */
export function evaluate(
  needs: Needs,
  applicationId: string,
  objectId: number,
  { model: name, reviewer, ...given }: NewEvaluation,
): Promise<EvaluationRow> {
  const model = askedModel(name);
  const answers = checkAnswers(model, given);
  const work = { learning_object_id: objectId, model: name, reviewer };
  return changeLearningObject(needs, applicationId, { id: objectId }, async (tx) => {
    const { evaluations } = await addToTotals(tx, objectId, name, totalsOf(model, answers.items));
    if (evaluations > maxEvaluations) {
      throw conflict(`A learning object can have ${maxEvaluations} evaluations with ${name}.`, {
        code: 'too_many_evaluations',
      });
    }
    if (await completePending(tx, work)) await countAssignments(tx, work, { pending: -1, completed: 1 });
    return insertOnce(tx, { ...work, ...answers });
  });
}

async function insertOnce(tx: Transaction, evaluation: Parameters<typeof insertEvaluation>[1]): Promise<EvaluationRow> {
  try {
    return await insertEvaluation(tx, evaluation);
  } catch (error) {
    if (!violatesUnique(error, reviewerKey)) throw error;
    const { reviewer, learning_object_id, model } = evaluation;
    const message = `"${reviewer}" has evaluated learning object ${learning_object_id} with ${model} already; change that evaluation.`;
    throw conflict(message, { code: 'evaluation_exists', cause: error });
  }
}

/** Replaces the answers of an evaluation. */
export const changeEvaluation = (
  needs: Needs,
  applicationId: string,
  id: number,
  given: Answers,
): Promise<EvaluationRow> =>
  underLock(needs, applicationId, id, async (tx, before) => {
    const model = modelOf(before.model);
    const answers = checkAnswers(model, given);
    const change = difference(totalsOf(model, answers.items), totalsOf(model, before.items));
    await addToTotals(tx, before.learning_object_id, before.model, change);
    return replaceAnswers(tx, id, answers);
  });

export const deleteEvaluation = (needs: Needs, applicationId: string, id: number): Promise<EvaluationRow> =>
  underLock(needs, applicationId, id, async (tx, before) => {
    const model = modelOf(before.model);
    await addToTotals(
      tx,
      before.learning_object_id,
      before.model,
      difference(noTotals(model), totalsOf(model, before.items)),
    );
    await deleteEvaluationRow(tx, id);
    return before;
  });

/** Changes an evaluation as it is once its object is locked: what it counted for is taken off exactly once. */
async function underLock(
  needs: Needs,
  applicationId: string,
  id: number,
  change: (tx: Transaction, before: EvaluationRow) => Promise<EvaluationRow>,
): Promise<EvaluationRow> {
  const found = await findEvaluation(needs.db, applicationId, id);
  if (!found) throw evaluationMissing(id);
  return changeLearningObject(needs, applicationId, { id: found.learning_object_id }, async (tx) => {
    const before = await findEvaluation(tx, applicationId, id);
    if (!before) throw evaluationMissing(id);
    return change(tx, before);
  });
}
