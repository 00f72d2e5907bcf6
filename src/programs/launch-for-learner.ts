import { courseMissing } from '../courses/missing-course';
import { launchCourse } from '../player/launch-course';
import type { LaunchLinkRequest } from '../player/launch-links.schemas';
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
  { applicationId, learnerId, courseId }: LearnerCourseChoice,
  request: LaunchLinkRequest,
  needs: LaunchNeeds,
): Promise<string> =>
  needs.db.transaction(async (tx) => {
    await lockLearners(tx, [learnerId]);
    const learner = await findLearner(tx, applicationId, learnerId);
    if (!learner) throw learnerMissing(learnerId);
    const countsFrom = latestCount(await findLiveOf(tx, learnerId), courseId);
    const link = await launchCourse(tx, { applicationId, learner, courseId, countsFrom }, request, needs);
    if (link === undefined) throw courseMissing(courseId);
    return link;
  });

/** From when on a completion of the course counts in all of the enrollments that have it. */
const latestCount = (enrollments: readonly Enrollment[], courseId: string): Date | null =>
  enrollments
    .filter(({ items }) => items.some((item) => item.course_id === courseId))
    .map(({ counts_from }) => counts_from)
    .reduce((latest, at) => (latest === null || (at !== null && at > latest) ? at : latest), null);
