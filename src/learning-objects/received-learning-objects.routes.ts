import { type Caller, requireApplication } from '../applications/caller';
import type { Database } from '../database/connection';
import { notFound } from '../errors';
import { pageOf, readRowPage } from '../http/hub-paging';
import { operation } from '../http/operation';
import { PageQuery } from './assignments.schemas';
import { IdPath } from './learning-objects.schemas';
import { receiveLearningObject } from './receive-learning-object';
import { readReceived } from './received-learning-objects.rules';
import {
  ReceivedAnswer,
  ReceivedNotification,
  ReceivedObjectData,
  ReceivedObjectList,
  type ReceivedObjectSummary,
  ReceivedPath,
  ReceivedQuery,
  ReceivedScoresList,
} from './received-learning-objects.schemas';
import {
  findReceived,
  listReceived,
  listReceivedScores,
  type ReceivedRow,
  type ReceivedSummary,
} from './received-learning-objects.store';

const loepTag = 'LOEP';
const tag = 'Hub: learning objects';

const present = (row: ReceivedSummary): ReceivedObjectSummary => ({
  id: row.id,
  id_repository: row.target_id,
  course_id: row.course_id,
  learning_object_id: row.learning_object_id,
  key_id: row.key_id,
  id_loep: row.id_loep,
  scores: row.scores,
  received_at: row.received_at.toISOString(),
  changed_at: row.changed_at.toISOString(),
});

async function getReceived(db: Database, caller: Caller, id: number): Promise<ReceivedRow> {
  const row = await findReceived(db, requireApplication(caller), id);
  if (!row) throw notFound(`There is no received learning object ${id} in this application.`);
  return row;
}

/** What other LOEP servers tell this application: the LOEP Callback API, and what came through it. */
export const receivedLearningObjectOperations = [
  operation({
    id: 'receiveLoepLearningObject',
    summary: 'Take in what a LOEP server says of a course or learning object of this application',
    tag: loepTag,
    method: 'put',
    path: '/los/{id}',
    scopes: ['write:hub', 'write'],
    params: ReceivedPath,
    body: ReceivedNotification,
    bodyType: 'json-or-form',
    status: 200,
    response: ReceivedAnswer,
    errors: ['not-found'],
    handle: async ({ params: { id }, body, caller }, resources) => {
      const key = { application_id: requireApplication(caller), target_id: id, key_id: caller.keyId };
      await receiveLearningObject(resources, key, readReceived(id, body));
      return {};
    },
  }),
  operation({
    id: 'listReceivedLearningObjects',
    summary: 'List what LOEP servers said, by id: one for each id and key, without the data',
    tag,
    method: 'get',
    path: '/hub/v1/received-learning-objects',
    scopes: ['read:hub'],
    query: ReceivedQuery,
    status: 200,
    response: ReceivedObjectList,
    handle: async ({ query: { course_id, ...query }, caller }, { db }) => {
      const page = readRowPage(query);
      const filter = course_id === undefined ? {} : { course_id };
      const rows = await listReceived(db, requireApplication(caller), filter, page.afterRow, page.limit + 1);
      const { items, ...next } = pageOf(rows, page, ({ id }) => String(id), present);
      return { received_learning_objects: items, ...next };
    },
  }),
  operation({
    id: 'getReceivedLearningObject',
    summary: 'Read what a LOEP server said last, with its data as they came',
    tag,
    method: 'get',
    path: '/hub/v1/received-learning-objects/{id}',
    scopes: ['read:hub'],
    params: IdPath,
    status: 200,
    response: ReceivedObjectData,
    errors: ['not-found'],
    handle: async ({ params: { id }, caller }, { db }) => {
      const row = await getReceived(db, caller, id);
      return { ...present(row), lo: row.lo };
    },
  }),
  operation({
    id: 'listReceivedScores',
    summary: 'List the scores that a LOEP server reported, each time one changed, the oldest first',
    tag,
    method: 'get',
    path: '/hub/v1/received-learning-objects/{id}/scores',
    scopes: ['read:hub'],
    params: IdPath,
    query: PageQuery,
    status: 200,
    response: ReceivedScoresList,
    errors: ['not-found'],
    handle: async ({ params, query, caller }, { db }) => {
      const { id } = await getReceived(db, caller, params.id);
      const page = readRowPage(query);
      const rows = await listReceivedScores(db, id, page.afterRow, page.limit + 1);
      const { items, ...next } = pageOf(
        rows,
        page,
        (row) => String(row.id),
        ({ received_at, scores }) => ({ received_at: received_at.toISOString(), scores }),
      );
      return { scores: items, ...next };
    },
  }),
];
