import type { IncomingHttpHeaders } from 'node:http';
import { authenticateKey } from '../applications/authenticate-key';
import { authenticateToken } from '../applications/authenticate-token';
import type { Caller, Scope } from '../applications/caller';
import { forbidden, invalid, unauthenticated } from '../errors';
import type { Resources } from '../resources';

/** Finds out who calls: Basic credentials of a key (its id as user, its secret as password), or a Bearer token. */
export async function authenticate({ authorization }: IncomingHttpHeaders, resources: Resources): Promise<Caller> {
  if (!authorization) {
    throw unauthenticated(
      'Credentials are missing: send a key with Basic authentication (user: key id, password: secret), or a Bearer token.',
    );
  }
  const { scheme, credentials } = readAuthorization(authorization);
  if (scheme === 'bearer') return authenticateToken(credentials, resources);
  if (scheme !== 'basic')
    throw unauthenticated('Only Basic authentication with a key and Bearer tokens are taken here.');
  const [id, secret] = basicCredentials(credentials);
  return authenticateKey(id, secret, resources);
}

/**
 * A key that asks for a token: its credentials are in the header or in the form, not in both (RFC 6749 §2.3.1). In the
 * header they may be form-encoded, which changes no key's id or secret.
 */
export async function authenticateClient(
  { authorization }: IncomingHttpHeaders,
  form: URLSearchParams | undefined,
  resources: Resources,
): Promise<Caller> {
  const [formId, formSecret] = [form?.get('client_id'), form?.get('client_secret')];
  if (!authorization) {
    if (formId && formSecret) return authenticateKey(formId, formSecret, resources);
    throw unauthenticated('Credentials are missing: send the key’s id and secret with Basic authentication.');
  }
  if (formSecret) throw invalid('Send the key’s secret once: in the Authorization header or as client_secret.');
  const { scheme, credentials } = readAuthorization(authorization);
  if (scheme !== 'basic') throw unauthenticated('A token is given for a key: use Basic authentication.');
  const [id, secret] = basicCredentials(credentials).map(formDecoded) as [string, string];
  if (formId && formId !== id) throw invalid('client_id is another key’s than the one in the Authorization header.');
  return authenticateKey(id, secret, resources);
}

export const usesBearer = ({ authorization = '' }: IncomingHttpHeaders): boolean =>
  readAuthorization(authorization).scheme === 'bearer';

function readAuthorization(header: string): { scheme: string; credentials: string } {
  const [scheme = '', credentials = ''] = header.split(/\s+/, 2);
  return { scheme: scheme.toLowerCase(), credentials };
}

function basicCredentials(base64: string): [string, string] {
  const text = Buffer.from(base64, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) throw unauthenticated('The Basic credentials are not user:password in base64.');
  return [text.slice(0, colon), text.slice(colon + 1)];
}

const formDecoded = (text: string): string => new URLSearchParams(`v=${text.replaceAll('&', '%26')}`).get('v') ?? '';

/** Any one of the scopes suffices; an operation that names none is for every caller. */
export function requireScope(caller: Caller, needed: readonly Scope[]): void {
  if (needed.length === 0 || needed.some((scope) => caller.scopes.includes(scope))) return;
  throw forbidden(`This key or token lacks the scope ${needed.join(' or ')}.`, { code: 'scope_missing' });
}
