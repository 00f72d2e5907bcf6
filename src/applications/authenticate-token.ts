import { unauthenticated } from '../errors';
import type { Resources } from '../resources';
import { openToken } from './access-tokens.rules';
import { callerOf, isUsable, noteUse } from './authenticate-key';
import type { Caller } from './caller';
import { holds } from './scopes.rules';

/** RFC 6750 §3.1: one code for a token that is malformed, forged, expired, or whose key has ended. */
const refused = () =>
  unauthenticated('The token is not one of this hub, or it or its key has ended; ask for a new one.', {
    code: 'invalid_token',
  });

/** Who a Bearer token stands for: its key, with no more scopes than the token and the key both have. */
export async function authenticateToken(
  token: string,
  { db, keys, secrets, config }: Pick<Resources, 'db' | 'keys' | 'secrets' | 'config'>,
): Promise<Caller> {
  const claims = openToken(token, secrets, new Date());
  if (!claims) throw refused();
  // A token ends with its key.
  const key = await keys.get(claims.keyId);
  if (!key || !isUsable(key, config, new Date())) throw refused();
  await noteUse(key, db);
  return { ...callerOf(key), scopes: claims.scopes.filter((scope) => holds(key.scopes, scope)) };
}
