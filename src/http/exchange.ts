import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Caller } from '../applications/caller';
import type { Logger } from '../log';
import type { Resources } from '../resources';
import { observeRequest } from './metrics';
import type { Operation } from './operation';

/** A caller's own request id is kept when it is a plain token, so that logs of both sides can be joined. */
const requestIdPattern = /^[\w.:-]{1,100}$/;

/** One request and its answer: what is known of it from its first moment to its line in the log. */
export class Exchange {
  readonly id: string;
  /** Once it is known. */
  operation: Operation | undefined;
  caller: Caller | undefined;
  private readonly started = performance.now();
  private ownLog: Logger | undefined;

  constructor(
    /** As it came; of one that was wrapped in another, what was in it. */
    public req: IncomingMessage,
    /** Without its query. */
    readonly path: string,
    private readonly logs: Pick<Resources, 'log' | 'requestLog'>,
  ) {
    const given = req.headers['x-request-id'];
    this.id = typeof given === 'string' && requestIdPattern.test(given) ? given : randomUUID();
  }

  /** Made where it is wanted: most requests write nothing but the line at their end. */
  get log(): Logger {
    return (this.ownLog ??= this.logs.log.child({ requestId: this.id }));
  }

  /** Counts the answer, and writes the request's line. */
  end(status: number): void {
    const ms = Math.round((performance.now() - this.started) * 10) / 10;
    observeRequest(this.operation?.id ?? 'none', status, ms);
    this.logs.requestLog.info({
      requestId: this.id,
      event: 'http.request',
      method: this.req.method,
      path: this.path,
      operation: this.operation?.id,
      status,
      ms,
      keyId: this.caller?.keyId,
      applicationId: this.caller?.applicationId,
    });
  }
}
