import { requireApplication } from '../applications/caller';
import { pageOf, readRowPage } from '../http/hub-paging';
import { operation } from '../http/operation';
import { assertValid } from '../http/validation';
import { LaunchLink, LaunchLinkRequest } from '../player/launch-links.schemas';
import { AbandonedUnits, UnitWaiver, WaivedUnit } from '../player/units.schemas';
import { abandonForLearner, launchForLearner, waiveForLearner } from './courses-for-learner';
import { deleteLearner } from './delete-learner';
import { LearnerEntries, PageQuery } from './fields.schemas';
import { getLearner } from './get-learner';
import { GroupList } from './groups.schemas';
import { listGroupsOfLearner } from './groups.store';
import {
  Learner,
  LearnerChange,
  LearnerCoursePath,
  LearnerList,
  LearnerPath,
  LearnerQuery,
  ManyLearners,
  NewLearner,
  SavedLearners,
} from './learners.schemas';
import { listLearners } from './learners.store';
import { presentGroup } from './present-group';
import { presentLearner } from './present-learner';
import { readEntries } from './read-entries';
import { changeLearner, createLearner, saveLearners } from './save-learners';

const tag = 'Hub: learners and groups';

/** Ten thousand learners, with everything that they may have. */
const maxBulkBytes = 32 * 1024 * 1024;

/** Those who are enrolled, by the application's own ids. */
export const learnerOperations = [
  operation({
    id: 'saveLearners',
    summary: 'Create or change up to 10,000 learners, by uid: all or none',
    tag,
    method: 'post',
    path: '/hub/v1/learners/bulk',
    scopes: ['write:hub'],
    body: ManyLearners,
    bodyType: 'judged',
    maxBodyBytes: () => maxBulkBytes,
    status: 200,
    response: SavedLearners,
    handle: async ({ caller, body }, resources) => {
      assertValid(LearnerEntries, body, 'body');
      const entries = readEntries(NewLearner, body.learners, (learner) => learner);
      const saved = await saveLearners(requireApplication(caller), entries, resources);
      const created = saved.filter(({ is_new }) => is_new).length;
      return { created, updated: saved.length - created, learners: saved.map(({ id, uid }) => ({ id, uid })) };
    },
  }),
  operation({
    id: 'createLearner',
    summary: 'Create a learner',
    tag,
    method: 'post',
    path: '/hub/v1/learners',
    scopes: ['write:hub'],
    body: NewLearner,
    status: 201,
    response: Learner,
    errors: ['conflict'],
    handle: async ({ caller, body }, resources) =>
      presentLearner(await createLearner(requireApplication(caller), body, resources)),
  }),
  operation({
    id: 'listLearners',
    summary: 'List learners by id, or find one by uid or email',
    tag,
    method: 'get',
    path: '/hub/v1/learners',
    scopes: ['read:hub'],
    query: LearnerQuery,
    status: 200,
    response: LearnerList,
    handle: async ({ caller, query }, { db }) => {
      const page = readRowPage(query);
      const filter = { applicationId: requireApplication(caller), uid: query.uid, email: query.email };
      const rows = await listLearners(db, filter, { after: page.afterRow, limit: page.limit + 1 });
      const { items, ...next } = pageOf(rows, page, ({ id }) => String(id), presentLearner);
      return { learners: items, ...next };
    },
  }),
  operation({
    id: 'getLearner',
    summary: 'Read a learner',
    tag,
    method: 'get',
    path: '/hub/v1/learners/{learnerId}',
    scopes: ['read:hub'],
    params: LearnerPath,
    status: 200,
    response: Learner,
    errors: ['not-found'],
    handle: async ({ caller, params: { learnerId } }, { db }) =>
      presentLearner(await getLearner(db, requireApplication(caller), learnerId)),
  }),
  operation({
    id: 'changeLearner',
    summary: 'Change a learner',
    tag,
    method: 'patch',
    path: '/hub/v1/learners/{learnerId}',
    scopes: ['write:hub'],
    params: LearnerPath,
    body: LearnerChange,
    status: 200,
    response: Learner,
    errors: ['not-found', 'conflict'],
    handle: async ({ caller, params: { learnerId }, body }, resources) =>
      presentLearner(await changeLearner({ applicationId: requireApplication(caller), learnerId }, body, resources)),
  }),
  operation({
    id: 'deleteLearner',
    summary:
      'Delete a learner with all that is theirs: enrollments and timelines, completions, registrations, memberships',
    tag,
    method: 'delete',
    path: '/hub/v1/learners/{learnerId}',
    scopes: ['write:hub'],
    params: LearnerPath,
    status: 204,
    errors: ['not-found'],
    handle: async ({ caller, params: { learnerId } }, resources) => {
      await deleteLearner({ applicationId: requireApplication(caller), learnerId }, resources);
      return undefined;
    },
  }),
  operation({
    id: 'launchCourseForLearner',
    summary:
      'Make a link by which a learner opens a course, whether or not a program has it; a completion counts as any other',
    tag,
    method: 'post',
    path: '/hub/v1/learners/{learnerId}/courses/{courseId}/launch',
    scopes: ['write:hub'],
    params: LearnerCoursePath,
    body: LaunchLinkRequest,
    status: 201,
    response: LaunchLink,
    errors: ['not-found'],
    handle: async ({ caller, params, body }, resources) => {
      const choice = { applicationId: requireApplication(caller), ...params };
      return { launchLink: await launchForLearner(choice, body, resources) };
    },
  }),
  operation({
    id: 'waiveUnit',
    summary:
      'Waive an assignable unit of a cmi5 course for a learner, whose requirements are met by other means; once more changes nothing',
    tag,
    method: 'post',
    path: '/hub/v1/learners/{learnerId}/courses/{courseId}/waive',
    scopes: ['write:hub'],
    params: LearnerCoursePath,
    body: UnitWaiver,
    status: 200,
    response: WaivedUnit,
    errors: ['not-found', 'conflict'],
    handle: ({ caller, params, body }, resources) =>
      waiveForLearner({ applicationId: requireApplication(caller), ...params }, body, resources),
  }),
  operation({
    id: 'abandonUnits',
    summary:
      'Abandon the sessions that a learner has open of a cmi5 course: what their content sends from then on is refused',
    tag,
    method: 'post',
    path: '/hub/v1/learners/{learnerId}/courses/{courseId}/abandon',
    scopes: ['write:hub'],
    params: LearnerCoursePath,
    status: 200,
    response: AbandonedUnits,
    errors: ['not-found', 'conflict'],
    handle: ({ caller, params }, resources) =>
      abandonForLearner({ applicationId: requireApplication(caller), ...params }, resources),
  }),
  operation({
    id: 'listGroupsOfLearner',
    summary: 'List the groups that a learner is a member of, by id',
    tag,
    method: 'get',
    path: '/hub/v1/learners/{learnerId}/groups',
    scopes: ['read:hub'],
    params: LearnerPath,
    query: PageQuery,
    status: 200,
    response: GroupList,
    errors: ['not-found'],
    handle: async ({ caller, params: { learnerId }, query }, { db }) => {
      await getLearner(db, requireApplication(caller), learnerId);
      const page = readRowPage(query);
      const rows = await listGroupsOfLearner(db, learnerId, { after: page.afterRow, limit: page.limit + 1 });
      const { items, ...next } = pageOf(rows, page, ({ id }) => String(id), presentGroup);
      return { groups: items, ...next };
    },
  }),
];
