import { requireApplication } from '../applications/caller';
import type { Config } from '../config';
import { operation } from '../http/operation';
import { contentTag } from '../http/preconditions';
import { changeEnrollmentDates } from './change-dates';
import { enrollAsAsked } from './enroll-as-asked';
import { enrollLearners } from './enroll-learners';
import { readDates } from './enrollment-dates.rules';
import { asksForDeleted } from './enrollment-list.rules';
import { findListed } from './enrollment-list.store';
import {
  ChangedEnrollment,
  EnrollmentChange,
  EnrollmentList,
  EnrollmentPath,
  EnrollmentQuery,
  EnrollRequest,
  ProgramPath,
} from './enrollments.schemas';
import { listEnrollments } from './list-enrollments';
import { presentEnrollment } from './present-enrollment';
import { removeEnrollment } from './remove-enrollment';

const tag = 'Bridge: program enrollments';
const read = ['read', 'read:hub'] as const;
const write = ['write', 'write:hub'] as const;

const path = '/api/author/programs/{program_id}/learners';
const defaultLimit = 100;
/** Ten thousand learners by the longest of names, with dates. */
const maxEnrollBytes = 8 * 1024 * 1024;

/** The URL of a list's next page: its own, with the cursor. */
function nextUrl({ publicUrl }: Config, programId: number, query: EnrollmentQuery, after: string): string {
  const parameters = Object.entries({ ...query, after }).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  return `${publicUrl}${path.replace('{program_id}', String(programId))}?${new URLSearchParams(parameters).toString()}`;
}

const changed = {
  tag,
  path: `${path}/{id}`,
  scopes: write,
  params: EnrollmentPath,
  errors: ['not-found', 'conflict'],
} as const;

/** PATCH and PUT do the same. */
const changeWith = (method: 'patch' | 'put', id: string) =>
  operation({
    ...changed,
    id,
    method,
    summary: 'Change the due date and the expiration date of an enrollment: those that are given; null clears one',
    body: EnrollmentChange,
    status: 200,
    response: ChangedEnrollment,
    handle: async ({ caller, params, body: { enrollments } }, resources) => {
      const choice = {
        applicationId: requireApplication(caller),
        programId: params.program_id,
        enrollmentId: params.id,
      };
      const { id: enrollmentId } = await changeEnrollmentDates(
        choice,
        readDates(enrollments[0]!, 'enrollments.0.'),
        resources,
      );
      const rows = await findListed(resources.db, [enrollmentId]);
      return { meta: {}, enrollments: rows.map((row) => presentEnrollment(row, new Date())) };
    },
  });

/** Bridge's Author API: the enrollments of a program, in which a learner's `id` is the user's. */
export const enrollmentOperations = [
  operation({
    id: 'listProgramLearners',
    summary: 'List the enrollments of a program',
    tag,
    method: 'get',
    path,
    scopes: read,
    params: ProgramPath,
    query: EnrollmentQuery,
    headers: { 'If-None-Match': 'The ETag of the page that is known already' },
    status: 200,
    response: EnrollmentList,
    isConditional: true,
    errors: ['not-found'],
    handle: async ({ caller, params: { program_id: programId }, query, request }, resources) => {
      const { limit = defaultLimit, after, ...asked } = query;
      const program = { applicationId: requireApplication(caller), programId };
      const { rows, next } = await listEnrollments(program, asked, { limit, after }, resources);
      const now = new Date();
      const answer = {
        meta: next === undefined ? {} : { next: nextUrl(resources.config, programId, query, next) },
        enrollments: rows.map((row) => presentEnrollment(row, now, asksForDeleted(asked))),
      };
      // Cursors are encrypted, and so never twice the same.
      request.setHeader('ETag', contentTag([answer.enrollments, next === undefined]));
      return answer;
    },
  }),
  operation({
    id: 'enrollProgramLearners',
    summary: 'Enroll up to 10,000 learners, all or none; the dates of those who are enrolled already are changed',
    tag,
    method: 'post',
    path,
    scopes: write,
    params: ProgramPath,
    body: EnrollRequest,
    bodyType: 'judged',
    maxBodyBytes: () => maxEnrollBytes,
    status: 204,
    errors: ['not-found'],
    handle: async ({ caller, params: { program_id: programId }, body }, resources) => {
      const applicationId = requireApplication(caller);
      await enrollAsAsked(body, (learners) => enrollLearners({ applicationId, programId, learners }, resources));
      return undefined;
    },
  }),
  changeWith('patch', 'updateProgramEnrollment'),
  changeWith('put', 'replaceProgramEnrollment'),
  operation({
    ...changed,
    id: 'removeProgramLearner',
    summary: 'Remove a learner from a program: the enrollment is kept as deleted',
    method: 'delete',
    status: 204,
    handle: async ({ caller, params }, resources) => {
      const choice = {
        applicationId: requireApplication(caller),
        programId: params.program_id,
        enrollmentId: params.id,
      };
      await removeEnrollment(choice, resources);
      return undefined;
    },
  }),
];
