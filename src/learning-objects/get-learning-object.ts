import type { Database } from '../database/connection';
import { findObject, type LearningObjectRow, type ObjectName } from './learning-objects.store';
import { objectMissing } from './missing-learning-object';

/** An object of the application. */
export async function getLearningObject(
  db: Database,
  applicationId: string,
  name: ObjectName,
): Promise<LearningObjectRow> {
  const row = await findObject(db, applicationId, name);
  if (!row) throw objectMissing(name);
  return row;
}
