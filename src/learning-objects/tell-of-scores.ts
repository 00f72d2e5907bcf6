import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '../database/connection';
import { emitHubEvents } from '../events/emit-hub-events';
import type { LearningObjectRow } from './learning-objects.store';
import { qualityNow } from './object-qualities';
import type { ObjectQuality } from './object-quality.rules';

type Scores = ObjectQuality['scores'];

/** An object's scores as they are in the transaction. */
export const scoresNow = async (tx: Transaction, row: LearningObjectRow): Promise<Scores> =>
  (await qualityNow(tx, row)).scores;

/** Puts into the event feed what the scores have become, where that is news; `before` is undefined for a new object. */
export async function tellOfScores(tx: Transaction, row: LearningObjectRow, before: Scores | undefined): Promise<void> {
  const scores = await scoresNow(tx, row);
  if (isDeepStrictEqual(scores, before)) return;
  await emitHubEvents(tx, [
    {
      applicationId: row.application_id,
      type: 'HUB_SCORES_CHANGED',
      memberId: `learning-object/${row.id}`,
      data: {
        learningObjectId: row.id,
        repository: row.repository,
        idRepository: row.id_repository,
        courseId: row.course_id,
        scores,
      },
      at: new Date(),
    },
  ]);
}
