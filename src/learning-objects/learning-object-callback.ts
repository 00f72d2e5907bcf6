import type { Database, Transaction } from '../database/connection';
import { type LearningObjectRow, shareObjectById } from './learning-objects.store';
import { listTotals, listWords } from './model-totals.store';
import { qualityOf } from './object-quality.rules';
import { type LoepLearningObject, presentLearningObject } from './present-learning-object';

/** Objects as LOEP writes them, with what their evaluations come to. */
export async function loepLearningObjects(
  db: Database | Transaction,
  rows: readonly LearningObjectRow[],
): Promise<LoepLearningObject[]> {
  const ids = rows.map(({ id }) => id);
  const [totals, words] = await Promise.all([listTotals(db, ids), listWords(db, ids)]);
  return rows.map((row) =>
    presentLearningObject(row, qualityOf(row, totals.get(row.id) ?? new Map()), words.get(row.id) ?? new Map()),
  );
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
