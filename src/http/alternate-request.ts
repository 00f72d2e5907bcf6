import { IncomingMessage } from 'node:http';
import type { Middleware } from 'koa';
import { invalid } from '../errors';
import type { Resources } from '../resources';
import { readWrappingForm } from './body';
import { dialectOf } from './dialects';
import type { Exchange } from './exchange';

const prefix = '/xapi/';
const methods = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'];

/** Form parameters that stand for headers (xAPI 1.0.3 Communication 1.3). */
const headerNames = [
  'Authorization',
  'X-Experience-API-Version',
  'Content-Type',
  'Content-Length',
  'If-Match',
  'If-None-Match',
];

/**
 * xAPI 1.0.3's alternate request syntax, for browsers that can only post forms: `POST …?method=PUT` with headers, parameters and
 * `content` in a form. What is in it takes the request's place, before anything looks for its path or its caller. 2.0 has no such thing:
 * there `method` is a parameter that nobody knows.
 */
export const unwrapAlternateRequest =
  ({ config }: Pick<Resources, 'config'>): Middleware =>
  async (ctx, next) => {
    const { method, ...others } = ctx.path.startsWith(prefix) ? ctx.query : {};
    if (typeof method !== 'string' || isVersion2(ctx.headers)) {
      await next();
      return;
    }
    if (ctx.method !== 'POST') throw invalid('The parameter method is for POST alone.');
    if (Object.keys(others).length > 0) throw invalid('Beside method all parameters go into the form.');
    if (!methods.includes(method)) throw invalid(`method is to be one of ${methods.join(', ')}.`);
    const inner = unwrap(ctx.req, ctx.path, method, await readWrappingForm(ctx.req));
    (ctx.state['exchange'] as Exchange).req = inner;
    ctx.req = ctx.request.req = ctx.response.req = inner;
    ctx.originalUrl = ctx.request.originalUrl = inner.url!;
    ctx.set({ ...dialectOf(ctx.path).headers?.(inner.headers, config) });
    await next();
    if (method === 'HEAD') ctx.body = '';
  };

const isVersion2 = (headers: IncomingMessage['headers']): boolean =>
  String(headers['x-experience-api-version'] ?? '').startsWith('2');

function unwrap(outer: IncomingMessage, path: string, method: string, form: URLSearchParams): IncomingMessage {
  const inner = new IncomingMessage(outer.socket);
  inner.headers = { ...outer.headers, 'content-type': 'application/json' };
  for (const name of headerNames) {
    const value = form.get(name);
    if (value !== null) inner.headers[name.toLowerCase()] = value;
    form.delete(name);
  }
  const content = form.get('content');
  form.delete('content');
  if ((method === 'PUT' || method === 'POST') && content === null) throw invalid('The form has no parameter content.');
  inner.headers['content-length'] = String(Buffer.byteLength(content ?? ''));
  // What was posted is answered with as many bytes as the answer says: a HEAD is a GET whose body is taken away.
  inner.method = method === 'HEAD' ? 'GET' : method;
  inner.url = `${path}?${form.toString()}`;
  inner.push(content);
  if (content !== null) inner.push(null);
  inner.complete = true;
  return inner;
}
