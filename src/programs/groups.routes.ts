import { requireApplication } from '../applications/caller';
import { notFound } from '../errors';
import { pageOf, readRowPage } from '../http/hub-paging';
import { type Envelope, operation } from '../http/operation';
import { assertValid } from '../http/validation';
import { LearnerEntries, LearnerName, PageQuery } from './fields.schemas';
import { getGroup } from './get-group';
import { getLearner } from './get-learner';
import { addMembers, type GroupChoice, removeMembers } from './group-members';
import {
  Group,
  GroupList,
  GroupPath,
  GroupValues,
  MemberPath,
  Members,
  MembersAdded,
  MembersRemoved,
} from './groups.schemas';
import { listGroups } from './groups.store';
import { LearnerList } from './learners.schemas';
import { listMembers } from './learners.store';
import { presentGroup } from './present-group';
import { presentLearner } from './present-learner';
import { readEntries } from './read-entries';
import { changeGroupName, createGroup, deleteGroup } from './save-group';

const tag = 'Hub: learners and groups';
const path = '/hub/v1/groups/{groupId}';

/** Ten thousand learners, by the longest names they may have. */
const maxMembersBytes = 16 * 1024 * 1024;

const choiceOf = ({ caller, params }: Pick<Envelope<typeof GroupPath, unknown>, 'caller' | 'params'>): GroupChoice => ({
  applicationId: requireApplication(caller),
  groupId: params.groupId,
});

function readMembers(body: unknown) {
  assertValid(LearnerEntries, body, 'body');
  return readEntries(LearnerName, (body as { learners: unknown[] }).learners, (learner) => learner);
}

/** Groups of learners: those that are sources of a program have their members enrolled. */
export const groupOperations = [
  operation({
    id: 'createGroup',
    summary: 'Create a group of learners',
    tag,
    method: 'post',
    path: '/hub/v1/groups',
    scopes: ['write:hub'],
    body: GroupValues,
    status: 201,
    response: Group,
    handle: async ({ caller, body: { name } }, resources) =>
      presentGroup(await createGroup(requireApplication(caller), name, resources)),
  }),
  operation({
    id: 'listGroups',
    summary: 'List groups by id',
    tag,
    method: 'get',
    path: '/hub/v1/groups',
    scopes: ['read:hub'],
    query: PageQuery,
    status: 200,
    response: GroupList,
    handle: async ({ caller, query }, { db }) => {
      const page = readRowPage(query);
      const rows = await listGroups(db, requireApplication(caller), { after: page.afterRow, limit: page.limit + 1 });
      const { items, ...next } = pageOf(rows, page, ({ id }) => String(id), presentGroup);
      return { groups: items, ...next };
    },
  }),
  operation({
    id: 'getGroup',
    summary: 'Read a group',
    tag,
    method: 'get',
    path,
    scopes: ['read:hub'],
    params: GroupPath,
    status: 200,
    response: Group,
    errors: ['not-found'],
    handle: async ({ caller, params: { groupId } }, { db }) =>
      presentGroup(await getGroup(db, requireApplication(caller), groupId)),
  }),
  operation({
    id: 'changeGroup',
    summary: 'Rename a group',
    tag,
    method: 'patch',
    path,
    scopes: ['write:hub'],
    params: GroupPath,
    body: GroupValues,
    status: 200,
    response: Group,
    errors: ['not-found'],
    handle: async (input, resources) =>
      presentGroup(await changeGroupName(choiceOf(input), input.body.name, resources)),
  }),
  operation({
    id: 'deleteGroup',
    summary: 'Delete a group; its members leave the programs that they have no other source of',
    tag,
    method: 'delete',
    path,
    scopes: ['write:hub'],
    params: GroupPath,
    status: 204,
    errors: ['not-found'],
    handle: async (input, resources) => {
      await deleteGroup(choiceOf(input), resources);
      return undefined;
    },
  }),
  operation({
    id: 'listMembers',
    summary: 'List the members of a group by id',
    tag,
    method: 'get',
    path: `${path}/members`,
    scopes: ['read:hub'],
    params: GroupPath,
    query: PageQuery,
    status: 200,
    response: LearnerList,
    errors: ['not-found'],
    handle: async ({ caller, params: { groupId }, query }, { db }) => {
      await getGroup(db, requireApplication(caller), groupId);
      const page = readRowPage(query);
      const rows = await listMembers(db, groupId, { after: page.afterRow, limit: page.limit + 1 });
      const { items, ...next } = pageOf(rows, page, ({ id }) => String(id), presentLearner);
      return { learners: items, ...next };
    },
  }),
  operation({
    id: 'addMembers',
    summary: 'Have up to 10,000 learners join a group, and be enrolled in its programs: all or none',
    tag,
    method: 'post',
    path: `${path}/members`,
    scopes: ['write:hub'],
    params: GroupPath,
    body: Members,
    bodyType: 'judged',
    maxBodyBytes: () => maxMembersBytes,
    status: 200,
    response: MembersAdded,
    errors: ['not-found', 'too-large'],
    handle: async (input, resources) => ({
      added: await addMembers(choiceOf(input), readMembers(input.body), resources),
    }),
  }),
  operation({
    id: 'removeMembers',
    summary:
      'Have up to 10,000 learners leave a group, and the programs that they have no other source of: all or none',
    tag,
    method: 'post',
    path: `${path}/members/remove`,
    scopes: ['write:hub'],
    params: GroupPath,
    body: Members,
    bodyType: 'judged',
    maxBodyBytes: () => maxMembersBytes,
    status: 200,
    response: MembersRemoved,
    errors: ['not-found'],
    handle: async (input, resources) => ({
      removed: await removeMembers(choiceOf(input), readMembers(input.body), resources),
    }),
  }),
  operation({
    id: 'addMember',
    summary: 'Have a learner join a group, and be enrolled in its programs; who is a member stays one',
    tag,
    method: 'put',
    path: `${path}/members/{learnerId}`,
    scopes: ['write:hub'],
    params: MemberPath,
    status: 204,
    errors: ['not-found', 'too-large'],
    handle: async (input, resources) => {
      const { id } = await getLearner(resources.db, requireApplication(input.caller), input.params.learnerId);
      await addMembers(choiceOf(input), [{ id }], resources);
      return undefined;
    },
  }),
  operation({
    id: 'removeMember',
    summary: 'Have a learner leave a group, and the programs that they have no other source of',
    tag,
    method: 'delete',
    path: `${path}/members/{learnerId}`,
    scopes: ['write:hub'],
    params: MemberPath,
    status: 204,
    errors: ['not-found'],
    handle: async (input, resources) => {
      const { groupId, learnerId } = input.params;
      const { id } = await getLearner(resources.db, requireApplication(input.caller), learnerId);
      if ((await removeMembers(choiceOf(input), [{ id }], resources)) > 0) return undefined;
      throw notFound(`The learner ${learnerId} is no member of the group ${groupId}.`);
    },
  }),
];
