import { conflict, notFound } from '../errors';
import { changeEnrollment, isBeingRenewed } from './change-enrollment';
import { advance, approve, awaitsApproval, type Enrollment } from './enrollment.rules';
import type { EnrollmentChoice } from './enrollments.store';
import type { EnrollmentNeeds } from './write-enrollments';

/** Approves a step (by its position, from 0) whose turn it is. Once more changes nothing. */
export const approveItem = (
  { position, ...choice }: EnrollmentChoice & { position: number },
  needs: EnrollmentNeeds,
  now: Date = new Date(),
): Promise<Enrollment> =>
  changeEnrollment(choice, needs, now, ({ enrollment, facts }) => {
    const before = advance(enrollment, facts, now);
    const item = before.enrollment.items.find((each) => each.position === position);
    if (!item) throw notFound(`The enrollment ${enrollment.id} has no item ${position}.`);
    if (!item.requires_approval) throw conflict(`Item ${position} is a course: it needs no approval.`);
    if (item.state !== 'pending') return before;
    if (before.reEnrolls) throw isBeingRenewed(enrollment.id);
    if (!awaitsApproval(before.enrollment, item))
      throw conflict(`Item ${position} cannot be approved yet: the items before it are not done.`);
    return approve(enrollment, position, facts, now);
  });
