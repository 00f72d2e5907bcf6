import { randomUUID } from 'node:crypto';
import { Router, type RouterContext } from '@koa/router';
import Koa, { type Context, type Middleware } from 'koa';
import helmet from 'koa-helmet';
import { type AppError, internal, invalid, isAppError, methodNotAllowed, notFound, unavailable } from '../errors';
import { isDatabaseUnavailable } from '../database/postgres-errors';
import type { Resources } from '../resources';
import { challenge } from './challenge';
import { dialectOf, statusOf } from './dialects';
import { discardRest } from './discard-rest';
import { docsRoutes } from './docs';
import { healthRoutes, type ReadinessChecks } from './health';
import { metricsRoute, observeRequest } from './metrics';
import { metadataRoute } from './oauth-metadata';
import type { Operation } from './operation';
import { serve } from './serve-operation';

/** A caller's own request id is kept when it is a plain token, so that logs of both sides can be joined. */
const requestIdPattern = /^[\w.:-]{1,100}$/;

/** The whole HTTP side: what all doors share around their operations. */
export function createApp(operations: readonly Operation[], resources: Resources, checks: ReadinessChecks): Koa {
  const app = new Koa();
  app.use(logRequest(resources));
  app.use(answerErrors);
  app.use(helmet({ contentSecurityPolicy: false, strictTransportSecurity: false }));
  const routes = new Router();
  healthRoutes(routes, checks);
  docsRoutes(routes, operations, resources.config);
  metricsRoute(routes, resources);
  metadataRoute(routes, resources.config);
  for (const operation of operations) serve(routes, operation, resources);
  app.use(routes.routes());
  app.use(refuseUnknown);
  // Koa's own handler only sees what broke after the reply had begun.
  app.on('error', (error: unknown) => resources.log.warn({ event: 'http.broken_reply', error }));
  return app;
}

function logRequest({ log }: Resources): Middleware {
  return async (ctx, next) => {
    const started = performance.now();
    const given = ctx.get('x-request-id');
    const requestId = requestIdPattern.test(given) ? given : randomUUID();
    ctx.state['requestId'] = requestId;
    // Made where it is wanted: most requests write nothing but the line below.
    Object.defineProperty(ctx.state, 'log', { get: lazily(() => log.child({ requestId })) });
    ctx.set('X-Request-Id', requestId);
    await next();
    const ms = Math.round((performance.now() - started) * 10) / 10;
    observeRequest(ctx, ms);
    log.info({
      requestId,
      event: 'http.request',
      method: ctx.method,
      path: ctx.path,
      operation: ctx.state['operationId'],
      status: ctx.status,
      ms,
      keyId: ctx.state['caller']?.keyId,
      applicationId: ctx.state['caller']?.applicationId,
    });
  };
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const answerErrors: Middleware = async (ctx, next) => {
  try {
    await next();
  } catch (thrown) {
    const error = asAppError(thrown);
    const dialect = dialectOf(ctx.path);
    if (error.kind === 'internal') ctx.state['log'].error({ event: 'http.failed', error: thrown });
    if (error.kind === 'unavailable') ctx.state['log'].warn({ event: 'http.unavailable', error: thrown });
    ctx.status = statusOf(error.kind, dialect);
    challenge(ctx, error);
    if (error.kind === 'unavailable') ctx.set('Retry-After', '5');
    ctx.type = dialect.contentType;
    ctx.body = JSON.stringify(dialect.body(error, ctx.state['requestId']));
    discardRest(ctx);
  }
};

/** Faults that were not foreseen are told apart only as "try again" or "ours"; their texts stay in the log. */
function asAppError(thrown: unknown): AppError {
  if (isAppError(thrown)) {
    return thrown.kind === 'internal'
      ? internal('Something went wrong in the hub; the request id leads to its log.')
      : thrown;
  }
  if (isDatabaseUnavailable(thrown)) {
    return unavailable('The database cannot be reached at the moment; nothing was changed. Try again.', {
      cause: thrown,
    });
  }
  if (thrown instanceof URIError) return invalid('The path holds a percent sign that is not the start of an escape.');
  return internal('Something went wrong in the hub; the request id leads to its log.', { cause: thrown });
}

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
