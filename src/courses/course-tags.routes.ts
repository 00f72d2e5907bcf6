import { requireApplication } from '../applications/caller';
import { operation } from '../http/operation';
import { changeCourse } from './change-course';
import { BatchTags, CoursePath, TagList } from './courses.schemas';
import { findCourse, setTags } from './courses.store';
import { courseMissing } from './missing-course';
import { setTagsOfMany } from './set-tags-of-many';

const tag = 'Course Service';
const distinct = (tags: readonly string[]): string[] => [...new Set(tags)];

/** Tags of courses, of the SCORM Cloud v2 Course Service. */
export const courseTagOperations = [
  operation({
    id: 'putCourseTagsBatch',
    summary: 'Replace the tags of many courses by the same ones: all of them or none',
    tag,
    method: 'put',
    path: '/api/v2/courses/tags',
    scopes: ['write', 'write:course'],
    body: BatchTags,
    status: 204,
    errors: ['not-found'],
    handle: async ({ body: { ids, tags }, caller }, { db }) => {
      await setTagsOfMany(db, requireApplication(caller), distinct(ids), distinct(tags));
      return undefined;
    },
  }),
  operation({
    id: 'getCourseTags',
    summary: 'List a course’s tags',
    tag,
    method: 'get',
    path: '/api/v2/courses/{courseId}/tags',
    scopes: ['read', 'read:course'],
    params: CoursePath,
    status: 200,
    response: TagList,
    errors: ['not-found'],
    handle: async ({ params: { courseId }, caller }, { db }) => {
      const course = await findCourse(db, requireApplication(caller), courseId);
      if (!course) throw courseMissing(courseId);
      return { tags: course.tags };
    },
  }),
  operation({
    id: 'putCourseTags',
    summary: 'Replace a course’s tags',
    tag,
    method: 'put',
    path: '/api/v2/courses/{courseId}/tags',
    scopes: ['write', 'write:course'],
    params: CoursePath,
    body: TagList,
    status: 204,
    errors: ['not-found'],
    handle: async ({ params: { courseId }, body: { tags }, caller }, { db }) => {
      await changeCourse(db, requireApplication(caller), courseId, (tx, course) =>
        setTags(tx, course.id, distinct(tags)),
      );
      return undefined;
    },
  }),
  operation({
    id: 'deleteCourseTags',
    summary: 'Take these tags off a course',
    tag,
    method: 'delete',
    path: '/api/v2/courses/{courseId}/tags',
    scopes: ['write', 'write:course'],
    params: CoursePath,
    body: TagList,
    status: 204,
    errors: ['not-found'],
    handle: async ({ params: { courseId }, body: { tags }, caller }, { db }) => {
      await changeCourse(db, requireApplication(caller), courseId, async (tx, course) => {
        const left = course.tags.filter((one) => !tags.includes(one));
        if (left.length < course.tags.length) await setTags(tx, course.id, left);
      });
      return undefined;
    },
  }),
];
