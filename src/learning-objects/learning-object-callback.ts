import type { Database } from '../database/connection';

export function learningObjectCallback(
  _db: Database,
  _id: string,
): Promise<{ id_loep: number; id_repository: string; lo: object } | undefined> {
  return Promise.resolve(undefined);
}
