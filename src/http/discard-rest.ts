import type { IncomingMessage, ServerResponse } from 'node:http';

/** Long enough for a client on a slow line to notice the answer, short enough that nobody can hold a socket with it. */
const patienceMs = 10_000;
const maxDiscardedBytes = 64 * 1024 * 1024;

/**
 * Answers that come before a body was read whole (a refused upload) must still arrive: closing at once would reset the
 * connection and destroy the answer on its way. What still comes is read and dropped, for a while.
 */
export function discardRest(req: IncomingMessage, res: ServerResponse): void {
  if (req.complete || req.destroyed) return;
  res.shouldKeepAlive = false;
  let dropped = 0;
  const end = (): void => {
    clearTimeout(timer);
    if (!req.complete) req.socket.destroySoon();
  };
  const timer = setTimeout(end, patienceMs);
  req.on('data', (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > maxDiscardedBytes) end();
  });
  req.once('end', () => clearTimeout(timer));
  req.once('close', () => clearTimeout(timer));
  req.resume();
}
