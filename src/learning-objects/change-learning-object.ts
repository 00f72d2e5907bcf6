import type { Transaction } from '../database/connection';
import { hubEventsChannel } from '../events/emit-hub-events';
import { queueSnapshots } from '../deliveries/queue-snapshots';
import type { Resources } from '../resources';
import { type LearningObjectRow, lockObject, type ObjectName } from './learning-objects.store';
import { objectMissing } from './missing-learning-object';
import { scoresNow, tellOfScores } from './tell-of-scores';

export const subjectOf = ({ id }: LearningObjectRow) => ({ kind: 'learning-object', id: String(id) }) as const;

/**
 * Has the application's LOEP endpoints told of a change, within its transaction; the caller has locked the object. Answers
 * the channels to wake after the commit. An object without an id of the application's own has nowhere to be told of.
 */
export const announce = async (tx: Transaction, row: LearningObjectRow): Promise<string[]> =>
  row.id_repository === null
    ? []
    : queueSnapshots(tx, {
        applicationId: row.application_id,
        subject: subjectOf(row),
        dialects: ['loep', 'loep-json'],
      });

/**
 * Changes what hangs on an object, under its lock: two changes at once come one after the other, and are told of in that
 * order. What `change` answers is answered.
 */
export async function changeLearningObject<T>(
  { db, wake }: Pick<Resources, 'db' | 'wake'>,
  applicationId: string,
  name: ObjectName,
  change: (tx: Transaction, row: LearningObjectRow) => Promise<T>,
): Promise<T> {
  const { answer, channels } = await db.transaction(async (tx) => {
    const row = await lockObject(tx, applicationId, name);
    if (!row) throw objectMissing(name);
    const before = await scoresNow(tx, row);
    const changed = await change(tx, row);
    await tellOfScores(tx, row, before);
    return { answer: changed, channels: [...(await announce(tx, row)), hubEventsChannel] };
  });
  channels.forEach(wake);
  return answer;
}
