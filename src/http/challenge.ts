import type { Context } from 'koa';
import type { Scope } from '../applications/caller';
import type { AppError } from '../errors';
import { usesBearer } from './authentication';

const realm = 'realm="Learning Hub"';

/** Quoted strings here are ASCII without quotes and backslashes (RFC 6750 §3). */
const bearer = (error: string, rest: string): string => `Bearer ${realm}, error="${error}", ${rest}`;

/**
 * WWW-Authenticate: which credentials would do, and what was wrong with the token (RFC 6750 §3). An error is only named to
 * a caller who sent a token. Token endpoints take a key, and so do not offer Bearer.
 */
export function challenge(ctx: Context, error: AppError): void {
  if (error.kind === 'unauthenticated') {
    const basic = `Basic ${realm}, charset="UTF-8"`;
    ctx.set('WWW-Authenticate', ctx.state['takesToken'] === false ? basic : [basic, bearerChallenge(error)]);
  } else if (error.code === 'scope_missing' && usesBearer(ctx.headers)) {
    const scopes = (ctx.state['scopes'] ?? []) as readonly Scope[];
    ctx.set('WWW-Authenticate', bearer('insufficient_scope', `scope="${scopes.join(' ')}"`));
  }
}

const bearerChallenge = ({ code, message }: AppError): string =>
  code === 'invalid_token' ? bearer(code, `error_description="${message}"`) : `Bearer ${realm}`;
