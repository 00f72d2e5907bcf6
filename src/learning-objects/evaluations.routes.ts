import { requireApplication } from '../applications/caller';
import { pageOf, readRowPage } from '../http/hub-paging';
import { operation } from '../http/operation';
import { PageQuery } from './assignments.schemas';
import { changeEvaluation, deleteEvaluation, evaluate } from './evaluate';
import { Evaluation, EvaluationAnswers, EvaluationList, NewEvaluation } from './evaluations.schemas';
import { type EvaluationRow, findEvaluation, listEvaluations } from './evaluations.store';
import { getLearningObject } from './get-learning-object';
import { IdPath } from './learning-objects.schemas';
import { evaluationMissing } from './missing-learning-object';

const tag = 'Hub: learning objects';

const present = (row: EvaluationRow): Evaluation => ({
  id: row.id,
  learning_object_id: row.learning_object_id,
  model: row.model,
  reviewer: row.reviewer,
  items: row.items,
  texts: row.texts,
  comments: row.comments,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

/** Evaluations: how a reviewer judges an object by a model. */
export const evaluationOperations = [
  operation({
    id: 'createEvaluation',
    summary: 'Evaluate a learning object by a model; completes the reviewer’s pending assignment',
    tag,
    method: 'post',
    path: '/hub/v1/learning-objects/{id}/evaluations',
    scopes: ['write:hub'],
    params: IdPath,
    body: NewEvaluation,
    status: 201,
    response: Evaluation,
    errors: ['not-found', 'conflict'],
    handle: async ({ params: { id }, body, caller }, resources) =>
      present(await evaluate(resources, requireApplication(caller), id, body)),
  }),
  operation({
    id: 'listEvaluations',
    summary: 'List a learning object’s evaluations by id',
    tag,
    method: 'get',
    path: '/hub/v1/learning-objects/{id}/evaluations',
    scopes: ['read:hub'],
    params: IdPath,
    query: PageQuery,
    status: 200,
    response: EvaluationList,
    errors: ['not-found'],
    handle: async ({ params, query, caller }, { db }) => {
      const { id } = await getLearningObject(db, requireApplication(caller), { id: params.id });
      const page = readRowPage(query);
      const rows = await listEvaluations(db, id, page.afterRow, page.limit + 1);
      const { items, ...next } = pageOf(rows, page, (row) => String(row.id), present);
      return { evaluations: items, ...next };
    },
  }),
  operation({
    id: 'getEvaluation',
    summary: 'Read an evaluation',
    tag,
    method: 'get',
    path: '/hub/v1/evaluations/{id}',
    scopes: ['read:hub'],
    params: IdPath,
    status: 200,
    response: Evaluation,
    errors: ['not-found'],
    handle: async ({ params: { id }, caller }, { db }) => {
      const row = await findEvaluation(db, requireApplication(caller), id);
      if (!row) throw evaluationMissing(id);
      return present(row);
    },
  }),
  operation({
    id: 'changeEvaluation',
    summary: 'Replace the answers of an evaluation',
    tag,
    method: 'put',
    path: '/hub/v1/evaluations/{id}',
    scopes: ['write:hub'],
    params: IdPath,
    body: EvaluationAnswers,
    status: 200,
    response: Evaluation,
    errors: ['not-found'],
    handle: async ({ params: { id }, body, caller }, resources) =>
      present(await changeEvaluation(resources, requireApplication(caller), id, body)),
  }),
  operation({
    id: 'deleteEvaluation',
    summary: 'Delete an evaluation; it counts no longer',
    tag,
    method: 'delete',
    path: '/hub/v1/evaluations/{id}',
    scopes: ['write:hub'],
    params: IdPath,
    status: 204,
    errors: ['not-found'],
    handle: async ({ params: { id }, caller }, resources) => {
      await deleteEvaluation(resources, requireApplication(caller), id);
      return undefined;
    },
  }),
];
