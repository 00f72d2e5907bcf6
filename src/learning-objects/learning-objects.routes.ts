import { type Caller, requireApplication } from '../applications/caller';
import type { Database } from '../database/connection';
import { pageOf, readRowPage } from '../http/hub-paging';
import { operation } from '../http/operation';
import { deleteLearningObject } from './delete-learning-object';
import { getLearningObject } from './get-learning-object';
import {
  IdPath,
  LearningObject,
  LearningObjectList,
  LearningObjectPatch,
  LearningObjectQuery,
} from './learning-objects.schemas';
import { type LearningObjectRow, listObjects } from './learning-objects.store';
import { qualitiesOf } from './object-qualities';
import { presentHubObject } from './present-hub-object';
import { tieToCourse } from './tie-to-course';

const tag = 'Hub: learning objects';

async function presentObjects(db: Database, rows: readonly LearningObjectRow[]): Promise<LearningObject[]> {
  const qualities = await qualitiesOf(db, rows);
  return rows.map((row, place) => presentHubObject(row, qualities[place]!));
}

async function showObject(db: Database, caller: Caller, id: number): Promise<LearningObject> {
  const [shown] = await presentObjects(db, [await getLearningObject(db, requireApplication(caller), { id })]);
  return shown!;
}

/** Learning objects as the hub sees them; applications register them through LOEP's own API. */
export const learningObjectOperations = [
  operation({
    id: 'listLearningObjects',
    summary: 'List learning objects by id, with the means and scores of their evaluations',
    tag,
    method: 'get',
    path: '/hub/v1/learning-objects',
    scopes: ['read:hub'],
    query: LearningObjectQuery,
    status: 200,
    response: LearningObjectList,
    handle: async ({ query: { limit, after, ...filter }, caller }, { db }) => {
      const page = readRowPage({
        ...(limit === undefined ? {} : { limit }),
        ...(after === undefined ? {} : { after }),
      });
      const rows = await listObjects(db, requireApplication(caller), filter, page.afterRow, page.limit + 1);
      const { items, ...next } = pageOf(
        rows,
        page,
        ({ id }) => String(id),
        (row) => row,
      );
      return { learning_objects: await presentObjects(db, items), ...next };
    },
  }),
  operation({
    id: 'getLearningObject',
    summary: 'Read a learning object, with the means and scores of its evaluations',
    tag,
    method: 'get',
    path: '/hub/v1/learning-objects/{id}',
    scopes: ['read:hub'],
    params: IdPath,
    status: 200,
    response: LearningObject,
    errors: ['not-found'],
    handle: ({ params: { id }, caller }, { db }) => showObject(db, caller, id),
  }),
  operation({
    id: 'changeLearningObject',
    summary: 'Tie a learning object to a course, or to none',
    tag,
    method: 'patch',
    path: '/hub/v1/learning-objects/{id}',
    scopes: ['write:hub'],
    params: IdPath,
    body: LearningObjectPatch,
    status: 200,
    response: LearningObject,
    errors: ['not-found'],
    handle: async ({ params: { id }, body: { course_id }, caller }, resources) => {
      await tieToCourse(resources, requireApplication(caller), id, course_id);
      return showObject(resources.db, caller, id);
    },
  }),
  operation({
    id: 'deleteLearningObject',
    summary: 'Delete a learning object with its assignments and evaluations',
    tag,
    method: 'delete',
    path: '/hub/v1/learning-objects/{id}',
    scopes: ['write:hub'],
    params: IdPath,
    status: 204,
    errors: ['not-found'],
    handle: async ({ params: { id }, caller }, resources) => {
      await deleteLearningObject(resources, requireApplication(caller), { id });
      return undefined;
    },
  }),
];
