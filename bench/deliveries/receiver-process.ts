import { once } from 'node:events';
import net from 'node:net';
import { sharedNow } from '../process-times';

/*
 * What a receiver of deliveries is to the benchmarks: many origins (one port each), as little work for each request as
 * can be, and the time at which each arrived. A process of its own, told over IPC what to do (receiver.ts).
 */

/** What it can be told. Each order is answered with `done`. */
export type ReceiverOrder =
  | { order: 'open'; origins: number }
  /** From now on it answers requests to these origins (by index; all unless given) this much later. */
  | { order: 'delay'; ms: number; origins?: number[] }
  /** Connections are refused, and those that are open end. */
  | { order: 'close' }
  /** Accepts connections again, on the same ports. */
  | { order: 'reopen' };

export type ReceiverReport =
  | { report: 'done'; ports: number[] }
  /** Requests that came since the last report: the number that each has as its path, and when it was here whole. */
  | { report: 'arrived'; numbers: Float64Array; times: Float64Array };

const reportEveryMs = 10;
const answer = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
const endOfHead = Buffer.from('\r\n\r\n');

interface Origin {
  port: number;
  server: net.Server;
  sockets: Set<net.Socket>;
  delayMs: number;
}

const origins: Origin[] = [];
let arrived: { number: number; at: number }[] = [];

/** Reads requests that state their length, one after the other. */
function serve(origin: Origin, socket: net.Socket): void {
  let rest: Buffer = Buffer.alloc(0);
  const reply = (): void => {
    if (!socket.destroyed) socket.write(answer);
  };
  origin.sockets.add(socket);
  socket.setNoDelay(true);
  socket.on('error', () => undefined); // The sender may reset it.
  socket.once('close', () => origin.sockets.delete(socket));
  socket.on('data', (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const headLength = rest.indexOf(endOfHead);
    if (headLength < 0) return;
    const head = rest.toString('latin1', 0, headLength);
    const length = headLength + endOfHead.length + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (rest.length < length) return;
    rest = rest.subarray(length);
    arrived.push({ number: Number(/ \/(\d+)/.exec(head)?.[1]), at: sharedNow() });
    if (origin.delayMs > 0) setTimeout(reply, origin.delayMs);
    else reply();
  });
}

/**
 * Ports below those that systems give to outgoing connections: a client that tries a closed one of those again and again
 * is connected to itself one day.
 */
const somePort = (): number => 12_000 + Math.floor(Math.random() * 20_000);

async function openOrigin(): Promise<Origin> {
  for (;;) {
    const origin: Origin = { port: somePort(), server: net.createServer(), sockets: new Set(), delayMs: 0 };
    origin.server.on('connection', (socket) => serve(origin, socket));
    if (await listens(origin)) return origin;
  }
}

async function listens({ server, port }: Origin): Promise<boolean> {
  server.listen(port, '127.0.0.1', 4096);
  return once(server, 'listening').then(
    () => true,
    () => false, // Somebody else has the port.
  );
}

async function closeOrigin({ server, sockets }: Origin): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}

async function reopenOrigin(origin: Origin): Promise<void> {
  if (!(await listens(origin))) throw new Error(`port ${origin.port} was taken meanwhile`);
}

async function follow(order: ReceiverOrder): Promise<void> {
  if (order.order === 'open') while (origins.length < order.origins) origins.push(await openOrigin());
  if (order.order === 'close') await Promise.all(origins.map(closeOrigin));
  if (order.order === 'reopen') await Promise.all(origins.map(reopenOrigin));
  if (order.order === 'delay') {
    for (const index of order.origins ?? origins.keys()) {
      const origin = origins[index];
      if (origin) origin.delayMs = order.ms;
    }
  }
  tell({ report: 'done', ports: origins.map(({ port }) => port) });
}

const tell = (report: ReceiverReport): void => void process.send?.(report);

process.on('message', (order: ReceiverOrder) => {
  follow(order).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
});
process.on('disconnect', () => process.exit(0));

setInterval(() => {
  if (arrived.length === 0) return;
  const batch = arrived;
  arrived = [];
  tell({
    report: 'arrived',
    numbers: Float64Array.from(batch, ({ number }) => number),
    times: Float64Array.from(batch, ({ at }) => at),
  });
}, reportEveryMs);
