import type { Database, Transaction } from '../database/connection';
import type { ModelName } from './evaluation-models.rules';
import type { CheckedAnswers } from './evaluations.rules';

export interface EvaluationRow extends CheckedAnswers {
  id: number;
  learning_object_id: number;
  model: ModelName;
  reviewer: string;
  created_at: Date;
  updated_at: Date;
}

/** The index that a reviewer's second evaluation meets, where the model takes one from each. */
export const reviewerKey = 'evaluations_reviewer_key';

const evaluations = (db: Database | Transaction) => db<EvaluationRow>('evaluations');

export async function insertEvaluation(
  tx: Transaction,
  evaluation: Omit<EvaluationRow, 'id' | 'created_at' | 'updated_at'>,
): Promise<EvaluationRow> {
  const [row] = await evaluations(tx).insert(evaluation).returning('*');
  return row!;
}

/** An evaluation of an object of the application. */
export const findEvaluation = (
  db: Database | Transaction,
  applicationId: string,
  id: number,
): Promise<EvaluationRow | undefined> =>
  db('evaluations')
    .join('learning_objects as lo', 'lo.id', 'learning_object_id')
    .where({ 'evaluations.id': id, 'lo.application_id': applicationId })
    .first<EvaluationRow | undefined>('evaluations.*');

/** An object's evaluations by id, a page at a time. */
export const listEvaluations = (
  db: Database,
  objectId: number,
  after: number,
  limit: number,
): Promise<EvaluationRow[]> =>
  evaluations(db).where({ learning_object_id: objectId }).andWhere('id', '>', after).orderBy('id').limit(limit);

export async function replaceAnswers(tx: Transaction, id: number, answers: CheckedAnswers): Promise<EvaluationRow> {
  const [row] = await evaluations(tx)
    .where({ id })
    .update({ ...answers, updated_at: tx.fn.now() })
    .returning('*');
  return row!;
}

export const deleteEvaluationRow = (tx: Transaction, id: number): Promise<number> =>
  evaluations(tx).where({ id }).delete();
