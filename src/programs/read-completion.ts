import { invalid } from '../errors';
import { readDate } from '../http/dates';
import type { NewCompletion } from './completions.schemas';
import type { HubReport } from './report-completions';

/** How far a caller's clock may be ahead of the hub's. */
const maxAheadMs = 5 * 60_000;

/** What a request reports. Refused where it names no learner, or a time that lies ahead. */
export function readCompletion(body: NewCompletion, now: Date): HubReport {
  const { learner_id: id, email, uid, course_id: courseId, completed_at, source_id: sourceId } = body;
  if (id === undefined && email === undefined && uid === undefined)
    throw wrong('learner_id', 'is required, or email or uid');
  const completedAt = completed_at === undefined ? undefined : readDate(completed_at, 'completed_at');
  if (completedAt !== undefined && completedAt.getTime() > now.getTime() + maxAheadMs)
    throw wrong('completed_at', 'must not lie in the future');
  return {
    learner: {
      ...(id !== undefined && { id }),
      ...(email !== undefined && { email }),
      ...(uid !== undefined && { uid }),
    },
    courseId,
    ...(completedAt !== undefined && { completedAt }),
    ...(sourceId !== undefined && { sourceId }),
  };
}

const wrong = (path: string, message: string) =>
  invalid('The completion cannot be stored.', { details: [{ path, message }] });
