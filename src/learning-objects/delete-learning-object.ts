import { cancelSubject } from '../deliveries/cancel-deliveries';
import type { Resources } from '../resources';
import { subjectOf } from './change-learning-object';
import { deleteObject, lockObject, type ObjectName } from './learning-objects.store';
import { objectMissing } from './missing-learning-object';

/** Deletes an object with its assignments and evaluations; what was still to be told of it is not sent any more. */
export async function deleteLearningObject(
  { db, wake }: Pick<Resources, 'db' | 'wake'>,
  applicationId: string,
  name: ObjectName,
): Promise<void> {
  const channels = await db.transaction(async (tx) => {
    const row = await lockObject(tx, applicationId, name);
    if (!row) throw objectMissing(name);
    const woken = await cancelSubject(tx, { applicationId, subject: subjectOf(row) });
    await deleteObject(tx, row.id);
    return woken;
  });
  channels.forEach(wake);
}
