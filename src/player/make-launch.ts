import { v7 as uuid } from 'uuid';
import type { CourseVersionRow } from '../courses/courses.store';
import { isWebUrl } from '../courses/packages/hrefs';
import type { Transaction } from '../database/connection';
import { invalid } from '../errors';
import type { Resources } from '../resources';
import { findActivity } from './activity-tree.rules';
import type { LaunchLinkRequest } from './launch-links.schemas';
import { linkToken } from './launch-tokens';
import { insertLaunch } from './launches.store';
import { runtimeOf } from './player-seed';
import { baseOf } from './session-origin.rules';

/** Seconds (LaunchLinkRequestSchema). */
const defaultExpiry = 120;

/** Makes a launch of a registration, and answers the link that opens it. */
export async function makeLaunch(
  tx: Transaction,
  registrationId: string,
  { expiry = defaultExpiry, ...options }: LaunchLinkRequest,
  { secrets, config }: Pick<Resources, 'secrets' | 'config'>,
): Promise<string> {
  const id = uuid();
  const link_expires_at = new Date(Date.now() + expiry * 1000);
  await insertLaunch(tx, { id, registration_id: registrationId, options, link_expires_at });
  return `${baseOf(config.player.url, id)}/launch/${linkToken(id, secrets)}`;
}

/** Refuses what the version cannot be launched with. */
export function checkRequest({ startSco, cssUrl, launchMode }: LaunchLinkRequest, version: CourseVersionRow): void {
  if (cssUrl && !(isWebUrl(cssUrl) && URL.canParse(cssUrl))) {
    throw invalid('There is no link.', { details: [{ path: 'cssUrl', message: 'must be an address (https://…)' }] });
  }
  if (startSco && findActivity(version.structure.rootActivity, startSco)?.href === undefined) {
    throw invalid('There is no link.', {
      details: [{ path: 'startSco', message: `"${startSco}" is no item of the course that can be opened` }],
    });
  }
  if (launchMode && runtimeOf(version) !== 'cmi5') {
    throw invalid('There is no link.', {
      details: [{ path: 'launchMode', message: 'is for cmi5 courses alone' }],
    });
  }
}
