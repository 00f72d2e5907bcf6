import type { Database, Transaction } from '../database/connection';
import type { Scope } from './caller';

export interface ApiKeyRow {
  id: string;
  application_id: string | null;
  name: string;
  secret_hash: Buffer;
  scopes: Scope[];
  programs: string[];
  is_demo: boolean;
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
}

export type NewApiKey = Pick<
  ApiKeyRow,
  'id' | 'application_id' | 'name' | 'secret_hash' | 'scopes' | 'programs' | 'expires_at' | 'is_demo'
>;

export const insertKey = async (db: Database | Transaction, key: NewApiKey): Promise<ApiKeyRow> => {
  const [row] = await db<ApiKeyRow>('api_keys').insert(key).returning('*');
  return row!;
};

export const findKey = (db: Database, id: string): Promise<ApiKeyRow | undefined> =>
  db<ApiKeyRow>('api_keys').where({ id }).first();

export const listKeys = (db: Database, applicationId: string, after: string, limit: number): Promise<ApiKeyRow[]> =>
  db<ApiKeyRow>('api_keys')
    .where({ application_id: applicationId })
    .andWhere('id', '>', after)
    .orderBy('id')
    .limit(limit);

/** Ends a key; answers whether there was one that still lived. */
export const revokeKey = async (db: Database, id: string): Promise<boolean> =>
  (await db<ApiKeyRow>('api_keys').where({ id, revoked_at: null }).update({ revoked_at: db.fn.now() })) > 0;

/** Notes that a key was used, once a minute at most: it must not cost a write on every request. */
export const touchKey = async (db: Database, id: string): Promise<void> => {
  await db.raw(
    `update api_keys set last_used_at = now()
     where id = ? and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    [id],
  );
};
