import type { TSchema } from '@sinclair/typebox';
import type Router from '@koa/router';
import type { RouterContext } from '@koa/router';
import type { Resources } from '../resources';
import type { Exchange } from './exchange';
import type { FileAnswer, Operation, WrittenAnswer, WrittenResponse } from './operation';
import { type Identify, perform } from './perform-operation';
import { isKnown } from './preconditions';
import { assertValidReply } from './validation';

/** Puts an operation on the router. */
export function serve(routes: Router, operation: Operation, resources: Resources, identify?: Identify): void {
  const path = operation.path.replace(/\{(\w+)\}/g, ':$1');
  routes[operation.method](path, async (ctx: RouterContext) => {
    const exchange = ctx.state['exchange'] as Exchange;
    exchange.operation = operation;
    decodeURIComponent(ctx.path); // Throws for a broken escape, which the router would leave as it is.
    const incoming = {
      params: ctx.params,
      search: () => ctx.URL.searchParams,
      res: ctx.res,
      setHeader: (name: string, value: string) => ctx.set(name, value),
    };
    reply(operation, ctx, await perform(operation, exchange, incoming, resources, identify), resources);
  });
}

function reply(operation: Operation, ctx: RouterContext, value: unknown, { config }: Resources): void {
  ctx.status = operation.status;
  if (operation.status === 204) {
    ctx.body = null;
    return;
  }
  if (isFile(operation.response)) {
    replyWithFile(ctx, value as FileAnswer);
    return;
  }
  if (!operation.response) {
    ctx.body = '';
    ctx.remove('Content-Type');
    return;
  }
  if (operation.isConditional && isKnown(ctx.headers['if-none-match'], ctx.response.get('ETag'))) {
    ctx.status = 304;
    return;
  }
  if (isWritten(operation.response)) {
    replyAsWritten(operation, operation.response, ctx, value as WrittenAnswer, config.checkReplies);
    return;
  }
  if (config.checkReplies) assertValidReply(operation.response as TSchema, value, operation.id);
  ctx.type = 'application/json; charset=utf-8';
  ctx.body = JSON.stringify(value);
}

const isFile = (response: unknown): boolean => typeof response === 'object' && response !== null && 'file' in response;

const isWritten = (response: object): response is WrittenResponse => 'written' in response;

function replyAsWritten(
  { id }: Operation,
  { written }: WrittenResponse,
  ctx: RouterContext,
  { type, body }: WrittenAnswer,
  isChecked: boolean,
): void {
  const schema = written[type];
  if (isChecked && schema && typeof body === 'string') assertValidReply(schema, JSON.parse(body), id);
  ctx.body = body;
  ctx.set('Content-Type', type);
}

/** As a download, never shown in place: what partners put into courses is not to run under this origin. */
function replyWithFile(ctx: RouterContext, { fileName, size, etag, body }: FileAnswer): void {
  if (etag !== undefined) ctx.set('ETag', etag);
  if (ctx.fresh) {
    body.destroy();
    ctx.status = 304;
    return;
  }
  ctx.attachment(fileName);
  ctx.body = body;
  if (size !== undefined) ctx.length = size;
}
