import { getCourseVersion, type VersionRef } from '../courses/get-course-version';
import { newXapiId } from '../database/ids';
import type { Resources } from '../resources';
import type { LaunchLinkRequest } from './launch-links.schemas';
import { checkRequest, makeLaunch } from './make-launch';
import { insertRegistration } from './registrations.store';

type Needs = Pick<Resources, 'db' | 'secrets' | 'config'>;

/**
 * Makes a launch of a course's version for somebody who wants to see it, and answers the link that opens it. The launch is of
 * the revision that is the newest now.
 */
export async function createPreview(ref: VersionRef, request: LaunchLinkRequest, resources: Needs): Promise<string> {
  const version = await getCourseVersion(resources.db, ref);
  checkRequest(request, version);
  const registrationId = newXapiId();
  return resources.db.transaction(async (tx) => {
    await insertRegistration(tx, {
      id: registrationId,
      application_id: ref.applicationId,
      course_id: version.course_id,
      version_id: version.id,
      revision: version.revision,
      kind: 'preview',
      learner_id: null,
      learner: { id: `preview-${registrationId}`, name: 'Preview, Course' },
    });
    return makeLaunch(tx, registrationId, request, resources);
  });
}
