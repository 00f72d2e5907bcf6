import type Router from '@koa/router';

type Check = () => Promise<void>;

/** Each part that the api needs, by name; a check throws when the part is missing. */
export interface ReadinessChecks {
  required: Readonly<Record<string, Check>>;
  /** Parts without which requests are still taken. */
  optional: Readonly<Record<string, Check>>;
}

const checkTimeoutMs = 3000;

/**
 * GET /health/live: the process answers. GET /health/ready: 200 when requests can be taken, else 503; `parts` says which
 * part is missing. Without an optional part the status is "degraded", and still 200: no load balancer should turn away
 * requests that would be accepted.
 */
export function healthRoutes(routes: Router, checks: ReadinessChecks): void {
  routes.get('/health/live', (ctx) => {
    ctx.body = { status: 'live' };
  });
  routes.get('/health/ready', async (ctx) => {
    const [required, optional] = await Promise.all([resultsOf(checks.required), resultsOf(checks.optional)]);
    const isReady = allThere(required);
    ctx.status = isReady ? 200 : 503;
    ctx.body = {
      status: !isReady ? 'not ready' : allThere(optional) ? 'ready' : 'degraded',
      parts: { ...required, ...optional },
    };
  });
}

type Results = Record<string, 'ok' | 'missing'>;

const allThere = (results: Results): boolean => Object.values(results).every((result) => result === 'ok');

const resultsOf = async (checks: Readonly<Record<string, Check>>): Promise<Results> =>
  Object.fromEntries(
    await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await resultOf(check)] as const)),
  );

/** Why a part is missing stands in the log of whoever misses it: this page is open to all who reach the port. */
async function resultOf(check: Check): Promise<'ok' | 'missing'> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<'missing'>((resolve) => {
    timer = setTimeout(() => resolve('missing'), checkTimeoutMs);
  });
  const result = check().then(
    () => 'ok' as const,
    () => 'missing' as const,
  );
  return Promise.race([result, patience]).finally(() => clearTimeout(timer));
}
