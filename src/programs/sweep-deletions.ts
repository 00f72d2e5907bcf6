import { removeSome } from './delete-program';
import { findUnemptied, findUnsettledCourses } from './programs.store';
import { waiveSome } from './waive-course';
import type { EnrollmentNeeds } from './write-enrollments';

/** So late, what a deletion still has to do is taken to be nobody's: its workflow was terminated, or Temporal's database restored. */
const lateMs = 5 * 60_000;
/** The next sweep goes on. */
const most = 100;

/**
 * Does what deleted programs and courses have left to do for enrollments five minutes later, through the verbs that their workflows
 * call. Answers how many there were.
 */
export async function sweepDeletions(now: Date, needs: EnrollmentNeeds, isStopped = () => false): Promise<number> {
  const before = new Date(now.getTime() - lateMs);
  const programs = await findUnemptied(needs.db, before, most);
  const courses = await findUnsettledCourses(needs.db, before, most);
  const steps = [
    ...programs.map((id) => () => removeSome(id, needs, now)),
    ...courses.map((course) => () => waiveSome(course, needs, now)),
  ];
  for (const step of steps) while (!isStopped() && !(await step()));
  return steps.length;
}
