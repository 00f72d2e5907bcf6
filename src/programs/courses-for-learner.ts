import { courseMissing } from '../courses/missing-course';
import type { Transaction } from '../database/connection';
import { abandonCourse } from '../player/abandon-course';
import type { LearnersCourse } from '../player/current-registration';
import { launchCourse } from '../player/launch-course';
import type { LaunchLinkRequest } from '../player/launch-links.schemas';
import { waiveUnit } from '../player/waive-unit';
import type { AbandonedUnits, UnitWaiver, WaivedUnit } from '../player/units.schemas';
import type { Resources } from '../resources';
import type { Enrollment } from './enrollment.rules';
import { findLiveOf } from './enrollments.store';
import type { LaunchNeeds } from './launch-item';
import { findLearner, lockLearners } from './learners.store';
import { learnerMissing } from './missing-record';

export interface LearnerCourseChoice {
  applicationId: string;
  learnerId: number;
  /** The application's id of it. */
  courseId: string;
}

/** Makes a link by which a learner opens a course, whether or not a program has it. */
export const launchForLearner = (
  choice: LearnerCourseChoice,
  request: LaunchLinkRequest,
  needs: LaunchNeeds,
): Promise<string> => forLearner(choice, needs, (tx, course) => launchCourse(tx, course, request, needs));

/** Waives a unit of a cmi5 course for a learner. */
export const waiveForLearner = (
  choice: LearnerCourseChoice,
  waiver: UnitWaiver,
  needs: Pick<Resources, 'db' | 'config' | 'wake'>,
): Promise<WaivedUnit> => forLearner(choice, needs, (tx, course) => waiveUnit(tx, course, waiver, needs));

/** Abandons what a learner has open of a cmi5 course. */
export const abandonForLearner = (
  choice: LearnerCourseChoice,
  needs: Pick<Resources, 'db' | 'config'>,
): Promise<AbandonedUnits> => forLearner(choice, needs, (tx, course) => abandonCourse(tx, course, needs));

/** In one transaction, in which nothing else happens to the learner. `act` answers undefined where there is no such course. */
const forLearner = <T>(
  { applicationId, learnerId, courseId }: LearnerCourseChoice,
  { db }: Pick<Resources, 'db'>,
  act: (tx: Transaction, course: LearnersCourse) => Promise<T | undefined>,
): Promise<T> =>
  db.transaction(async (tx) => {
    await lockLearners(tx, [learnerId]);
    const learner = await findLearner(tx, applicationId, learnerId);
    if (!learner) throw learnerMissing(learnerId);
    const countsFrom = latestCount(await findLiveOf(tx, learnerId), courseId);
    const answer = await act(tx, { applicationId, learner, courseId, countsFrom });
    if (answer === undefined) throw courseMissing(courseId);
    return answer;
  });

/** From when on a completion of the course counts in all of the enrollments that have it. */
const latestCount = (enrollments: readonly Enrollment[], courseId: string): Date | null =>
  enrollments
    .filter(({ items }) => items.some((item) => item.course_id === courseId))
    .map(({ counts_from }) => counts_from)
    .reduce((latest, at) => (latest === null || (at !== null && at > latest) ? at : latest), null);
