import type { IncomingHttpHeaders } from 'node:http';
import { Exchange, type ExchangeListener } from './exchange';
import type { OriginClients } from './origin-clients';
import { parseTarget } from './outgoing-url';
import { headerList, type RequestHeaders } from './request-headers';

export interface SendRequest {
  method: string;
  headers?: RequestHeaders;
  body?: string | Uint8Array;
  /** For all of it, the wait for a free connection included. */
  timeoutMs: number;
  /** How much of the answer's body is kept; the call returns as soon as it has that much. */
  maxAnswerBytes: number;
  signal?: AbortSignal;
}

export interface Answer {
  /** Any, 3xx included. */
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  /** There was more than `maxAnswerBytes`. */
  truncated: boolean;
  /** From the call to the end of the answer, as far as it was read. */
  latencyMs: number;
}

/** What is still read of an answer that is too long, so that its connection can be used again. */
const DISCARDED_BYTES = 65_536;

/** See `GuardedClient.send`. */
export async function send(
  connections: OriginClients,
  userAgent: string,
  url: string,
  request: SendRequest,
): Promise<Answer> {
  const { method, body, timeoutMs, maxAnswerBytes, signal } = request;
  const target = parseTarget(url);
  const headers = headerList(target, userAgent, request.headers);
  return new Promise((resolve, reject) => {
    const reader = new AnswerReader(maxAnswerBytes, resolve, reject);
    reader.exchange = new Exchange(connections, target, { method, headers, body, timeoutMs, signal }, reader);
  });
}

class AnswerReader implements ExchangeListener {
  exchange: Exchange | undefined;
  readonly #started = performance.now();
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(
    readonly maxBytes: number,
    readonly resolve: (answer: Answer) => void,
    readonly reject: (error: Error) => void,
  ) {}

  onHead(status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  onData(chunk: Buffer): void {
    const room = this.maxBytes - this.#size;
    this.#size += chunk.length;
    if (room >= 0) this.#chunks.push(chunk.subarray(0, room));
    if (room >= 0 && chunk.length > room) this.#resolve(true);
    if (this.#size > this.maxBytes + DISCARDED_BYTES) this.exchange?.end(new Error('more than can be discarded'));
  }

  /** Settles nothing where the answer was cut before: the first settling of a promise holds. */
  onEnd(error?: Error): void {
    if (error === undefined) this.#resolve(false);
    else this.reject(error);
  }

  #resolve(truncated: boolean): void {
    this.resolve({
      status: this.#status,
      headers: this.#headers,
      body: Buffer.concat(this.#chunks).toString(),
      truncated,
      latencyMs: Math.round(performance.now() - this.#started),
    });
  }
}
