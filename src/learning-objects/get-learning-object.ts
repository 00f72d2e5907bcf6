import { type Caller, requireApplication } from '../applications/caller';
import type { Database } from '../database/connection';
import { findObject, type LearningObjectRow, type ObjectName } from './learning-objects.store';
import { objectMissing } from './missing-learning-object';

/** An object of the caller's application. */
export async function getLearningObject(db: Database, caller: Caller, name: ObjectName): Promise<LearningObjectRow> {
  const row = await findObject(db, requireApplication(caller), name);
  if (!row) throw objectMissing(name);
  return row;
}
