import { requireApplication } from '../applications/caller';
import { pageOf, readRowPage } from '../http/hub-paging';
import { type Envelope, operation, type RequestContext } from '../http/operation';
import { requireMatch, versionTag } from '../http/preconditions';
import { deleteProgram } from './delete-program';
import { PageQuery } from './fields.schemas';
import { addGroupToProgram, removeGroupFromProgram } from './group-members';
import { GroupList, ProgramGroupPath } from './groups.schemas';
import { listGroupsOfProgram } from './groups.store';
import { presentGroup } from './present-group';
import { presentProgram, presentProgramSummary } from './present-program';
import { NewProgram, Program, ProgramList, ProgramPatch, ProgramPath } from './programs.schemas';
import { listPrograms } from './programs.store';
import { readProgram } from './read-program';
import { changeProgram, createProgram, getProgram, type Program as StoredProgram } from './save-program';

const tag = 'Hub: programs';
const path = '/hub/v1/programs/{programId}';

const choiceOf = <P extends { programId: number }>({
  caller,
  params,
}: Pick<Envelope<unknown, unknown>, 'caller'> & { params: P }) => ({
  applicationId: requireApplication(caller),
  ...params,
});

/** The program with its ETag: the version of its settings and items. */
function show(program: StoredProgram, request: RequestContext): Program {
  request.setHeader('ETag', versionTag(program.version));
  return presentProgram(program);
}

/** Bridge programs: sequences of courses and steps that learners are enrolled in. */
export const programOperations = [
  operation({
    id: 'createProgram',
    summary: 'Create a program: courses and steps that need approval, in order',
    tag,
    method: 'post',
    path: '/hub/v1/programs',
    scopes: ['write:hub'],
    body: NewProgram,
    status: 201,
    response: Program,
    handle: async ({ caller, body, request }, resources) => {
      const program = { ...readProgram(body), title: body.title };
      return show(await createProgram(requireApplication(caller), program, resources), request);
    },
  }),
  operation({
    id: 'listPrograms',
    summary: 'List programs by id, without their items',
    tag,
    method: 'get',
    path: '/hub/v1/programs',
    scopes: ['read:hub'],
    query: PageQuery,
    status: 200,
    response: ProgramList,
    handle: async ({ caller, query }, { db }) => {
      const page = readRowPage(query);
      const rows = await listPrograms(db, requireApplication(caller), { after: page.afterRow, limit: page.limit + 1 });
      const { items, ...next } = pageOf(rows, page, ({ id }) => String(id), presentProgramSummary);
      return { programs: items, ...next };
    },
  }),
  operation({
    id: 'getProgram',
    summary: 'Read a program with its items; its ETag is the version of both',
    tag,
    method: 'get',
    path,
    scopes: ['read:hub'],
    params: ProgramPath,
    status: 200,
    response: Program,
    errors: ['not-found'],
    handle: async ({ caller, params: { programId }, request }, { db }) =>
      show(await getProgram(db, requireApplication(caller), programId), request),
  }),
  operation({
    id: 'changeProgram',
    summary: 'Change a program, for those who are enrolled from then on',
    tag,
    method: 'patch',
    path,
    scopes: ['write:hub'],
    params: ProgramPath,
    body: ProgramPatch,
    headers: { 'If-Match': 'An ETag: refused with 412 when the program has changed since' },
    status: 200,
    response: Program,
    errors: ['not-found', 'precondition-failed'],
    handle: async (input, resources) => {
      const accept = (version: number): void => requireMatch(input.request.headers['if-match'], version);
      return show(await changeProgram(choiceOf(input), readProgram(input.body), accept, resources), input.request);
    },
  }),
  operation({
    id: 'deleteProgram',
    summary: 'Delete a program, and remove those who are enrolled',
    tag,
    method: 'delete',
    path,
    scopes: ['write:hub'],
    params: ProgramPath,
    status: 204,
    errors: ['not-found'],
    handle: async (input, resources) => {
      await deleteProgram(choiceOf(input), resources);
      return undefined;
    },
  }),
  operation({
    id: 'listGroupsOfProgram',
    summary: 'List the groups whose members are enrolled in a program, by id',
    tag,
    method: 'get',
    path: `${path}/groups`,
    scopes: ['read:hub'],
    params: ProgramPath,
    query: PageQuery,
    status: 200,
    response: GroupList,
    errors: ['not-found'],
    handle: async ({ caller, params: { programId }, query }, { db }) => {
      await getProgram(db, requireApplication(caller), programId);
      const page = readRowPage(query);
      const rows = await listGroupsOfProgram(db, programId, { after: page.afterRow, limit: page.limit + 1 });
      const { items, ...next } = pageOf(rows, page, ({ id }) => String(id), presentGroup);
      return { groups: items, ...next };
    },
  }),
  operation({
    id: 'addGroupToProgram',
    summary: 'Enroll the members of a group in a program, those who are there and those who join',
    tag,
    method: 'put',
    path: `${path}/groups/{groupId}`,
    scopes: ['write:hub'],
    params: ProgramGroupPath,
    status: 204,
    errors: ['not-found'],
    handle: async (input, resources) => {
      await addGroupToProgram(choiceOf(input), resources);
      return undefined;
    },
  }),
  operation({
    id: 'removeGroupFromProgram',
    summary: 'Enroll the members of a group no longer; those without another source are removed from the program',
    tag,
    method: 'delete',
    path: `${path}/groups/{groupId}`,
    scopes: ['write:hub'],
    params: ProgramGroupPath,
    status: 204,
    errors: ['not-found'],
    handle: async (input, resources) => {
      await removeGroupFromProgram(choiceOf(input), resources);
      return undefined;
    },
  }),
];
