import { Type } from '@sinclair/typebox';
import { requireApplication } from '../applications/caller';
import { readDate } from '../http/dates';
import { operation } from '../http/operation';
import { countByVersion } from '../player/registration-counts.store';
import { shownBy } from './courses.routes';
import { Course, CoursePath, CourseVersionList, CourseVersionPath, includes, timeRange } from './courses.schemas';
import { findCourse, findVersion, listVersions } from './courses.store';
import { deleteVersion } from './delete-version';
import { courseMissing, versionMissing } from './missing-course';
import { presentActivities, presentVersion } from './present-course';

const tag = 'Course Service';
const Includes = Type.Object(includes);

/** Versions of courses, of the SCORM Cloud v2 Course Service. */
export const courseVersionOperations = [
  operation({
    id: 'getCourseVersions',
    summary: 'List the versions of a course, oldest first',
    tag,
    method: 'get',
    path: '/api/v2/courses/{courseId}/versions',
    scopes: ['read', 'read:course'],
    params: CoursePath,
    query: Type.Object({ ...timeRange, ...includes }),
    status: 200,
    response: CourseVersionList,
    errors: ['not-found'],
    handle: async ({ params: { courseId }, query, caller }, { db }) => {
      const range = {
        ...(query.since === undefined ? {} : { since: readDate(query.since, 'since') }),
        ...(query.until === undefined ? {} : { until: readDate(query.until, 'until') }),
      };
      const course = await findCourse(db, requireApplication(caller), courseId);
      if (!course) throw courseMissing(courseId);
      const versions = await listVersions(db, course.id, range);
      const counts = query.includeRegistrationCount ? await countByVersion(db, course.id) : undefined;
      return {
        courses: versions.map((version) => presentVersion(course, version, shownBy(query, counts, version.id))),
      };
    },
  }),
  operation({
    id: 'getCourseVersionInfo',
    summary: 'Read one version of a course, with its activities',
    tag,
    method: 'get',
    path: '/api/v2/courses/{courseId}/versions/{versionId}',
    scopes: ['read', 'read:course'],
    params: CourseVersionPath,
    query: Includes,
    status: 200,
    response: Course,
    errors: ['not-found'],
    handle: async ({ params: { courseId, versionId }, query, caller }, { db }) => {
      const course = await findCourse(db, requireApplication(caller), courseId);
      const version = course && (await findVersion(db, course.id, versionId));
      if (!version) throw versionMissing(courseId, versionId);
      const counts = query.includeRegistrationCount ? await countByVersion(db, course.id) : undefined;
      return {
        ...presentVersion(course, version, shownBy(query, counts, version.id)),
        ...presentActivities(version),
      };
    },
  }),
  operation({
    id: 'deleteCourseVersion',
    summary: 'Delete a version; with its last version the course goes',
    tag,
    method: 'delete',
    path: '/api/v2/courses/{courseId}/versions/{versionId}',
    scopes: ['delete', 'delete:course'],
    params: CourseVersionPath,
    status: 204,
    errors: ['not-found'],
    handle: async ({ params: { courseId, versionId }, caller }, resources) => {
      if (!(await deleteVersion(requireApplication(caller), courseId, versionId, resources))) {
        throw versionMissing(courseId, versionId);
      }
      return undefined;
    },
  }),
];
