import { createServer, type Server } from 'node:http';
import type Koa from 'koa';
import type { DirectServer } from './serve-directly';

/** A `more` token carries its filters, a filter may be long: Node's 16 KiB for a request's head are too few. */
const maxHeadBytes = 64 * 1024;

/** The api's server, not listening yet, with its limits on what a connection may take. */
export function createHubServer(app: Koa, answerDirectly: DirectServer): Server {
  const answer = app.callback();
  const server = createServer({ maxHeaderSize: maxHeadBytes }, (request, response) => {
    // It answers errors itself.
    if (!answerDirectly(request, response)) void answer(request, response);
  });
  // An upload of gigabytes may take long, but not for ever, and never stand still; a request's head may not take long.
  server.requestTimeout = 4 * 3600 * 1000;
  server.timeout = 120_000;
  server.headersTimeout = 20_000;
  server.keepAliveTimeout = 75_000;
  return server;
}
