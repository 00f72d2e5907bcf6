import { requireApplication } from '../applications/caller';
import { pageOf, readRowPage } from '../http/hub-paging';
import { operation } from '../http/operation';
import { LaunchLink, LaunchLinkRequest } from '../player/launch-links.schemas';
import { approveItem } from './approve-item';
import type { Enrollment } from './enrollment.rules';
import {
  type EnrollmentChoice,
  findEnrollment,
  type HistoryEntry,
  listEnrollmentsOfLearner,
  listHistory,
  listSources,
} from './enrollments.store';
import { PageQuery } from './fields.schemas';
import { getLearner } from './get-learner';
import {
  EnrollmentItemPath,
  EnrollmentPath,
  HubEnrollment,
  LearnerEnrollmentList,
  LearnerEnrollmentQuery,
  Timeline,
} from './hub-enrollments.schemas';
import { launchItem } from './launch-item';
import { LearnerPath } from './learners.schemas';
import { enrollmentMissing } from './missing-record';
import { presentEnrollmentSummary, presentHubEnrollment } from './present-hub-enrollment';
import type { Resources } from '../resources';

const tag = 'Hub: enrollments';
const path = '/hub/v1/enrollments/{enrollmentId}';

type Needs = Pick<Resources, 'db'>;

async function getEnrollment(choice: EnrollmentChoice, { db }: Needs): Promise<Enrollment> {
  const enrollment = await findEnrollment(db, choice);
  if (!enrollment) throw enrollmentMissing(choice.enrollmentId);
  return enrollment;
}

const show = async (enrollment: Enrollment, { db }: Needs): Promise<HubEnrollment> =>
  presentHubEnrollment(enrollment, await listSources(db, enrollment.id));

const presentEntry = ({ id, type, at, recorded_at, detail }: HistoryEntry): Timeline['timeline'][number] => ({
  id,
  type,
  at: at.toISOString(),
  recorded_at: recorded_at.toISOString(),
  detail,
});

/** Enrollments with all that the hub knows of them; they are made, changed and removed through Bridge's API. */
export const hubEnrollmentOperations = [
  operation({
    id: 'getEnrollment',
    summary: 'Read an enrollment, whatever became of it: items, sources, settings, and what happens next',
    tag,
    method: 'get',
    path,
    scopes: ['read:hub'],
    params: EnrollmentPath,
    status: 200,
    response: HubEnrollment,
    errors: ['not-found'],
    handle: async ({ caller, params }, resources) =>
      show(await getEnrollment({ applicationId: requireApplication(caller), ...params }, resources), resources),
  }),
  operation({
    id: 'getTimeline',
    summary: 'List all that happened to an enrollment, the oldest first',
    tag,
    method: 'get',
    path: `${path}/timeline`,
    scopes: ['read:hub'],
    params: EnrollmentPath,
    query: PageQuery,
    status: 200,
    response: Timeline,
    errors: ['not-found'],
    handle: async ({ caller, params, query }, resources) => {
      const { id } = await getEnrollment({ applicationId: requireApplication(caller), ...params }, resources);
      const page = readRowPage(query);
      const rows = await listHistory(resources.db, id, { after: page.afterRow, limit: page.limit + 1 });
      const { items, ...next } = pageOf(rows, page, (row) => String(row.id), presentEntry);
      return { timeline: items, ...next };
    },
  }),
  operation({
    id: 'approveItem',
    summary: 'Approve the step at a position, whose turn it is; once more changes nothing',
    tag,
    method: 'post',
    path: `${path}/items/{position}/approve`,
    scopes: ['write:hub'],
    params: EnrollmentItemPath,
    status: 200,
    response: HubEnrollment,
    errors: ['not-found', 'conflict'],
    handle: async ({ caller, params }, resources) =>
      show(await approveItem({ applicationId: requireApplication(caller), ...params }, resources), resources),
  }),
  operation({
    id: 'launchItem',
    summary:
      'Make a link by which the learner opens the course at a position; what is completed there advances the enrollment',
    tag,
    method: 'post',
    path: `${path}/items/{position}/launch`,
    scopes: ['write:hub'],
    params: EnrollmentItemPath,
    body: LaunchLinkRequest,
    status: 201,
    response: LaunchLink,
    errors: ['not-found', 'conflict'],
    handle: async ({ caller, params, body }, resources) => {
      const choice = { applicationId: requireApplication(caller), ...params };
      return { launchLink: await launchItem(choice, body, resources) };
    },
  }),
  operation({
    id: 'listEnrollmentsOfLearner',
    summary: 'List a learner’s enrollments by id, without their items',
    tag,
    method: 'get',
    path: '/hub/v1/learners/{learnerId}/enrollments',
    scopes: ['read:hub'],
    params: LearnerPath,
    query: LearnerEnrollmentQuery,
    status: 200,
    response: LearnerEnrollmentList,
    errors: ['not-found'],
    handle: async ({ caller, params: { learnerId }, query }, { db }) => {
      await getLearner(db, requireApplication(caller), learnerId);
      const page = readRowPage(query);
      const filter = { learnerId, withDeleted: query.with_deleted ?? false };
      const rows = await listEnrollmentsOfLearner(db, filter, { after: page.afterRow, limit: page.limit + 1 });
      const { items, ...next } = pageOf(rows, page, ({ id }) => String(id), presentEnrollmentSummary);
      return { enrollments: items, ...next };
    },
  }),
];
