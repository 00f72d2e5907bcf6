import { hash } from 'node:crypto';
import type { Config } from '../config';
import type { Database } from '../database/connection';
import { unauthenticated } from '../errors';
import type { Resources } from '../resources';
import { touchKey, type ApiKeyRow } from './api-keys.store';
import type { Caller } from './caller';

/** One message for every cause, so that nobody learns which ids exist. */
const refused = () => unauthenticated('The key is not known, was revoked or has expired, or its secret is wrong.');

const minuteMs = 60_000;

/** Who a key's id and secret stand for. The same error whatever is wrong with them. */
export async function authenticateKey(
  id: string,
  secret: string,
  { db, keys, secrets, config }: Pick<Resources, 'db' | 'keys' | 'secrets' | 'config'>,
): Promise<Caller> {
  if (id === '' || id.includes('\u0000')) throw refused();
  const key = await keys.get(id);
  if (!isProven(secret, key, secrets) || !key || !isUsable(key, config, new Date())) throw refused();
  await noteUse(key, db);
  return callerOf(key);
}

/**
 * A digest of the secret that was found right, by the row it was compared with. A row is read anew every second, and of a
 * busy key's requests all but the first of each need no more than this much cheaper hash.
 */
const proofs = new WeakMap<ApiKeyRow, string>();

function isProven(secret: string, key: ApiKeyRow | undefined, secrets: Resources['secrets']): boolean {
  const proof = hash('sha256', secret);
  if (key && proofs.get(key) === proof) return true;
  // Hashed even when there is no such key, so that the time taken tells nothing.
  const matches = secrets.matches(secret, key?.secret_hash ?? Buffer.alloc(32));
  if (key && matches) proofs.set(key, proof);
  return key !== undefined && matches;
}

/** Neither revoked nor expired; and the demo key only where it is honoured. */
export const isUsable = ({ revoked_at, expires_at, is_demo }: ApiKeyRow, { demo }: Config, now: Date): boolean =>
  revoked_at === null && (expires_at === null || expires_at > now) && (demo || !is_demo);

/** The row, which many requests share for a second, is marked too: one of them writes. */
export async function noteUse(key: ApiKeyRow, db: Database): Promise<void> {
  const now = new Date();
  if (key.last_used_at && now.getTime() - key.last_used_at.getTime() <= minuteMs) return;
  key.last_used_at = now;
  await touchKey(db, key.id);
}

export const callerOf = (key: ApiKeyRow): Caller => ({
  keyId: key.id,
  keyExpiresAt: key.expires_at ?? undefined,
  applicationId: key.application_id ?? undefined,
  scopes: key.scopes,
  programs: key.programs,
});
