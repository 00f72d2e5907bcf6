import { findOverslept } from './enrollments.store';
import { refreshEnrollments } from './refresh-enrollment';
import type { EnrollmentNeeds } from './write-enrollments';

/** So late, a wake is taken to be lost: its workflow was terminated, or Temporal's database restored. */
const lateMs = 5 * 60_000;
const batchSize = 200;
/** The next sweep goes on. */
const maxSwept = 20_000;

/**
 * Does what is overdue by five minutes, through the same verb that workflows call, and has them started where they are gone.
 * Answers how many there were.
 */
export async function sweepEnrollments(now: Date, needs: EnrollmentNeeds, stop?: AbortSignal): Promise<number> {
  const before = new Date(now.getTime() - lateMs);
  let swept = 0;
  while (swept < maxSwept) {
    if (stop?.aborted === true) break;
    const ids = await findOverslept(needs.db, before, batchSize);
    if (ids.length === 0) break;
    await refreshEnrollments(ids, needs, now);
    swept += ids.length;
  }
  return swept;
}
