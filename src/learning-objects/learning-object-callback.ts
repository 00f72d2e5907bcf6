import type { Database, Transaction } from '../database/connection';
import { type LearningObjectRow, shareObjectById } from './learning-objects.store';
import { listWords } from './model-totals.store';
import { qualitiesOf } from './object-qualities';
import { type LoepLearningObject, presentLearningObject } from './present-learning-object';

/** Objects as LOEP writes them, with what their evaluations come to. */
export async function loepLearningObjects(
  db: Database | Transaction,
  rows: readonly LearningObjectRow[],
): Promise<LoepLearningObject[]> {
  const ids = rows.map(({ id }) => id);
  const [qualities, words] = await Promise.all([qualitiesOf(db, rows), listWords(db, ids)]);
  return rows.map((row, place) => presentLearningObject(row, qualities[place]!, words.get(row.id) ?? new Map()));
}

export async function loepLearningObject(
  db: Database | Transaction,
  row: LearningObjectRow,
): Promise<LoepLearningObject> {
  const [lo] = await loepLearningObjects(db, [row]);
  return lo!;
}

/**
 * What a callback says of an object, at this moment (LOEP Callback API, `PUT /los/:id`). Undefined when the object is gone,
 * or has no id of the application's own. Waits for whoever is changing the object: a change that was not queued again,
 * because this callback was still to be sent, is in it.
 */
export const learningObjectCallback = (
  db: Database,
  id: string,
): Promise<{ id_loep: number; id_repository: string; lo: object } | undefined> =>
  db.transaction(async (tx) => {
    const row = await shareObjectById(tx, Number(id));
    if (!row || row.id_repository === null) return undefined;
    return { id_loep: row.id, id_repository: row.id_repository, lo: await loepLearningObject(tx, row) };
  });
