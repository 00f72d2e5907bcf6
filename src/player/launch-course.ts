import type { Transaction } from '../database/connection';
import type { Resources } from '../resources';
import {
  begin,
  configurationOf,
  goOn,
  type HeldCourse,
  holdNewest,
  type LearnersCourse,
  lockCurrent,
  type PreparedRegistration,
} from './current-registration';
import { beginsAnew } from './enrolled-registrations.rules';
import type { LaunchLinkRequest } from './launch-links.schemas';
import { checkRequest, makeLaunch } from './make-launch';

/**
 * Makes a launch of a course for a learner, who goes on where the last one was left, and answers the link that opens it;
 * undefined where there is no such course.
 */
export async function launchCourse(
  tx: Transaction,
  asked: LearnersCourse,
  request: LaunchLinkRequest,
  needs: Pick<Resources, 'secrets' | 'config'>,
): Promise<string | undefined> {
  const held = await holdNewest(tx, asked);
  if (!held) return undefined;
  const { registrationId, version } = await findOrMake(tx, held, asked);
  checkRequest(request, version);
  return makeLaunch(tx, registrationId, request, needs);
}

async function findOrMake(tx: Transaction, held: HeldCourse, asked: LearnersCourse): Promise<PreparedRegistration> {
  const { course, newest } = held;
  const current = await lockCurrent(tx, held, asked);
  if (!current) return begin(tx, held, asked.learner);
  const { registration, progress } = current;
  const timing = (await configurationOf(tx, course, newest)).get('WhenToRestartRegistration');
  const hasNewer = registration.version_id !== newest.id;
  const isLeft = progress.hasBegun && !progress.isOpen;
  if (isLeft && beginsAnew(timing, registration, hasNewer)) return begin(tx, held, asked.learner);
  return goOn(tx, current, held, asked.learner);
}
