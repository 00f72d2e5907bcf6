import { once } from 'node:events';
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { buffer } from 'node:stream/consumers';
import { generate } from 'selfsigned';

/*
 * Small real servers for what the hub sends and fetches. One answers with the replies it is given, in order, the last
 * one from then on:
 *
 *   const receiver = await startReceiver(status(500), tooManyRequests(2), status(204));
 *   … deliver to receiver.url …
 *   await receiver.waitFor(3);
 *   expect(receiver.received[2]?.body).toBe('…');
 *
 *   afterEach(closeReceivers);
 */

/** Answers one request, well or badly. */
export type Reply = (response: ServerResponse, request: IncomingMessage) => void;

export interface ReceivedRequest {
  method: string;
  /** Path and query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Receiver {
  /** The origin, without a slash at its end. */
  readonly url: string;
  /** Every request in the order of arrival, with its whole body, whatever it was answered. */
  readonly received: readonly ReceivedRequest[];
  /** Connections that were accepted so far. */
  readonly connections: number;
  /** Connections that are open now. */
  readonly openConnections: number;
  /** From the next request on. */
  answerWith(...replies: Reply[]): void;
  /** Resolves when this many requests have arrived since the start. */
  waitFor(count: number): Promise<void>;
  /** Resolves when this many connections are open, for instance none. */
  waitForConnections(count: number): Promise<void>;
  close(): Promise<void>;
}

interface Answered {
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
}

export const status =
  (code: number, { headers = {}, body = '' }: Answered = {}): Reply =>
  (response) => {
    response.statusCode = code;
    response.setHeaders(new Map(Object.entries(headers))).end(body);
  };

export const ok = (body: string | Buffer = '', headers: Record<string, string> = {}): Reply =>
  status(200, { body, headers });

export const redirect = (location: string, code = 302): Reply => status(code, { headers: { location } });

export const tooManyRequests = (retryAfter: number | string): Reply =>
  status(429, { headers: { 'retry-after': String(retryAfter) } });

/** Takes the request and never answers. */
export const hang = (): Reply => () => {};

/** Ends the connection with a TCP reset, before any answer. */
export const reset = (): Reply => (response) => response.socket?.resetAndDestroy();

/** Promises more than it sends, then resets the connection. */
export const resetMidAnswer =
  (sent = 'the first part'): Reply =>
  (response) => {
    response.writeHead(200, { 'content-length': sent.length + 1000 });
    response.write(sent, () => response.socket?.resetAndDestroy());
  };

/** Promises more than it sends, then ends the connection in good order. */
export const cutShort =
  (sent = 'the first part'): Reply =>
  (response) => {
    response.writeHead(200, { 'content-length': sent.length + 1000 });
    response.write(sent, () => response.socket?.end());
  };

/** A byte every `everyMs`, for ever. */
export const trickle =
  (everyMs: number): Reply =>
  (response) => {
    const timer = setInterval(() => response.write('x'), everyMs);
    response.once('close', () => clearInterval(timer));
  };

/** Data for ever, as fast as it is read. */
export const endless = (): Reply => (response) => {
  const chunk = Buffer.alloc(65_536, 'x');
  const fill = (): void => {
    while (response.write(chunk));
  };
  response.on('drain', fill);
  fill();
};

/** These bytes instead of an HTTP answer, then the end of the connection. */
export const raw =
  (bytes: string): Reply =>
  (response) =>
    response.socket?.end(bytes);

export const after =
  (ms: number, reply: Reply): Reply =>
  (response, request) => {
    const timer = setTimeout(() => reply(response, request), ms);
    response.once('close', () => clearTimeout(timer));
  };

export interface Certificate {
  key: string;
  /** Self-signed: who trusts it gives it as an authority. */
  cert: string;
}

/** For a TLS receiver; the names are what it is valid for. */
export async function createCertificate({
  names = ['localhost'],
  expired = false,
}: { names?: string[]; expired?: boolean } = {}): Promise<Certificate> {
  const day = 24 * 60 * 60 * 1000;
  const altNames = names.map((value) =>
    net.isIP(value) ? { type: 7 as const, ip: value } : { type: 2 as const, value },
  );
  const { private: key, cert } = await generate([{ name: 'commonName', value: names[0] ?? '' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 3 * day),
    notAfterDate: new Date(Date.now() + (expired ? -1 : 1) * day),
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames },
    ],
  });
  return { key, cert };
}

const running = new Set<{ close(): Promise<void> }>();

/** Ends all that this file has started. */
export async function closeReceivers(): Promise<void> {
  await Promise.all([...running].map((receiver) => receiver.close()));
}

export const startReceiver = (...replies: Reply[]): Promise<Receiver> => startReceiverOn(0, ...replies);

export const startTlsReceiver = (certificate: Certificate, ...replies: Reply[]): Promise<Receiver> =>
  startTlsReceiverOn(0, certificate, ...replies);

/** On a port that was chosen before: a receiver that comes back. Rejects where somebody else has it. */
export const startReceiverOn = (port: number, ...replies: Reply[]): Promise<Receiver> =>
  listen(http.createServer(), 'http', port, replies);

export const startTlsReceiverOn = (port: number, certificate: Certificate, ...replies: Reply[]): Promise<Receiver> =>
  listen(https.createServer(certificate), 'https', port, replies);

/** Accepts connections and never says a word: what a TLS client waits for in vain. */
export async function startSilentServer(): Promise<{ port: number }> {
  const server = net.createServer();
  track(server);
  return { port: await listenOn(server) };
}

async function listen(
  server: http.Server | https.Server,
  scheme: string,
  wanted: number,
  first: Reply[],
): Promise<Receiver> {
  const received: ReceivedRequest[] = [];
  const sockets = track(server);
  let replies = first;
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url: path = '', headers } = request;
    const body = (await buffer(request)).toString();
    received.push({ method, path, headers, body });
    server.emit('received');
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    (reply ?? ok())(response, request);
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    take(request, response).catch(() => response.destroy()); // the sender gave up
  });
  const port = await listenOn(server, wanted);
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    received,
    get connections() {
      return sockets.accepted;
    },
    get openConnections() {
      return sockets.open.size;
    },
    answerWith: (...next) => {
      replies = next;
    },
    waitFor: async (count) => {
      while (received.length < count) await once(server, 'received');
    },
    waitForConnections: async (count) => {
      while (sockets.open.size !== count) await once(server, 'connections');
    },
    close: () => sockets.close(),
  };
}

async function listenOn(server: net.Server, wanted = 0): Promise<number> {
  server.listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address.port;
}

interface Sockets {
  accepted: number;
  readonly open: Set<net.Socket>;
  close(): Promise<void>;
}

function track(server: net.Server): Sockets {
  const sockets: Sockets = {
    accepted: 0,
    open: new Set(),
    async close() {
      if (!running.delete(sockets)) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets.open) socket.destroy();
      await closed;
    },
  };
  server.on('connection', (socket: net.Socket) => {
    sockets.accepted += 1;
    sockets.open.add(socket);
    socket.on('error', () => {}); // the far side may reset it
    socket.once('close', () => {
      sockets.open.delete(socket);
      server.emit('connections');
    });
    server.emit('connections');
  });
  running.add(sockets);
  return sockets;
}
