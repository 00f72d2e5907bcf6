import { isDeepStrictEqual } from 'node:util';
import { hasCourse } from '../courses/has-course';
import { invalid } from '../errors';
import { hubEventsChannel } from '../events/emit-hub-events';
import type { Resources } from '../resources';
import { announce } from './change-learning-object';
import { lockObject, setCourse } from './learning-objects.store';
import { objectMissing } from './missing-learning-object';
import { qualityNow } from './object-qualities';
import { tellOfScores } from './tell-of-scores';

/** Ties an object to a course of its application, or to none. The tie is no part of what LOEP tells; what it makes of the scores is. */
export async function tieToCourse(
  { db, wake }: Pick<Resources, 'db' | 'wake'>,
  applicationId: string,
  id: number,
  courseId: string | null,
): Promise<void> {
  const channels = await db.transaction(async (tx) => {
    const row = await lockObject(tx, applicationId, { id });
    if (!row) throw objectMissing({ id });
    if (courseId !== null && !(await hasCourse(tx, applicationId, courseId))) {
      throw invalid('The learning object was not tied.', {
        details: [{ path: 'course_id', message: `"${courseId}" is not a course of this application` }],
      });
    }
    const tied = { ...row, course_id: courseId };
    const before = await qualityNow(tx, row);
    await setCourse(tx, id, courseId);
    if (isDeepStrictEqual(await qualityNow(tx, tied), before)) return [];
    await tellOfScores(tx, tied, before.scores);
    return [...(await announce(tx, tied)), hubEventsChannel];
  });
  channels.forEach(wake);
}
