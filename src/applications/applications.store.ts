import type { Database, Transaction } from '../database/connection';

export interface ApplicationRow {
  id: string;
  name: string;
  created_at: Date;
}

/** The unique constraint that a second application of one name meets. */
export const applicationNameKey = 'applications_name_key';

export const insertApplication = async (
  db: Database | Transaction,
  id: string,
  name: string,
): Promise<ApplicationRow> => {
  const [row] = await db<ApplicationRow>('applications').insert({ id, name }).returning('*');
  return row!;
};

export const findApplication = (db: Database, id: string): Promise<ApplicationRow | undefined> =>
  db<ApplicationRow>('applications').where({ id }).first();

export const findApplicationByName = (db: Database | Transaction, name: string): Promise<ApplicationRow | undefined> =>
  db<ApplicationRow>('applications').where({ name }).first();

/** By name, a page at a time. */
export const listApplications = (db: Database, after: string, limit: number): Promise<ApplicationRow[]> =>
  db<ApplicationRow>('applications').where('name', '>', after).orderBy('name').limit(limit);
