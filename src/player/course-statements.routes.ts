import type { Static } from '@sinclair/typebox';
import { requireApplication } from '../applications/caller';
import { CoursePath, CourseVersionPath } from '../courses/courses.schemas';
import { moreNotOurs, readMore, writeMore } from '../courses/more-token.rules';
import { readDate } from '../http/dates';
import { operation } from '../http/operation';
import type { Resources } from '../resources';
import type { JsonObject } from '../statements/shapes.rules';
import { courseStatement } from './course-statement.rules';
import { CourseStatements, CourseStatementsQuery } from './course-statements.schemas';
import { type CourseStatementsFilter, type CourseStatementsOf, listCourseStatements } from './list-course-statements';

const tag = 'Course Service';

type Query = Static<typeof CourseStatementsQuery>;

/** What a list is of and what it was asked for at first. */
type FirstQuery = Omit<Query, 'more'> & Omit<CourseStatementsOf, 'applicationId'>;

const readFilter = ({ learnerId, since, until }: Query): CourseStatementsFilter => ({
  learnerId,
  since: since === undefined ? undefined : readDate(since, 'since'),
  until: until === undefined ? undefined : readDate(until, 'until'),
});

/** With `more` the first request's parameters keep applying. */
function whereToGoOn(
  { applicationId, courseId, versionId }: CourseStatementsOf,
  { more, ...query }: Query,
  { secrets }: Pick<Resources, 'secrets'>,
): { query: FirstQuery; after: number | undefined } {
  if (more === undefined) return { query: { courseId, versionId, ...query }, after: undefined };
  const first = readMore<FirstQuery, number>('statements', more, applicationId, secrets);
  const isOfThis = first.query.courseId === courseId && first.query.versionId === versionId;
  if (!isOfThis) throw moreNotOurs();
  return { query: first.query, after: first.position };
}

async function answerPage(
  of: CourseStatementsOf,
  asked: Query,
  { db, secrets }: Resources,
): Promise<Static<typeof CourseStatements>> {
  const { query, after } = whereToGoOn(of, asked, { secrets });
  const { rows, hasMore } = await listCourseStatements(db, of, { ...readFilter(query), after });
  const statements = rows.map(({ data }) => courseStatement(JSON.parse(data) as JsonObject));
  const last = rows.at(-1);
  const more =
    hasMore && last
      ? writeMore('statements', { application: of.applicationId, query, position: last.position }, secrets)
      : undefined;
  return { statements: statements as Static<typeof CourseStatements>['statements'], ...(more && { more }) };
}

/** What was said in launches of courses, of the SCORM Cloud v2 Course Service. */
export const courseStatementOperations = [
  operation({
    id: 'getCourseStatements',
    summary: 'List the xAPI statements of a course’s launches, the newest first, a hundred a page',
    tag,
    method: 'get',
    path: '/api/v2/courses/{courseId}/xAPIStatements',
    scopes: ['read', 'read:course'],
    params: CoursePath,
    query: CourseStatementsQuery,
    status: 200,
    response: CourseStatements,
    errors: ['not-found'],
    handle: ({ params, query, caller }, resources) =>
      answerPage({ applicationId: requireApplication(caller), ...params }, query, resources),
  }),
  operation({
    id: 'getCourseVersionStatements',
    summary: 'List the xAPI statements of launches of one version of a course',
    tag,
    method: 'get',
    path: '/api/v2/courses/{courseId}/versions/{versionId}/xAPIStatements',
    scopes: ['read', 'read:course'],
    params: CourseVersionPath,
    query: CourseStatementsQuery,
    status: 200,
    response: CourseStatements,
    errors: ['not-found'],
    handle: ({ params, query, caller }, resources) =>
      answerPage({ applicationId: requireApplication(caller), ...params }, query, resources),
  }),
];
