import type Router from '@koa/router';
import { Counter, Histogram, collectDefaultMetrics, register } from 'prom-client';
import type { Resources } from '../resources';
import { authenticate, requireScope } from './authentication';

collectDefaultMetrics();

const requests = new Counter({
  name: 'hub_http_requests_total',
  help: 'Requests answered, by operation and status.',
  labelNames: ['operation', 'status'],
});
const latency = new Histogram({
  name: 'hub_http_request_seconds',
  help: 'Time from a request to its answer, by operation.',
  labelNames: ['operation'],
  buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
});

export function observeRequest(operation: string, status: number, ms: number): void {
  requests.inc({ operation, status });
  latency.observe({ operation }, ms / 1000);
}

/** GET /metrics in Prometheus' text format, for an administrator's key. */
export function metricsRoute(routes: Router, resources: Resources): void {
  routes.get('/metrics', async (ctx) => {
    requireScope(await authenticate(ctx.headers, resources), ['admin']);
    ctx.type = register.contentType;
    ctx.body = await register.metrics();
  });
}
