import { v7 as uuid } from 'uuid';
import { isWebUrl } from '../courses/packages/hrefs';
import type { CourseVersionRow } from '../courses/courses.store';
import { getCourseVersion, type VersionRef } from '../courses/get-course-version';
import { invalid } from '../errors';
import type { Resources } from '../resources';
import { findActivity } from './activity-tree.rules';
import type { LaunchLinkRequest } from './launch-links.schemas';
import { linkToken } from './launch-tokens';
import { insertLaunch } from './launches.store';
import { insertRegistration } from './registrations.store';
import { baseOf } from './session-origin.rules';

/** Seconds (LaunchLinkRequestSchema). */
const defaultExpiry = 120;

type Needs = Pick<Resources, 'db' | 'secrets' | 'config'>;

/**
 * Makes a launch of a course's version for somebody who wants to see it, and answers the link that opens it. The launch is of
 * the revision that is the newest now.
 */
export async function createPreview(ref: VersionRef, request: LaunchLinkRequest, resources: Needs): Promise<string> {
  const { db, secrets, config } = resources;
  const version = await getCourseVersion(db, ref);
  checkRequest(request, version);
  const [id, registrationId] = [uuid(), uuid()];
  const { expiry = defaultExpiry, ...options } = request;
  await db.transaction(async (tx) => {
    await insertRegistration(tx, {
      id: registrationId,
      application_id: ref.applicationId,
      course_id: version.course_id,
      version_id: version.id,
      revision: version.revision,
      kind: 'preview',
      learner: { id: `preview-${registrationId}`, name: 'Preview, Course' },
    });
    await insertLaunch(tx, {
      id,
      registration_id: registrationId,
      options,
      link_expires_at: new Date(Date.now() + expiry * 1000),
    });
  });
  return `${baseOf(config.player.url, id)}/launch/${linkToken(id, secrets)}`;
}

function checkRequest({ startSco, cssUrl }: LaunchLinkRequest, { structure }: CourseVersionRow): void {
  if (cssUrl && !(isWebUrl(cssUrl) && URL.canParse(cssUrl))) {
    throw invalid('There is no link.', { details: [{ path: 'cssUrl', message: 'must be an address (https://…)' }] });
  }
  if (startSco && findActivity(structure.rootActivity, startSco)?.href === undefined) {
    throw invalid('There is no link.', {
      details: [{ path: 'startSco', message: `"${startSco}" is no item of the course that can be opened` }],
    });
  }
}
