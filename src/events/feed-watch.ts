import { type Listener, listen } from '../database/notifications';
import { rateLimited } from '../errors';
import type { Logger } from '../log';

/** Told after each commit to the feed. */
export const feedChannel = 'event_feed';

/** Requests that one process lets wait at a time: each asks the database again when something came. */
const maxWaiting = 500;

/** Lets readers wait for what comes into the feed; a process has one listener, from the first that waits. */
export class FeedWatch {
  private readonly waiting = new Set<() => void>();
  private listener: Listener | undefined;
  private places = 0;
  private stopped = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly log: Logger,
  ) {}

  /** Something came in. Readers of this process need not wait for the notification to come round. */
  readonly ring = (): void => {
    for (const wake of this.waiting) wake();
  };

  /** Holds one of the places of those that may wait, while `work` runs. Throws rate-limited when all are taken. */
  async within<T>(work: () => Promise<T>): Promise<T> {
    if (this.places >= maxWaiting) throw rateLimited('Too many readers wait here already; ask without wait, or later.');
    this.places += 1;
    this.listener ??= this.stopped ? undefined : listen(this.databaseUrl, [feedChannel], this.ring, this.log);
    try {
      return await work();
    } finally {
      this.places -= 1;
    }
  }

  /** True once this process is about to end: nobody waits any more. */
  get isStopped(): boolean {
    return this.stopped;
  }

  /** A call is resolved by what comes in from now on, by the signal, when the time is over, or by the end of the process. */
  next(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted || this.stopped) done();
    });
  }

  /** Ends all waiting at once, now and from now on. */
  stop(): void {
    this.stopped = true;
    this.ring();
  }

  async close(): Promise<void> {
    this.stop();
    await this.listener?.close();
  }
}
