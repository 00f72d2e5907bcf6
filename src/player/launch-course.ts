import { effectiveConfiguration } from '../configuration/effective-configuration';
import {
  type CourseRow,
  type CourseVersionRow,
  findVersion,
  findVersionById,
  holdCourse,
} from '../courses/courses.store';
import type { Transaction } from '../database/connection';
import { newXapiId } from '../database/ids';
import { internal } from '../errors';
import type { Resources } from '../resources';
import { beginsAnew, isOutdated, placeIn } from './enrolled-registrations.rules';
import { lockProgress } from './launches.store';
import type { LaunchLinkRequest } from './launch-links.schemas';
import { checkRequest, makeLaunch } from './make-launch';
import {
  findNewestOf,
  insertRegistration,
  lockRegistration,
  prepareRegistration,
  type RegistrationRow,
} from './registrations.store';
import { type LearnerToTell, toldLearner } from './told-learner.rules';

export interface CourseLaunch {
  applicationId: string;
  /** Whose row is locked. */
  learner: LearnerToTell & { id: number };
  /** The application's id of it. */
  courseId: string;
  /** A registration that was completed before it is not launched any more; null: whatever was completed counts. */
  countsFrom: Date | null;
}

/** What is launched. */
interface Launched {
  registrationId: string;
  version: CourseVersionRow;
}

/**
 * Makes a launch of a course for a learner, who goes on where the last one was left, and answers the link that opens it;
 * undefined where there is no such course. Locks come in the order learner, course, launch, registration.
 */
export async function launchCourse(
  tx: Transaction,
  { applicationId, courseId, ...whose }: CourseLaunch,
  request: LaunchLinkRequest,
  needs: Pick<Resources, 'secrets' | 'config'>,
): Promise<string | undefined> {
  const course = await holdCourse(tx, applicationId, courseId);
  const newest = course && (await findVersion(tx, course.id, course.latest_version));
  if (!course || !newest) return undefined;
  const { registrationId, version } = await findOrMake(tx, course, newest, whose);
  checkRequest(request, version);
  return makeLaunch(tx, registrationId, request, needs);
}

type Whose = Pick<CourseLaunch, 'learner' | 'countsFrom'>;

async function findOrMake(
  tx: Transaction,
  course: CourseRow,
  newest: CourseVersionRow,
  { learner, countsFrom }: Whose,
): Promise<Launched> {
  const found = await findNewestOf(tx, learner.id, course.id);
  const progress = found && (await lockProgress(tx, found.id));
  const registration = found && (await lockRegistration(tx, found.id));
  if (!progress || !registration || isOutdated(registration, countsFrom)) return begin(tx, course, newest, learner);
  const timing = (await configurationOf(tx, course, newest)).get('WhenToRestartRegistration');
  const hasNewer = registration.version_id !== newest.id;
  const isLeft = progress.wasOpened && !progress.isOpen;
  if (isLeft && beginsAnew(timing, registration, hasNewer)) return begin(tx, course, newest, learner);
  const version = progress.wasOpened ? await versionOf(tx, registration) : newest;
  const place = version === newest ? placeIn(newest, registration) : registration;
  await prepareRegistration(tx, {
    id: registration.id,
    // Content resumes by the id: it stays what it was told at first. The name may have been corrected.
    learner: { ...toldLearner(learner), id: registration.learner.id },
    version_id: place.version_id,
    revision: place.revision,
    current_activity: place.current_activity,
    sequencing: place.sequencing,
  });
  return { registrationId: registration.id, version };
}

async function begin(
  tx: Transaction,
  course: CourseRow,
  version: CourseVersionRow,
  learner: CourseLaunch['learner'],
): Promise<Launched> {
  const id = newXapiId();
  await insertRegistration(tx, {
    id,
    application_id: course.application_id,
    course_id: course.id,
    version_id: version.id,
    revision: version.revision,
    kind: 'enrolled',
    learner_id: learner.id,
    learner: toldLearner(learner),
  });
  return { registrationId: id, version };
}

const configurationOf = (tx: Transaction, course: CourseRow, version: CourseVersionRow) =>
  effectiveConfiguration(tx, {
    level: 'version',
    applicationId: course.application_id,
    learningStandard: version.learning_standard,
    courseId: course.id,
    versionId: version.id,
  });

async function versionOf(tx: Transaction, { version_id }: RegistrationRow): Promise<CourseVersionRow> {
  const version = await findVersionById(tx, version_id);
  if (!version) throw internal('A registration is of a version that is gone.');
  return version;
}
