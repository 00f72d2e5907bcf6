import type { TObject } from '@sinclair/typebox';
import { readBytes } from '../http/body';
import type { Operation, RequestContext } from '../http/operation';
import { type DocumentChange, getDocument, removeDocument, storeDocument } from './change-document';
import type { DocumentConditions, DocumentResource } from './document-conditions.rules';
import { deleteDocuments, type DocumentPlace, type DocumentScope, listDocumentIds } from './documents.store';
import { readAgent, readIri, readTimestamp, readUuid } from './parameters.rules';
import { identityOf } from './statement-keys.rules';
import { parameter, type Parameters, requiredParameter } from './statement-query';
import {
  deleteScopes,
  readScopes,
  refusedParameter,
  writeScopes,
  type XapiInput,
  xapiOperation,
} from './xapi-operation';
import {
  ActivityProfileQuery,
  ActivityProfilesQuery,
  AgentProfileQuery,
  AgentProfilesQuery,
  DeleteStatesQuery,
  StateQuery,
  StatesQuery,
} from './xapi.schemas';

/** One of the resources that hold documents. */
interface Resource {
  resource: DocumentResource;
  /** Of the operations' ids. */
  name: string;
  path: string;
  /** What summaries call its documents. */
  noun: string;
  /** The parameter that names a document. */
  idName: 'stateId' | 'profileId';
  one: TObject;
  several: TObject;
  toDelete: TObject;
}

const resources: readonly Resource[] = [
  {
    resource: 'state',
    name: 'ActivityState',
    path: '/activities/state',
    noun: 'state document of an agent and an activity',
    idName: 'stateId',
    one: StateQuery,
    several: StatesQuery,
    toDelete: DeleteStatesQuery,
  },
  {
    resource: 'activity-profile',
    name: 'ActivityProfile',
    path: '/activities/profile',
    noun: 'profile document of an activity',
    idName: 'profileId',
    one: ActivityProfileQuery,
    several: ActivityProfilesQuery,
    toDelete: ActivityProfileQuery,
  },
  {
    resource: 'agent-profile',
    name: 'AgentProfile',
    path: '/agents/profile',
    noun: 'profile document of an agent',
    idName: 'profileId',
    one: AgentProfileQuery,
    several: AgentProfilesQuery,
    toDelete: AgentProfileQuery,
  },
];

const maxIdLength = 1000;
const readId = (text: string) =>
  text.length > 0 && text.length <= maxIdLength
    ? { value: text }
    : { fault: { path: '', message: `must have 1 to ${maxIdLength} characters` } };

function scopeOf(applicationId: string, resource: DocumentResource, given: Parameters): DocumentScope {
  const activityId = resource === 'agent-profile' ? undefined : requiredParameter(given, 'activityId', readIri);
  const agent = resource === 'activity-profile' ? undefined : requiredParameter(given, 'agent', readAgent);
  return {
    applicationId,
    resource,
    ...(activityId === undefined ? {} : { activityId }),
    ...(agent === undefined ? {} : { agent: identityOf(agent)! }),
    about: { activityId, agent },
  };
}

const conditionsOf = ({ headers }: RequestContext): DocumentConditions => ({
  ifMatch: headers['if-match'],
  ifNoneMatch: headers['if-none-match'],
});

const conditions = {
  'If-Match': 'The ETag of the document that is to be changed',
  'If-None-Match': '`*`: only where there is none yet',
};

type Asked = Pick<XapiInput<undefined>, 'applicationId' | 'parameters' | 'reach'>;

/** xAPI 1.0.3 Communication 2.2, 2.3, 2.6, 2.7; IEEE 9274.1.1 4.1.6.2, .5, .6. */
function operationsOf({ resource, name, path, noun, idName, one, several, toDelete }: Resource): Operation[] {
  const groundOf = async ({ applicationId, parameters, reach }: Asked, does: 'read' | 'change') => {
    if (resource !== 'activity-profile' && parameters['agent'] === undefined) reach.admitAgent(undefined);
    const scope = scopeOf(applicationId, resource, parameters);
    if (scope.agent !== undefined) reach.admitAgent(scope.agent);
    const registration = parameter(parameters, 'registration', readUuid);
    const id = parameter(parameters, idName, readId);
    return { scope, registration: await reach.admitDocuments({ scope, registration, id }, does) };
  };
  const placeOf = async (asked: Asked, does: 'read' | 'change'): Promise<DocumentPlace> => ({
    ...(await groundOf(asked, does)),
    id: requiredParameter(asked.parameters, idName, readId),
  });
  const store = (method: 'put' | 'post', summary: string): Operation =>
    xapiOperation({
      id: `${method}${name}`,
      summary,
      method,
      path,
      scopes: writeScopes,
      query: one,
      body: { streamed: { '*/*': undefined } },
      headers: conditions,
      status: 204,
      errors: ['conflict', 'precondition-failed'],
      handle: async ({ version, body, request, ...asked }, needs) => {
        const place = await placeOf(asked, 'change');
        const content = await readBytes(body, needs.config.xapi.maxDocumentBytes);
        const contentType = (request.headers['content-type'] ?? 'application/octet-stream').slice(0, 500);
        asked.reach.admitContent({ registration: undefined, ...place }, { contentType, content });
        const change: DocumentChange = { method, version, conditions: conditionsOf(request) };
        await storeDocument(place, { contentType, content }, change, needs);
        return undefined;
      },
    });
  return [
    store('put', `Put a ${noun}`),
    store('post', `Add to a ${noun}: JSON is joined with what is there`),
    xapiOperation({
      id: `get${name}`,
      summary: `Read a ${noun}, or without ${idName} list their ids`,
      method: 'get',
      path,
      scopes: readScopes,
      query: several,
      headers: { 'If-None-Match': 'The ETag of the document that is known already' },
      status: 200,
      response: { written: { '*/*': undefined } },
      isConditional: true,
      errors: ['not-found'],
      handle: async ({ version, request, ...asked }, { db }) => {
        const since = parameter(asked.parameters, 'since', (text) => readTimestamp(text, version));
        if (asked.parameters[idName] === undefined) {
          const { scope, registration } = await groundOf(asked, 'read');
          const ids = await listDocumentIds(db, scope, registration, since);
          return { type: 'application/json', body: JSON.stringify(ids) };
        }
        const row = await getDocument(await placeOf(asked, 'read'), { db });
        request.setHeader('ETag', `"${row.etag}"`);
        request.setHeader('Last-Modified', row.updated_at.toUTCString());
        // It may be a page with scripts, and this is the api's origin.
        request.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
        return { type: row.content_type, body: row.content };
      },
    }),
    xapiOperation({
      id: `delete${name}`,
      summary: `Delete a ${noun}${resource === 'state' ? `, or without ${idName} all of them` : ''}`,
      method: 'delete',
      path,
      scopes: deleteScopes,
      query: toDelete,
      headers: { 'If-Match': conditions['If-Match'] },
      status: 204,
      errors: ['precondition-failed'],
      handle: async ({ version, request, ...asked }, { db }) => {
        if (resource !== 'state' || asked.parameters[idName] !== undefined) {
          const change: DocumentChange = { method: 'delete', version, conditions: conditionsOf(request) };
          await removeDocument(await placeOf(asked, 'change'), change, { db });
          return undefined;
        }
        if (request.headers['if-match'] !== undefined) throw refusedParameter(idName, 'is required with If-Match');
        const { scope, registration } = await groundOf(asked, 'change');
        await deleteDocuments(db, scope, registration);
        return undefined;
      },
    }),
  ];
}

export const documentOperations: readonly Operation[] = resources.flatMap(operationsOf);
