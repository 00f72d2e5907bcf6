import { invalid } from '../errors';
import type { Target } from './outgoing-url';

/** By name, in any case. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** The headers that undici sends: the caller's over the hub's own. Bad characters are refused by undici. */
export function headerList(target: Target, userAgent: string, headers: RequestHeaders = {}): string[] {
  const list: string[] = [];
  let hasUserAgent = false;
  let hasAuthorization = false;
  let hasEncoding = false;
  for (const name in headers) {
    const key = name.toLowerCase();
    if (key === 'host') throw hostRefused(target);
    if (key === 'user-agent') hasUserAgent = true;
    else if (key === 'authorization') hasAuthorization = true;
    else if (key === 'accept-encoding') hasEncoding = true;
    list.push(name, headers[name] ?? '');
  }
  if (!hasUserAgent) list.push('user-agent', userAgent);
  if (!hasEncoding) list.push('accept-encoding', 'identity');
  if (!hasAuthorization && target.authorization !== undefined) list.push('authorization', target.authorization);
  return list;
}

/** It would reach another site than the URL names, behind a server that holds several. */
const hostRefused = ({ host }: Target) =>
  invalid(`The request to ${host} cannot be sent: its Host header comes from the URL`, { code: 'request_invalid' });
