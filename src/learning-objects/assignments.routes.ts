import { requireApplication } from '../applications/caller';
import { pageOf, readRowPage } from '../http/hub-paging';
import { operation } from '../http/operation';
import { assignReviewer, endReview, withdrawAssignment } from './assign-reviewer';
import { Assignment, AssignmentList, NewAssignment, PageQuery } from './assignments.schemas';
import { type AssignmentRow, findAssignment, listAssignments } from './assignments.store';
import { getLearningObject } from './get-learning-object';
import { IdPath } from './learning-objects.schemas';
import { assignmentMissing } from './missing-learning-object';

const tag = 'Hub: learning objects';

const present = ({ created_at, updated_at, ...row }: AssignmentRow): Assignment => ({
  ...row,
  created_at: created_at.toISOString(),
  updated_at: updated_at.toISOString(),
});

const ended = { tag, method: 'post', scopes: ['write:hub'], params: IdPath, status: 200 } as const;

/** Assignments: who is to evaluate an object, and by which model. */
export const assignmentOperations = [
  operation({
    id: 'createAssignment',
    summary: 'Assign a reviewer to evaluate a learning object by a model',
    tag,
    method: 'post',
    path: '/hub/v1/learning-objects/{id}/assignments',
    scopes: ['write:hub'],
    params: IdPath,
    body: NewAssignment,
    status: 201,
    response: Assignment,
    errors: ['not-found', 'conflict'],
    handle: async ({ params: { id }, body, caller }, resources) =>
      present(await assignReviewer(resources, requireApplication(caller), id, body)),
  }),
  operation({
    id: 'listAssignments',
    summary: 'List a learning object’s assignments by id',
    tag,
    method: 'get',
    path: '/hub/v1/learning-objects/{id}/assignments',
    scopes: ['read:hub'],
    params: IdPath,
    query: PageQuery,
    status: 200,
    response: AssignmentList,
    errors: ['not-found'],
    handle: async ({ params, query, caller }, { db }) => {
      const { id } = await getLearningObject(db, requireApplication(caller), { id: params.id });
      const page = readRowPage(query);
      const rows = await listAssignments(db, id, page.afterRow, page.limit + 1);
      const { items, ...next } = pageOf(rows, page, (row) => String(row.id), present);
      return { assignments: items, ...next };
    },
  }),
  operation({
    id: 'getAssignment',
    summary: 'Read an assignment',
    tag,
    method: 'get',
    path: '/hub/v1/assignments/{id}',
    scopes: ['read:hub'],
    params: IdPath,
    status: 200,
    response: Assignment,
    errors: ['not-found'],
    handle: async ({ params: { id }, caller }, { db }) => {
      const row = await findAssignment(db, requireApplication(caller), id);
      if (!row) throw assignmentMissing(id);
      return present(row);
    },
  }),
  operation({
    ...ended,
    id: 'completeAssignment',
    summary: 'Mark a pending assignment as completed; an evaluation by its reviewer does so by itself',
    path: '/hub/v1/assignments/{id}/complete',
    response: Assignment,
    errors: ['not-found', 'conflict'],
    handle: async ({ params: { id }, caller }, resources) =>
      present(await endReview(resources, requireApplication(caller), id, 'Completed')),
  }),
  operation({
    ...ended,
    id: 'rejectAssignment',
    summary: 'Mark a pending assignment as rejected',
    path: '/hub/v1/assignments/{id}/reject',
    response: Assignment,
    errors: ['not-found', 'conflict'],
    handle: async ({ params: { id }, caller }, resources) =>
      present(await endReview(resources, requireApplication(caller), id, 'Rejected')),
  }),
  operation({
    id: 'deleteAssignment',
    summary: 'Delete an assignment, whatever its status',
    tag,
    method: 'delete',
    path: '/hub/v1/assignments/{id}',
    scopes: ['write:hub'],
    params: IdPath,
    status: 204,
    errors: ['not-found'],
    handle: async ({ params: { id }, caller }, resources) => {
      await withdrawAssignment(resources, requireApplication(caller), id);
      return undefined;
    },
  }),
];
