import type { Database } from '../database/connection';
import { findGroup, type GroupRow } from './groups.store';
import { groupMissing } from './missing-record';

export async function getGroup(db: Database, applicationId: string, id: number): Promise<GroupRow> {
  const group = await findGroup(db, applicationId, id);
  if (!group) throw groupMissing(id);
  return group;
}
