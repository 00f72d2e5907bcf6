import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { Exchange, type ExchangeListener, type ExchangeRequest } from './exchange';
import type { OriginClients } from './origin-clients';
import { responseTooLarge, timedOut } from './outgoing-errors';
import type { Target } from './outgoing-url';

export interface Head {
  status: number;
  headers: IncomingHttpHeaders;
}

export interface DownloadLimits {
  maxBytes: number;
  idleTimeoutMs: number;
}

/** Less than this in `idleTimeoutMs` counts as nothing: a byte now and then would hold a connection for hours. */
const MIN_PROGRESS_BYTES = 1_024;

/** The body of one answer as a stream that fails when it grows too large or too slow. Destroying it ends the request. */
export class DownloadBody extends Readable implements ExchangeListener {
  /** Rejects where no head comes. */
  readonly head: Promise<Head>;
  readonly #target: Target;
  readonly #limits: DownloadLimits;
  readonly #exchange: Exchange | undefined;
  #settleHead: { resolve: (head: Head) => void; reject: (error: Error) => void } | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #size = 0;
  #sinceProgress = 0;
  #paused = false;

  constructor(connections: OriginClients, target: Target, request: ExchangeRequest, limits: DownloadLimits) {
    super();
    this.#target = target;
    this.#limits = limits;
    // A failure between `head` and the first read must not end the process; who reads later still gets it.
    this.on('error', () => {});
    this.head = new Promise((resolve, reject) => (this.#settleHead = { resolve, reject }));
    this.#exchange = new Exchange(connections, target, request, this);
  }

  onSent(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(this.#onIdle, this.#limits.idleTimeoutMs);
  }

  onHead(status: number, headers: IncomingHttpHeaders): void {
    this.#idleTimer?.refresh();
    if (Number(headers['content-length'] ?? 0) > this.#limits.maxBytes) this.destroy(this.#tooLarge());
    else this.#settleHead?.resolve({ status, headers });
  }

  onData(chunk: Buffer): void {
    this.#size += chunk.length;
    this.#sinceProgress += chunk.length;
    if (this.#size > this.#limits.maxBytes) {
      this.destroy(this.#tooLarge());
      return;
    }
    if (this.#sinceProgress >= MIN_PROGRESS_BYTES) this.#markProgress();
    if (!this.push(chunk)) this.#pause();
  }

  onEnd(error?: Error): void {
    clearTimeout(this.#idleTimer);
    if (error === undefined) this.push(null);
    else this.destroy(error);
  }

  override _read(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#markProgress();
    this.#exchange?.resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    clearTimeout(this.#idleTimer);
    const reason = error ?? new Error('the body was not read to its end');
    this.#settleHead?.reject(reason);
    this.#exchange?.end(reason);
    callback(error);
  }

  #pause(): void {
    this.#paused = true;
    this.#exchange?.pause();
  }

  #markProgress(): void {
    this.#sinceProgress = 0;
    this.#idleTimer?.refresh();
  }

  /** While paused it is the reader that is slow, not the far side. */
  readonly #onIdle = (): void => {
    if (this.#paused) this.#idleTimer?.refresh();
    else this.destroy(timedOut(this.#target.host, `sent next to nothing for ${this.#limits.idleTimeoutMs} ms`));
  };

  #tooLarge = (): Error => responseTooLarge(this.#target.host, `${this.#limits.maxBytes} bytes`);
}
