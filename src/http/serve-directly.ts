import type { TSchema } from '@sinclair/typebox';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Resources } from '../resources';
import { dialectOf } from './dialects';
import { discardRest } from './discard-rest';
import { errorAnswer } from './error-answer';
import { Exchange } from './exchange';
import type { Operation } from './operation';
import { perform } from './perform-operation';
import { securityHeaders } from './security-headers';
import { assertValidReply } from './validation';

interface DirectRoute {
  operation: Operation;
  method: string;
  pattern: RegExp;
  names: readonly string[];
}

/** Answers a request, or says false: it is for the router. */
export type DirectServer = (req: IncomingMessage, res: ServerResponse) => boolean;

/**
 * The straight way for the few operations that come by the thousand a second, each of them small: with Koa and its router a
 * request costs several times what its operation does (docs/decisions/0015). It takes a request only when all about its
 * path is plain, and then answers as the router would; everything else is left to that.
 */
export function directServer(operations: readonly Operation[], resources: Resources): DirectServer {
  const routes = operations.filter(({ isDirect }) => isDirect).map(routeOf);
  return (req, res) => {
    const url = req.url ?? '';
    for (const { operation, method, pattern, names } of routes) {
      const match = req.method === method ? pattern.exec(url) : null;
      if (!match) continue;
      const params = Object.fromEntries(names.map((name, index) => [name, match[index + 1]!]));
      answer(operation, new Exchange(req, url, resources), params, res, resources).catch((error: unknown) => {
        resources.log.warn({ event: 'http.broken_reply', error });
        res.destroy();
      });
      return true;
    }
    return false;
  };
}

/** Characters of a path that mean themselves (RFC 3986 3.3), without escapes. */
const plainSegment = "([\\w.~!$&'()*+,;=:@-]+)";

function routeOf(operation: Operation): DirectRoute {
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const pattern = new RegExp(`^${operation.path.replace(/\{\w+\}/g, plainSegment)}$`);
  return { operation, method: operation.method.toUpperCase(), pattern, names };
}

async function answer(
  operation: Operation,
  exchange: Exchange,
  params: Record<string, string>,
  res: ServerResponse,
  resources: Resources,
): Promise<void> {
  const headers: Record<string, string | string[]> = {
    ...securityHeaders,
    'X-Request-Id': exchange.id,
    ...dialectOf(exchange.path).headers?.(exchange.req.headers, resources.config),
  };
  let status: number = operation.status;
  let body = '';
  try {
    const setHeader = (name: string, value: string): void => void (headers[name] = value);
    const value = await perform(operation, exchange, { params, search: noSearch, res, setHeader }, resources);
    if (operation.response) {
      if (resources.config.checkReplies) assertValidReply(operation.response as TSchema, value, operation.id);
      headers['Content-Type'] = 'application/json; charset=utf-8';
      body = JSON.stringify(value);
    }
  } catch (thrown) {
    const error = errorAnswer(thrown, exchange);
    ({ status, body } = error);
    Object.assign(headers, error.headers);
    discardRest(exchange.req, res);
  }
  headers['Content-Length'] = String(Buffer.byteLength(body));
  res.writeHead(status, headers).end(body);
  exchange.end(status);
}

const noSearch = (): URLSearchParams => new URLSearchParams();
