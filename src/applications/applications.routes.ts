import { Type } from '@sinclair/typebox';
import { v7 as uuid } from 'uuid';
import { conflict, invalid, notFound } from '../errors';
import { violatesUnique } from '../database/postgres-errors';
import { pageOf, pageQuery, readPage } from '../http/hub-paging';
import { operation } from '../http/operation';
import {
  Application,
  ApplicationList,
  ApplicationPath,
  type Key,
  KeyList,
  KeyPath,
  KeyWithSecret,
  NewApplication,
  NewKey,
} from './applications.schemas';
import {
  type ApplicationRow,
  applicationNameKey,
  findApplication,
  insertApplication,
  listApplications,
} from './applications.store';
import { type ApiKeyRow, listKeys, revokeKey } from './api-keys.store';
import { createKey } from './create-key';

const tag = 'Hub: applications';
const PageQuery = Type.Object(pageQuery);

const toApplication = ({ id, name, created_at }: ApplicationRow): Application => ({
  id,
  name,
  created_at: created_at.toISOString(),
});

const toKey = ({ id, application_id, name, scopes, programs, ...dates }: ApiKeyRow): Key => ({
  id,
  application_id,
  name,
  scopes,
  programs,
  created_at: dates.created_at.toISOString(),
  expires_at: dates.expires_at?.toISOString() ?? null,
  revoked_at: dates.revoked_at?.toISOString() ?? null,
  last_used_at: dates.last_used_at?.toISOString() ?? null,
});

const applicationMissing = (id: string) => notFound(`There is no application ${id}.`);

/** Applications are the tenants; only an administrator's key manages them and their keys. */
export const applicationOperations = [
  operation({
    id: 'createApplication',
    summary: 'Create an application: a tenant whose records no other sees',
    tag,
    method: 'post',
    path: '/hub/v1/applications',
    scopes: ['admin'],
    body: NewApplication,
    status: 201,
    response: Application,
    errors: ['conflict'],
    handle: async ({ body: { name } }, { db }) => {
      try {
        return toApplication(await insertApplication(db, uuid(), name));
      } catch (error) {
        if (!violatesUnique(error, applicationNameKey)) throw error;
        throw conflict(`There is an application named "${name}" already.`, { code: 'application_exists' });
      }
    },
  }),
  operation({
    id: 'listApplications',
    summary: 'List applications by name',
    tag,
    method: 'get',
    path: '/hub/v1/applications',
    scopes: ['admin'],
    query: PageQuery,
    status: 200,
    response: ApplicationList,
    handle: async ({ query }, { db }) => {
      const page = readPage(query);
      const rows = await listApplications(db, page.after, page.limit + 1);
      const { items, ...next } = pageOf(rows, page, (row) => row.name, toApplication);
      return { applications: items, ...next };
    },
  }),
  operation({
    id: 'getApplication',
    summary: 'Read one application',
    tag,
    method: 'get',
    path: '/hub/v1/applications/{applicationId}',
    scopes: ['admin'],
    params: ApplicationPath,
    status: 200,
    response: Application,
    errors: ['not-found'],
    handle: async ({ params: { applicationId } }, { db }) => {
      const row = await findApplication(db, applicationId);
      if (!row) throw applicationMissing(applicationId);
      return toApplication(row);
    },
  }),
  operation({
    id: 'createKey',
    summary: 'Create a key of an application; its secret is shown this once',
    tag,
    method: 'post',
    path: '/hub/v1/applications/{applicationId}/keys',
    scopes: ['admin'],
    params: ApplicationPath,
    body: NewKey,
    status: 201,
    response: KeyWithSecret,
    errors: ['not-found', 'conflict'],
    handle: async ({ params: { applicationId }, body: { expires_at, ...wanted } }, resources) => {
      if (wanted.scopes?.includes('admin')) {
        throw invalid('A key of an application cannot have the scope admin; leave it out.');
      }
      if (!(await findApplication(resources.db, applicationId))) throw applicationMissing(applicationId);
      const expiresAt = expires_at === undefined ? {} : { expiresAt: new Date(expires_at) };
      const { key, secret } = await createKey({ applicationId, ...wanted, ...expiresAt }, resources);
      return { ...toKey(key), secret };
    },
  }),
  operation({
    id: 'listKeys',
    summary: 'List the keys of an application, without their secrets',
    tag,
    method: 'get',
    path: '/hub/v1/applications/{applicationId}/keys',
    scopes: ['admin'],
    params: ApplicationPath,
    query: PageQuery,
    status: 200,
    response: KeyList,
    errors: ['not-found'],
    handle: async ({ params: { applicationId }, query }, { db }) => {
      if (!(await findApplication(db, applicationId))) throw applicationMissing(applicationId);
      const page = readPage(query);
      const rows = await listKeys(db, applicationId, page.after, page.limit + 1);
      const { items, ...next } = pageOf(rows, page, (row) => row.id, toKey);
      return { keys: items, ...next };
    },
  }),
  operation({
    id: 'revokeKey',
    summary: 'Revoke a key: it is refused from now on',
    tag,
    method: 'delete',
    path: '/hub/v1/keys/{keyId}',
    scopes: ['admin'],
    params: KeyPath,
    status: 204,
    errors: ['not-found'],
    handle: async ({ params: { keyId } }, { db, keys }) => {
      const wasAlive = await revokeKey(db, keyId);
      keys.forget(keyId);
      if (!wasAlive) throw notFound(`There is no key ${keyId} that is still alive.`);
      return undefined;
    },
  }),
];
