import { unauthenticated } from '../errors';
import type { Resources } from '../resources';
import { findKey, touchKey, type ApiKeyRow } from './api-keys.store';
import type { Caller } from './caller';

/** One message for every cause, so that nobody learns which ids exist. */
const refused = () => unauthenticated('The key is not known, was revoked or has expired, or its secret is wrong.');

const minuteMs = 60_000;

/** Who a key's id and secret stand for. The same error whatever is wrong with them. */
export async function authenticateKey(
  id: string,
  secret: string,
  { db, secrets, config }: Pick<Resources, 'db' | 'secrets' | 'config'>,
): Promise<Caller> {
  if (id === '' || id.includes('\u0000')) throw refused();
  const key = await findKey(db, id);
  // Hashed even when there is no such key, so that the time taken tells nothing.
  const matches = secrets.matches(secret, key?.secret_hash ?? Buffer.alloc(32));
  if (!key || !matches || !isAlive(key, new Date()) || (key.is_demo && !config.demo)) throw refused();
  if (!key.last_used_at || Date.now() - key.last_used_at.getTime() > minuteMs) await touchKey(db, id);
  return {
    keyId: key.id,
    applicationId: key.application_id ?? undefined,
    scopes: key.scopes,
    programs: key.programs,
  };
}

const isAlive = ({ revoked_at, expires_at }: ApiKeyRow, now: Date): boolean =>
  revoked_at === null && (expires_at === null || expires_at > now);
