import type { AppError } from '../errors';
import { usesBearer } from './authentication';
import type { Exchange } from './exchange';

const realm = 'realm="Learning Hub"';

/** What content in a browser is missing: of a scheme that the browser knows it would ask the learner. */
export const unitCredentialsWanted = 'unit_credentials';

/** Quoted strings here are ASCII without quotes and backslashes (RFC 6750 §3). */
const bearer = (error: string, rest: string): string => `Bearer ${realm}, error="${error}", ${rest}`;

/**
 * WWW-Authenticate: which credentials would do, and what was wrong with the token (RFC 6750 §3). An error is only named to
 * a caller who sent a token. Token endpoints take a key, and so do not offer Bearer.
 */
export function challenge({ operation, req }: Exchange, error: AppError): { 'WWW-Authenticate'?: string | string[] } {
  if (error.kind === 'unauthenticated') {
    if (error.code === unitCredentialsWanted) return { 'WWW-Authenticate': `Unit ${realm}` };
    const basic = `Basic ${realm}, charset="UTF-8"`;
    return { 'WWW-Authenticate': operation?.credentials === 'client' ? basic : [basic, bearerChallenge(error)] };
  }
  if (error.code !== 'scope_missing' || !usesBearer(req.headers)) return {};
  const scopes = operation?.scopes ?? [];
  return { 'WWW-Authenticate': bearer('insufficient_scope', `scope="${scopes.join(' ')}"`) };
}

const bearerChallenge = ({ code, message }: AppError): string =>
  code === 'invalid_token' ? bearer(code, `error_description="${message}"`) : `Bearer ${realm}`;
