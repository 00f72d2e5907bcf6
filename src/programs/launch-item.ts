import { conflict, invalid, notFound } from '../errors';
import { launchCourse } from '../player/launch-course';
import type { LaunchLinkRequest } from '../player/launch-links.schemas';
import type { Resources } from '../resources';
import { changeEnrollment, isBeingRenewed } from './change-enrollment';
import { advance, type Enrollment, type EnrollmentItem, isOpen } from './enrollment.rules';
import type { EnrollmentChoice } from './enrollments.store';
import { findLearner } from './learners.store';
import { learnerMissing } from './missing-record';

export type LaunchNeeds = Pick<Resources, 'db' | 'wake' | 'secrets' | 'config'>;

/** Makes a link by which the learner opens an enrollment's course (by its position, from 0): one that is done, or whose turn it is. */
export async function launchItem(
  { position, ...choice }: EnrollmentChoice & { position: number },
  request: LaunchLinkRequest,
  needs: LaunchNeeds,
  now: Date = new Date(),
): Promise<string> {
  let link: string | undefined;
  await changeEnrollment(choice, needs, now, async ({ enrollment, facts, tx }) => {
    const outcome = advance(enrollment, facts, now);
    if (outcome.reEnrolls) throw isBeingRenewed(enrollment.id);
    const { course_id: courseId } = requireCourse(outcome.enrollment, position);
    const { application_id: applicationId, learner_id, counts_from: countsFrom } = enrollment;
    const learner = await findLearner(tx, applicationId, learner_id);
    if (!learner) throw learnerMissing(learner_id);
    link = await launchCourse(tx, { applicationId, learner, courseId, countsFrom }, request, needs);
    if (link === undefined) throw notHere(position, courseId);
    return outcome;
  });
  return link!;
}

function requireCourse(enrollment: Enrollment, position: number): EnrollmentItem & { course_id: string } {
  const item = enrollment.items.find((each) => each.position === position);
  if (!item) throw notFound(`The enrollment ${enrollment.id} has no item ${position}.`);
  const { course_id } = item;
  if (course_id === null) throw invalid(`Item ${position} is a step that somebody approves: it cannot be launched.`);
  if (item.state === 'pending' && !isOpen(enrollment, item))
    throw conflict(`Item ${position} cannot be launched yet: the items before it are not done.`);
  return { ...item, course_id };
}

const notHere = (position: number, courseId: string) =>
  conflict(`The course "${courseId}" of item ${position} is not in this hub: it cannot be launched here.`, {
    code: 'no_course',
  });
