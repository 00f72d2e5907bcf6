import type Router from '@koa/router';

/** Each part that the api needs, by name; a check throws what is wrong. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<void>>>;

const checkTimeoutMs = 3000;

/** GET /health/live: the process answers. GET /health/ready: every part it needs is there, or which one is missing. */
export function healthRoutes(routes: Router, checks: ReadinessChecks): void {
  routes.get('/health/live', (ctx) => {
    ctx.body = { status: 'live' };
  });
  routes.get('/health/ready', async (ctx) => {
    const parts = Object.fromEntries(
      await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await resultOf(check)] as const)),
    );
    const ready = Object.values(parts).every((result) => result === 'ok');
    ctx.status = ready ? 200 : 503;
    ctx.body = { status: ready ? 'ready' : 'not ready', parts };
  });
}

async function resultOf(check: () => Promise<void>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${checkTimeoutMs} ms`)), checkTimeoutMs);
  });
  try {
    await Promise.race([check(), timeout]);
    return 'ok';
  } catch (error) {
    // Only the kind of fault is told here: the page is open to anyone who reaches the port.
    return error instanceof Error && 'code' in error ? `missing (${String(error.code)})` : `missing`;
  } finally {
    clearTimeout(timer);
  }
}
