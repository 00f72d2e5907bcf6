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
import { isOutdated, placeIn, type Progress } from './enrolled-registrations.rules';
import { lockProgress } from './launches.store';
import type { Configuration } from './player-settings';
import {
  findNewestOf,
  insertRegistration,
  lockRegistration,
  prepareRegistration,
  type RegistrationRow,
} from './registrations.store';
import { type LearnerToTell, toldLearner } from './told-learner.rules';

export interface LearnersCourse {
  applicationId: string;
  /** Whose row is locked. */
  learner: LearnerToTell & { id: number };
  /** The application's id of it. */
  courseId: string;
  /** A registration that was completed before it does not go on any more; null: whatever was completed counts. */
  countsFrom: Date | null;
}

export interface HeldCourse {
  course: CourseRow;
  newest: CourseVersionRow;
}

export interface CurrentRegistration {
  registration: RegistrationRow;
  progress: Progress;
}

/** A registration that goes on. */
export interface PreparedRegistration {
  registrationId: string;
  version: CourseVersionRow;
}

/** A course that is not deleted before the commit. Locks come in the order learner, course, launch, registration. */
export async function holdNewest(
  tx: Transaction,
  { applicationId, courseId }: Pick<LearnersCourse, 'applicationId' | 'courseId'>,
): Promise<HeldCourse | undefined> {
  const course = await holdCourse(tx, applicationId, courseId);
  const newest = course && (await findVersion(tx, course.id, course.latest_version));
  return course && newest && { course, newest };
}

/** The registration of a course that a learner goes on with, locked with its launches; undefined: the next one is a new one. */
export async function lockCurrent(
  tx: Transaction,
  { course }: HeldCourse,
  { learner, countsFrom }: Pick<LearnersCourse, 'learner' | 'countsFrom'>,
): Promise<CurrentRegistration | undefined> {
  const found = await findNewestOf(tx, learner.id, course.id);
  const progress = found && (await lockProgress(tx, found.id));
  const registration = found && (await lockRegistration(tx, found.id));
  if (!progress || !registration || isOutdated(registration, countsFrom)) return undefined;
  return { registration, progress };
}

/** Prepares a registration to go on: in the version that it began with, or in the newest where it has not begun. */
export async function goOn(
  tx: Transaction,
  { registration, progress }: CurrentRegistration,
  { newest }: HeldCourse,
  learner: LearnersCourse['learner'],
): Promise<PreparedRegistration> {
  const version = progress.hasBegun ? await versionOf(tx, registration) : newest;
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

export async function begin(
  tx: Transaction,
  { course, newest }: HeldCourse,
  learner: LearnersCourse['learner'],
): Promise<PreparedRegistration> {
  const id = newXapiId();
  await insertRegistration(tx, {
    id,
    application_id: course.application_id,
    course_id: course.id,
    version_id: newest.id,
    revision: newest.revision,
    kind: 'enrolled',
    learner_id: learner.id,
    learner: toldLearner(learner),
  });
  return { registrationId: id, version: newest };
}

export const configurationOf = (
  tx: Transaction,
  course: CourseRow,
  version: CourseVersionRow,
): Promise<Configuration> =>
  effectiveConfiguration(tx, {
    level: 'version',
    applicationId: course.application_id,
    learningStandard: version.learning_standard,
    courseId: course.id,
    versionId: version.id,
  });

export async function versionOf(tx: Transaction, { version_id }: RegistrationRow): Promise<CourseVersionRow> {
  const version = await findVersionById(tx, version_id);
  if (!version) throw internal('A registration is of a version that is gone.');
  return version;
}
