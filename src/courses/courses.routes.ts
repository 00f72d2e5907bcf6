import { type Static, Type } from '@sinclair/typebox';
import { requireApplication } from '../applications/caller';
import type { Database } from '../database/connection';
import { type Input, operation } from '../http/operation';
import { countByCourse } from '../player/registration-counts.store';
import type { Resources } from '../resources';
import { changeCourse } from './change-course';
import { type CourseListPosition, readFilter } from './course-list.rules';
import { countCourses, listCourses, positionOf } from './course-list.store';
import { Course, CourseList, CourseListParameters, CoursePath, includes, Title } from './courses.schemas';
import { type CourseRow, findCourseWithLatest, listLatestVersions, setTitle } from './courses.store';
import { deleteCourse } from './delete-course';
import { courseMissing } from './missing-course';
import { readMore, writeMore } from './more-token.rules';
import { presentActivities, presentCourse, type Shown } from './present-course';

const tag = 'Course Service';
/** SCORM Cloud's page size. */
const pageSize = 100;

const Includes = Type.Object(includes);

interface Included {
  includeRegistrationCount?: boolean;
  includeCourseMetadata?: boolean;
}

/** What is shown of a row; `counts`: registrations by row, where they are to be shown. */
export const shownBy = (
  { includeCourseMetadata = false }: Included,
  counts: ReadonlyMap<string, number> | undefined,
  row: string,
): Shown => ({
  metadata: includeCourseMetadata,
  registrationCount: counts && (counts.get(row) ?? 0),
});

const countsFor = async (
  { includeRegistrationCount = false }: Included,
  courses: readonly CourseRow[],
  db: Database,
): Promise<ReadonlyMap<string, number> | undefined> =>
  includeRegistrationCount
    ? countByCourse(
        db,
        courses.map(({ id }) => id),
      )
    : undefined;

type ListInput = Input<undefined, typeof CourseListParameters, undefined>;

type ListParameters = Omit<Static<typeof CourseListParameters>, 'more'>;

/** With `more` the first request's parameters keep applying; only what a course shows can be asked for anew. */
function whereToGoOn(
  { query: { more, ...query }, caller }: ListInput,
  { secrets }: Resources,
): { query: ListParameters; after: CourseListPosition | undefined } {
  if (more === undefined) return { query, after: undefined };
  const first = readMore<ListParameters, CourseListPosition>('courses', more, requireApplication(caller), secrets);
  const { includeCourseMetadata, includeRegistrationCount } = query;
  const shown = {
    ...(includeCourseMetadata === undefined ? {} : { includeCourseMetadata }),
    ...(includeRegistrationCount === undefined ? {} : { includeRegistrationCount }),
  };
  return { query: { ...first.query, ...shown }, after: first.position };
}

async function getCourses(input: ListInput, resources: Resources): Promise<Static<typeof CourseList>> {
  const application = requireApplication(input.caller);
  const { query, after } = whereToGoOn(input, resources);
  const filter = readFilter(query);
  const rows = await listCourses(resources.db, application, filter, { after, limit: pageSize + 1 });
  const page = rows.slice(0, pageSize);
  if (query.includeTotalCount && after === undefined) {
    const total = await countCourses(resources.db, application, filter);
    input.request.setHeader('X-Total-Count', String(total));
  }
  const versions = await listLatestVersions(resources.db, page);
  const counts = await countsFor(query, page, resources.db);
  const courses = page.flatMap((course) => {
    const version = versions.get(course.id);
    // One that was deleted between the two queries is left out.
    return version ? [presentCourse(course, version, shownBy(query, counts, course.id))] : [];
  });
  if (rows.length <= pageSize) return { courses };
  const position = positionOf(page.at(-1)!, filter);
  return { courses, more: writeMore('courses', { application, query, position }, resources.secrets) };
}

/** Courses of the SCORM Cloud v2 Course Service. */
export const courseOperations = [
  operation({
    id: 'getCourses',
    summary: 'List the application’s courses, a hundred a page',
    tag,
    method: 'get',
    path: '/api/v2/courses',
    scopes: ['read', 'read:course'],
    query: CourseListParameters,
    status: 200,
    response: CourseList,
    handle: getCourses,
  }),
  operation({
    id: 'getCourse',
    summary: 'Read a course: its newest version, with its activities',
    tag,
    method: 'get',
    path: '/api/v2/courses/{courseId}',
    scopes: ['read', 'read:course'],
    params: CoursePath,
    query: Includes,
    status: 200,
    response: Course,
    errors: ['not-found'],
    handle: async ({ params: { courseId }, query, caller }, { db }) => {
      const found = await findCourseWithLatest(db, requireApplication(caller), courseId);
      if (!found) throw courseMissing(courseId);
      const { course, version } = found;
      const shown = shownBy(query, await countsFor(query, [course], db), course.id);
      return { ...presentCourse(course, version, shown), ...presentActivities(version) };
    },
  }),
  operation({
    id: 'setCourseTitle',
    summary: 'Name a course',
    tag,
    method: 'put',
    path: '/api/v2/courses/{courseId}/title',
    scopes: ['write', 'write:course'],
    params: CoursePath,
    body: Title,
    status: 204,
    errors: ['not-found'],
    handle: async ({ params: { courseId }, body: { title }, caller }, { db }) => {
      await changeCourse(db, requireApplication(caller), courseId, (tx, course) => setTitle(tx, course, title));
      return undefined;
    },
  }),
  operation({
    id: 'deleteCourse',
    summary: 'Delete a course and everything connected to it',
    tag,
    method: 'delete',
    path: '/api/v2/courses/{courseId}',
    scopes: ['delete', 'delete:course'],
    params: CoursePath,
    status: 204,
    errors: ['not-found'],
    handle: async ({ params: { courseId }, caller }, resources) => {
      if (!(await deleteCourse(requireApplication(caller), courseId, resources))) throw courseMissing(courseId);
      return undefined;
    },
  }),
];
