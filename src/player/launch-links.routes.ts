import { requireApplication } from '../applications/caller';
import { CoursePath, CourseVersionPath } from '../courses/courses.schemas';
import { operation } from '../http/operation';
import { createPreview } from './create-preview';
import { LaunchLink, LaunchLinkRequest, PreviewQuery } from './launch-links.schemas';

const tag = 'Course Service';

/** Links that open courses, of the SCORM Cloud v2 Course Service. */
export const launchLinkOperations = [
  operation({
    id: 'buildCoursePreviewLaunchLink',
    summary: 'Make a link that opens the course’s newest version in a browser',
    tag,
    method: 'post',
    path: '/api/v2/courses/{courseId}/preview',
    scopes: ['read', 'read:course'],
    params: CoursePath,
    query: PreviewQuery,
    body: LaunchLinkRequest,
    status: 200,
    response: LaunchLink,
    errors: ['not-found'],
    handle: async ({ params: { courseId }, query, body, caller }, resources) => {
      const ref = { applicationId: requireApplication(caller), courseId };
      return { launchLink: await createPreview(ref, { ...query, ...body }, resources) };
    },
  }),
  operation({
    id: 'buildCoursePreviewLaunchLinkWithVersion',
    summary: 'Make a link that opens a version of a course in a browser',
    tag,
    method: 'post',
    path: '/api/v2/courses/{courseId}/versions/{versionId}/preview',
    scopes: ['read', 'read:course'],
    params: CourseVersionPath,
    query: PreviewQuery,
    body: LaunchLinkRequest,
    status: 200,
    response: LaunchLink,
    errors: ['not-found'],
    handle: async ({ params: { courseId, versionId }, query, body, caller }, resources) => {
      const ref = { applicationId: requireApplication(caller), courseId, versionId };
      return { launchLink: await createPreview(ref, { ...query, ...body }, resources) };
    },
  }),
];
