import type { Group } from './groups.schemas';
import type { GroupRow } from './groups.store';

export const presentGroup = ({ id, name, created_at, updated_at }: GroupRow): Group => ({
  id,
  name,
  created_at: created_at.toISOString(),
  updated_at: updated_at.toISOString(),
});
