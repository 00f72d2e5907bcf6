import { v7 as uuid } from 'uuid';
import type { Resources } from '../resources';
import { registerPrograms } from '../events/register-programs';
import { newSecret } from '../secrets';
import { type ApiKeyRow, insertKey } from './api-keys.store';
import { applicationScopes, type Scope } from './caller';

export interface KeyRequest {
  /** Absent for an administrator's key. */
  applicationId?: string;
  name?: string;
  scopes?: readonly Scope[];
  programs?: readonly string[];
  expiresAt?: Date;
}

/**
 * Makes a key. The secret is in the answer and nowhere else: what is stored is its keyed hash. Programs that it may publish
 * for become its application's, where they are nobody's yet; throws conflict where they are another's.
 */
export async function createKey(
  request: KeyRequest,
  { db, secrets }: Pick<Resources, 'db' | 'secrets'>,
): Promise<{ key: ApiKeyRow; secret: string }> {
  const secret = newSecret();
  const { applicationId, programs = [] } = request;
  const key = await db.transaction(async (tx) => {
    if (applicationId !== undefined) await registerPrograms(tx, applicationId, programs);
    return insertKey(tx, {
      id: uuid(),
      application_id: applicationId ?? null,
      name: request.name ?? '',
      secret_hash: secrets.hash(secret),
      scopes: [...(request.scopes ?? applicationScopes)],
      programs: [...programs],
      expires_at: request.expiresAt ?? null,
      is_demo: false,
    });
  });
  return { key, secret };
}
