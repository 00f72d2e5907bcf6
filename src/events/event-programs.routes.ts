import { Type } from '@sinclair/typebox';
import { tenantOf } from '../applications/caller';
import { violatesReference } from '../database/postgres-errors';
import { invalid, notFound } from '../errors';
import { pageOf, pageQuery, readIdPage, readPage } from '../http/hub-paging';
import { operation } from '../http/operation';
import {
  EventProgram,
  EventProgramList,
  EventProgramPath,
  NewEventProgram,
  ProgramGrant,
  ProgramGrantList,
  ProgramGrantPath,
} from './event-programs.schemas';
import {
  deleteGrant,
  type EventProgramRow,
  findProgram,
  insertGrant,
  isReadable,
  listGrants,
  listPrograms,
  type ProgramGrantRow,
} from './event-programs.store';
import { programMissing, requireOwner } from './program-rights';
import { registerPrograms } from './register-programs';

const tag = 'Hub: event programs';
const readScopes = ['read:hub', 'admin'] as const;
const writeScopes = ['write:hub', 'admin'] as const;
const PageQuery = Type.Object(pageQuery);

const toProgram = ({ created_at, ...row }: EventProgramRow): EventProgram => ({
  ...row,
  created_at: created_at.toISOString(),
});

const toGrant = ({ created_at, ...row }: ProgramGrantRow): ProgramGrant => ({
  ...row,
  created_at: created_at.toISOString(),
});

const applicationMissing = (id: string) => notFound(`There is no application ${id}.`);

/** Publishers of the event store, and who else may read what they publish. */
export const eventProgramOperations = [
  operation({
    id: 'createEventProgram',
    summary: 'Register a program for an application; the keys that may publish for it name it in their programs',
    tag,
    method: 'post',
    path: '/hub/v1/event-programs',
    scopes: writeScopes,
    body: NewEventProgram,
    status: 201,
    response: EventProgram,
    errors: ['not-found', 'conflict'],
    handle: async ({ caller, body: { id, application_id } }, { db }) => {
      const applicationId = tenantOf(caller, application_id);
      if (applicationId === undefined) {
        throw invalid('Whose program is it to be?', {
          details: [{ path: 'application_id', message: 'is required with an administrator’s key' }],
        });
      }
      try {
        await db.transaction((tx) => registerPrograms(tx, applicationId, [id]));
      } catch (error) {
        throw violatesReference(error) ? applicationMissing(applicationId) : error;
      }
      return toProgram((await findProgram(db, id))!); // Programs are never removed.
    },
  }),
  operation({
    id: 'listEventPrograms',
    summary: 'List the programs that the application may read; with an administrator’s key, all',
    tag,
    method: 'get',
    path: '/hub/v1/event-programs',
    scopes: readScopes,
    query: PageQuery,
    status: 200,
    response: EventProgramList,
    handle: async ({ caller, query }, { db }) => {
      const page = readPage(query);
      const rows = await listPrograms(db, caller.applicationId, page.after, page.limit + 1);
      const { items, ...next } = pageOf(rows, page, ({ id }) => id, toProgram);
      return { programs: items, ...next };
    },
  }),
  operation({
    id: 'getEventProgram',
    summary: 'Read one program',
    tag,
    method: 'get',
    path: '/hub/v1/event-programs/{programId}',
    scopes: readScopes,
    params: EventProgramPath,
    status: 200,
    response: EventProgram,
    errors: ['not-found'],
    handle: async ({ caller: { applicationId }, params: { programId } }, { db }) => {
      const program = await findProgram(db, programId);
      const isSeen = applicationId === undefined || (await isReadable(db, applicationId, programId));
      if (!program || !isSeen) throw programMissing(programId);
      return toProgram(program);
    },
  }),
  operation({
    id: 'grantEventProgram',
    summary: 'Let another application read the program',
    tag,
    method: 'put',
    path: '/hub/v1/event-programs/{programId}/grants/{applicationId}',
    scopes: writeScopes,
    params: ProgramGrantPath,
    status: 200,
    response: ProgramGrant,
    errors: ['not-found'],
    handle: async ({ caller, params: { programId, applicationId } }, { db }) => {
      await requireOwner(caller, programId, db);
      try {
        return toGrant(await insertGrant(db, programId, applicationId));
      } catch (error) {
        throw violatesReference(error) ? applicationMissing(applicationId) : error;
      }
    },
  }),
  operation({
    id: 'revokeEventProgram',
    summary: 'Take back what was granted',
    tag,
    method: 'delete',
    path: '/hub/v1/event-programs/{programId}/grants/{applicationId}',
    scopes: writeScopes,
    params: ProgramGrantPath,
    status: 204,
    errors: ['not-found'],
    handle: async ({ caller, params: { programId, applicationId } }, { db }) => {
      await requireOwner(caller, programId, db);
      if (await deleteGrant(db, programId, applicationId)) return undefined;
      throw notFound(`The application ${applicationId} was not granted the program ${programId}.`);
    },
  }),
  operation({
    id: 'listEventProgramGrants',
    summary: 'List the applications that were granted the program',
    tag,
    method: 'get',
    path: '/hub/v1/event-programs/{programId}/grants',
    scopes: writeScopes,
    params: EventProgramPath,
    query: PageQuery,
    status: 200,
    response: ProgramGrantList,
    errors: ['not-found'],
    handle: async ({ caller, params: { programId }, query }, { db }) => {
      await requireOwner(caller, programId, db);
      const page = readIdPage(query);
      const rows = await listGrants(db, programId, page.afterId, page.limit + 1);
      const { items, ...next } = pageOf(rows, page, (row) => row.application_id, toGrant);
      return { grants: items, ...next };
    },
  }),
];
