import type { IncomingHttpHeaders } from 'node:http';
import { authenticateKey } from '../applications/authenticate-key';
import type { Caller, Scope } from '../applications/caller';
import { forbidden, unauthenticated } from '../errors';
import type { Resources } from '../resources';

/** Finds out who calls. Basic credentials of a key: the key's id as user, its secret as password. */
export async function authenticate(headers: IncomingHttpHeaders, resources: Resources): Promise<Caller> {
  const { authorization } = headers;
  if (!authorization) {
    throw unauthenticated(
      'Credentials are missing: send a key with Basic authentication (user: key id, password: secret).',
    );
  }
  const [scheme = '', credentials = ''] = authorization.split(/\s+/, 2);
  if (scheme.toLowerCase() !== 'basic') throw unauthenticated('Only Basic authentication with a key is taken here.');
  const [id, secret] = basicCredentials(credentials);
  return authenticateKey(id, secret, resources);
}

function basicCredentials(base64: string): [string, string] {
  const text = Buffer.from(base64, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) throw unauthenticated('The Basic credentials are not user:password in base64.');
  return [text.slice(0, colon), text.slice(colon + 1)];
}

/** Any one of the scopes suffices. */
export function requireScope(caller: Caller, needed: readonly Scope[]): void {
  if (needed.some((scope) => caller.scopes.includes(scope))) return;
  throw forbidden(`This key lacks the scope ${needed.join(' or ')}.`, { code: 'scope_missing' });
}
