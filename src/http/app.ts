import { Router, type RouterContext } from '@koa/router';
import Koa, { type Context, type Middleware } from 'koa';
import { methodNotAllowed, notFound } from '../errors';
import type { Resources } from '../resources';
import { unwrapAlternateRequest } from './alternate-request';
import { dialectOf } from './dialects';
import { discardRest } from './discard-rest';
import { docsRoutes } from './docs';
import { errorAnswer } from './error-answer';
import { Exchange } from './exchange';
import { healthRoutes, type ReadinessChecks } from './health';
import { metricsRoute } from './metrics';
import { metadataRoute } from './oauth-metadata';
import type { Operation } from './operation';
import type { Identify } from './perform-operation';
import { securityHeaders } from './security-headers';
import { serve } from './serve-operation';

/** The whole HTTP side: what all doors share around their operations. */
export function createApp(operations: readonly Operation[], resources: Resources, checks: ReadinessChecks): Koa {
  const routes = new Router();
  healthRoutes(routes, checks);
  docsRoutes(routes, operations, resources.config);
  metricsRoute(routes, resources);
  metadataRoute(routes, resources.config);
  return serveAll(routes, operations, resources);
}

/** Some of the operations, for callers who show in another way who they are. */
export const createSideDoor = (operations: readonly Operation[], resources: Resources, identify: Identify): Koa =>
  serveAll(new Router(), operations, resources, identify);

function serveAll(routes: Router, operations: readonly Operation[], resources: Resources, identify?: Identify): Koa {
  const app = new Koa();
  app.use(holdExchange(resources));
  app.use(answerErrors);
  app.use(unwrapAlternateRequest(resources));
  for (const operation of operations) serve(routes, operation, resources, identify);
  app.use(routes.routes());
  app.use(refuseUnknown);
  // Koa's own handler only sees what broke after the reply had begun.
  app.on('error', (error: unknown) => resources.log.warn({ event: 'http.broken_reply', error }));
  return app;
}

const holdExchange =
  (resources: Resources): Middleware =>
  async (ctx, next) => {
    const exchange = new Exchange(ctx.req, ctx.path, resources);
    ctx.state['exchange'] = exchange;
    ctx.set(securityHeaders);
    ctx.set('X-Request-Id', exchange.id);
    ctx.set({ ...dialectOf(ctx.path).headers?.(ctx.headers, resources.config) });
    await next();
    exchange.end(ctx.status);
  };

const answerErrors: Middleware = async (ctx, next) => {
  try {
    await next();
  } catch (thrown) {
    const { status, headers, body } = errorAnswer(thrown, ctx.state['exchange'] as Exchange);
    ctx.status = status;
    ctx.set(headers);
    ctx.body = body;
    discardRest(ctx.req, ctx.res);
  }
};

const refuseUnknown: Middleware = (ctx: Context) => {
  const allowed = new Set((ctx as RouterContext).matched?.flatMap(({ methods }) => methods));
  if (allowed.size === 0) throw notFound(`There is nothing at ${ctx.path}.`);
  ctx.set('Allow', [...allowed].join(', '));
  if (ctx.method === 'OPTIONS') {
    ctx.status = 204;
    return;
  }
  throw methodNotAllowed(`${ctx.method} is not possible at ${ctx.path}; ${[...allowed].join(', ')} is.`);
};
