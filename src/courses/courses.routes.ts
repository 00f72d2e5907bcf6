import { Type } from '@sinclair/typebox';
import { notFound } from '../errors';
import { requireApplication } from '../applications/caller';
import { operation } from '../http/operation';
import { Course, CourseList, CoursePath, includes } from './courses.schemas';
import { findCourseWithLatest, listCourses } from './courses.store';
import { deleteCourse } from './delete-course';
import { presentCourse, type Shown } from './present-course';

const tag = 'Course Service';
/** SCORM Cloud's page size. */
const pageSize = 100;

const Includes = Type.Object(includes);

export const courseMissing = (courseId: string) => notFound(`There is no course "${courseId}" in this application.`);

const shownBy = (query: { includeRegistrationCount?: boolean; includeCourseMetadata?: boolean }): Shown => ({
  registrationCount: query.includeRegistrationCount ?? false,
  metadata: query.includeCourseMetadata ?? false,
});

/** Courses of the SCORM Cloud v2 Course Service. */
export const courseOperations = [
  operation({
    id: 'getCourses',
    summary: 'List the application’s courses, newest first',
    tag,
    method: 'get',
    path: '/api/v2/courses',
    scopes: ['read', 'read:course'],
    query: Includes,
    status: 200,
    response: CourseList,
    handle: async ({ query, caller }, { db }) => {
      const rows = await listCourses(db, requireApplication(caller), pageSize);
      return { courses: rows.map((row) => presentCourse(row, shownBy(query))) };
    },
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
      return presentCourse(found, { ...shownBy(query), activities: true });
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
