import { requireApplication } from '../applications/caller';
import { pageOf, readRowPage } from '../http/hub-paging';
import { operation } from '../http/operation';
import { assertValid } from '../http/validation';
import {
  Completion,
  CompletionEntries,
  CompletionList,
  CompletionQuery,
  CompletionsStored,
  ManyCompletions,
  NewCompletion,
} from './completions.schemas';
import { listCompletions } from './completions.store';
import { getLearner } from './get-learner';
import { LearnerPath } from './learners.schemas';
import { presentCompletion } from './present-completion';
import { readCompletion } from './read-completion';
import { readEntries } from './read-entries';
import { reportCompletions } from './report-completions';

const tag = 'Hub: enrollments';

/** A thousand completions, with the longest ids they may have. */
const maxBulkBytes = 4 * 1024 * 1024;

/** Completions of courses that are reported to the hub itself, and those that came in by any door. */
export const completionOperations = [
  operation({
    id: 'createCompletion',
    summary: 'Report that a learner completed a course; where there is no such learner yet, it counts once there is',
    tag,
    method: 'post',
    path: '/hub/v1/completions',
    scopes: ['write:hub'],
    body: NewCompletion,
    status: 201,
    response: Completion,
    errors: ['conflict'],
    handle: async ({ caller, body }, resources) => {
      const report = readCompletion(body, new Date());
      const [stored] = await reportCompletions(requireApplication(caller), [report], resources);
      return presentCompletion(stored!);
    },
  }),
  operation({
    id: 'createCompletions',
    summary: 'Report up to 1,000 completions: all or none',
    tag,
    method: 'post',
    path: '/hub/v1/completions/bulk',
    scopes: ['write:hub'],
    body: ManyCompletions,
    bodyType: 'judged',
    maxBodyBytes: () => maxBulkBytes,
    status: 201,
    response: CompletionsStored,
    errors: ['conflict'],
    handle: async ({ caller, body }, resources) => {
      assertValid(CompletionEntries, body, 'body');
      const now = new Date();
      const reports = readEntries(NewCompletion, body.completions, (entry) => readCompletion(entry, now));
      const stored = await reportCompletions(requireApplication(caller), reports, resources);
      return { completions: stored.map(presentCompletion) };
    },
  }),
  operation({
    id: 'listCompletionsOfLearner',
    summary: 'List a learner’s completions by id, whatever door they came in by',
    tag,
    method: 'get',
    path: '/hub/v1/learners/{learnerId}/completions',
    scopes: ['read:hub'],
    params: LearnerPath,
    query: CompletionQuery,
    status: 200,
    response: CompletionList,
    errors: ['not-found'],
    handle: async ({ caller, params: { learnerId }, query }, { db }) => {
      await getLearner(db, requireApplication(caller), learnerId);
      const page = readRowPage(query);
      const filter = { learnerId, courseId: query.course_id };
      const rows = await listCompletions(db, filter, { after: page.afterRow, limit: page.limit + 1 });
      const { items, ...next } = pageOf(rows, page, ({ id }) => String(id), presentCompletion);
      return { completions: items, ...next };
    },
  }),
];
