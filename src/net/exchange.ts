import { setMaxListeners } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import type { Client, Dispatcher } from 'undici';
import type { OriginClients } from './origin-clients';
import { timedOut, translateFailure } from './outgoing-errors';
import type { Target } from './outgoing-url';

/** What the far side does, in this order; `onEnd` is always the last call and comes once. */
export interface ExchangeListener {
  /** The request goes out: a connection is there. */
  onSent?(): void;
  onHead(status: number, headers: IncomingHttpHeaders): void;
  onData(chunk: Buffer): void;
  /** Without an error, the answer is complete. */
  onEnd(error?: Error): void;
}

export interface ExchangeRequest {
  method: string;
  /** Name, value, name, value… */
  headers: string[];
  body?: string | Uint8Array | undefined;
  /** From now to the last byte of the answer, the wait for a connection included. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/**
 * One request and its answer, with a deadline. Ended by whichever comes first: the last byte, a failure, the deadline,
 * the signal or `end`; the last three end its connection too.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #host: string;
  readonly #listener: ExchangeListener;
  readonly #signal: AbortSignal | undefined;
  readonly #deadline: NodeJS.Timeout;
  readonly #stopWaiting: (() => void) | undefined;
  #client: Client | undefined;
  #leaveClient: (() => void) | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #ended = false;

  constructor(connections: OriginClients, target: Target, request: ExchangeRequest, listener: ExchangeListener) {
    const { method, headers, body = null, timeoutMs, signal } = request;
    this.#host = target.host;
    this.#listener = listener;
    this.#signal = signal;
    this.#deadline = setTimeout(this.#onDeadline, timeoutMs, timeoutMs);
    if (signal !== undefined) this.#follow(signal);
    if (this.#ended) return;
    this.#stopWaiting = connections.enter(target.url.origin, (client, leave) => {
      this.#client = client;
      this.#leaveClient = leave;
      client.dispatch({ path: target.path, method, headers, body }, this);
    });
  }

  /** Ends it now. The listener hears of it at once, also when the request has not been sent yet. */
  end(error: Error): void {
    if (this.#ended) return;
    this.#finish(error);
    this.#stopWaiting?.();
    // Not `controller.abort`: after it, undici connects again for the request that it has just given up. While it is
    // still connecting, `onRequestStart` ends it, so that no more connections are under way than are allowed.
    if (this.#controller !== undefined) void this.#client?.destroy(error);
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#ended) controller.abort(new Error('ended while it connected'));
    else this.#listener.onSent?.();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status >= 200 && !this.#ended) this.#listener.onHead(status, headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#ended) this.#listener.onData(chunk);
  }

  onResponseEnd(): void {
    this.#leave();
    this.#finish();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#leave();
    this.#finish(translateFailure(error, this.#host));
  }

  #follow(signal: AbortSignal): void {
    setMaxListeners(0, signal); // one signal of a whole batch is no leak
    signal.addEventListener('abort', this.#onAbort);
    if (signal.aborted) this.#onAbort();
  }

  #leave(): void {
    this.#leaveClient?.();
    this.#leaveClient = undefined;
  }

  #finish(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#deadline);
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#listener.onEnd(error);
  }

  readonly #onDeadline = (timeoutMs: number): void =>
    this.end(timedOut(this.#host, `did not finish its answer within ${timeoutMs} ms`));

  readonly #onAbort = (): void => {
    const reason: Error = this.#signal?.reason;
    this.end(reason);
  };
}
