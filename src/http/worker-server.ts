import { createServer, type Server } from 'node:http';
import { register } from 'prom-client';

/**
 * What a worker shows of itself: `GET /metrics` in Prometheus' text format and `GET /health/live`. Without credentials: it
 * holds counts, no names, and is meant for a network that only the operator reaches.
 */
export function createWorkerServer(): Server {
  return createServer((request, response) => {
    const show = request.method === 'GET' ? pages[request.url ?? ''] : undefined;
    if (!show) {
      response.writeHead(404).end();
      return;
    }
    show().then(
      ([type, text]) => response.writeHead(200, { 'content-type': type }).end(text),
      () => response.writeHead(503).end(), // The database, which some figures are asked of, is away.
    );
  });
}

const pages: Readonly<Record<string, () => Promise<[type: string, text: string]>>> = {
  '/metrics': async () => [register.contentType, await register.metrics()],
  '/health/live': () => Promise.resolve(['application/json', '{"status":"live"}']),
};
