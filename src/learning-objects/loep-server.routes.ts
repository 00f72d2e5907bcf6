import { type Caller, requireApplication } from '../applications/caller';
import { operation } from '../http/operation';
import { deleteLearningObject } from './delete-learning-object';
import { getLearningObject } from './get-learning-object';
import { loepLearningObject, loepLearningObjects } from './learning-object-callback';
import { readFields } from './learning-objects.rules';
import { listObjects, type ObjectName } from './learning-objects.store';
import {
  LoepListQuery,
  LoepNameQuery,
  LoepObject,
  LoepObjectBody,
  LoepObjectList,
  LoepObjectPath,
} from './loep-server.schemas';
import { objectMissing } from './missing-learning-object';
import { saveLearningObject, updateLearningObject } from './save-learning-object';

const tag = 'LOEP';
const read = ['read:hub', 'read'] as const;
const write = ['write:hub', 'write'] as const;
const defaultLimit = 100;

interface Named {
  params: { id: string };
  query: { repository?: string; use_id_loep?: boolean };
  caller: Caller;
}

/** The path's id is the application's own, or with `use_id_loep` the hub's. */
function nameOf({ params: { id }, query: { repository, use_id_loep = false } }: Named): ObjectName {
  if (!use_id_loep) return { id_repository: id, ...(repository === undefined ? {} : { repository }) };
  if (!/^[1-9]\d{0,14}$/.test(id)) throw objectMissing({ id_repository: id });
  return { id: Number(id) };
}

/** The API of a LOEP server that its applications use. */
export const loepServerOperations = [
  operation({
    id: 'saveLoepLearningObject',
    summary: 'Create a learning object, or change the one that has its repository and id_repository',
    tag,
    method: 'post',
    path: '/api/v1/los',
    scopes: write,
    body: LoepObjectBody,
    bodyType: 'json-or-form',
    status: 200,
    response: LoepObject,
    errors: ['conflict'],
    handle: async ({ body: { lo }, caller }, resources) => {
      const row = await saveLearningObject(resources, requireApplication(caller), readFields(lo));
      return loepLearningObject(resources.db, row);
    },
  }),
  operation({
    id: 'listLoepLearningObjects',
    summary: 'List the application’s learning objects by id; the header Link leads to the next page',
    tag,
    method: 'get',
    path: '/api/v1/los',
    scopes: read,
    query: LoepListQuery,
    status: 200,
    response: LoepObjectList,
    handle: async ({ query: { limit = defaultLimit, after = 0 }, caller, request }, { db, config }) => {
      const rows = await listObjects(db, requireApplication(caller), {}, after, limit + 1);
      const page = rows.slice(0, limit);
      if (rows.length > limit) {
        const next = `${config.publicUrl}/api/v1/los?limit=${limit}&after=${page.at(-1)!.id}`;
        request.setHeader('Link', `<${next}>; rel="next"`);
      }
      return loepLearningObjects(db, page);
    },
  }),
  operation({
    id: 'getLoepLearningObject',
    summary: 'Read a learning object with its evaluations’ means and scores',
    tag,
    method: 'get',
    path: '/api/v1/los/{id}',
    scopes: read,
    params: LoepObjectPath,
    query: LoepNameQuery,
    status: 200,
    response: LoepObject,
    errors: ['not-found'],
    handle: async (input, { db }) =>
      loepLearningObject(db, await getLearningObject(db, requireApplication(input.caller), nameOf(input))),
  }),
  operation({
    id: 'updateLoepLearningObject',
    summary: 'Change a learning object: the members that are sent',
    tag,
    method: 'put',
    path: '/api/v1/los/{id}',
    scopes: write,
    params: LoepObjectPath,
    query: LoepNameQuery,
    body: LoepObjectBody,
    bodyType: 'json-or-form',
    status: 200,
    response: LoepObject,
    errors: ['not-found'],
    handle: async (input, resources) => {
      const application = requireApplication(input.caller);
      const row = await updateLearningObject(resources, application, nameOf(input), readFields(input.body.lo));
      return loepLearningObject(resources.db, row);
    },
  }),
  operation({
    id: 'deleteLoepLearningObject',
    summary: 'Delete a learning object with its assignments and evaluations',
    tag,
    method: 'delete',
    path: '/api/v1/los/{id}',
    scopes: write,
    params: LoepObjectPath,
    query: LoepNameQuery,
    status: 204,
    errors: ['not-found'],
    handle: async (input, resources) => {
      await deleteLearningObject(resources, requireApplication(input.caller), nameOf(input));
      return undefined;
    },
  }),
];
