import { invalid } from '../errors';
import type { Resources } from '../resources';
import { sealToken } from './access-tokens.rules';
import type { Caller } from './caller';
import { grantScopes } from './scopes.rules';

/** A day: a program that works longer asks again, with the key it holds. */
export const maxTokenSeconds = 24 * 3600;

export interface TokenRequest {
  /** Names with spaces between (RFC 6749 §3.3); absent: all that the key has. */
  scope: string | undefined;
  seconds: number;
}

export interface IssuedToken {
  token: string;
  /** Until it ends: what was asked for, or less when its key ends earlier. */
  seconds: number;
  scope: string;
}

/** A token for the key that asks. Throws invalid, with the code invalid_scope, for a scope that the key does not hold. */
export function issueToken(
  key: Caller,
  { scope, seconds }: TokenRequest,
  { secrets }: Pick<Resources, 'secrets'>,
): IssuedToken {
  const grant = grantScopes(scope, key.scopes);
  if ('refused' in grant) {
    const message = `This key does not have the scope ${grant.refused.slice(0, 50)}; scope may name ${key.scopes.join(', ')}.`;
    throw invalid(message, { code: 'invalid_scope' });
  }
  const now = Date.now();
  const keyEnds = key.keyExpiresAt?.getTime() ?? Infinity;
  const expiresAt = new Date(Math.min(now + seconds * 1000, keyEnds));
  return {
    token: sealToken({ keyId: key.keyId, scopes: grant.granted, expiresAt }, secrets),
    seconds: Math.ceil((expiresAt.getTime() - now) / 1000),
    scope: grant.granted.join(' '),
  };
}
