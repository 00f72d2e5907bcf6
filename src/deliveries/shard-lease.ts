import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Resources } from '../resources';
import { releaseLease, renewLease, takeLease } from './delivery-leases.store';

/** How long a holder that was killed keeps its successor waiting; with Temporal's part of 9 s it stays under 15 s. */
const leaseSeconds = 10;
const renewEveryMs = 2000;
/** The holder lets go this much before the database does, whose clock may run a little faster. */
const marginMs = 500;

/**
 * The right to send a shard's first attempts, held by one process at a time. `signal` aborts when it ends, which is
 * never later than the database gives it to another: a request that carries the signal cannot outlive the lease.
 */
export class ShardLease {
  private readonly ending = new AbortController();
  private endTimer: NodeJS.Timeout | undefined;
  private readonly renewing: Promise<void>;

  private constructor(
    readonly shard: number,
    /** Larger than that of any holder before. */
    readonly token: number,
    private endsAt: number,
    private readonly resources: Pick<Resources, 'db' | 'log'>,
  ) {
    setMaxListeners(0, this.signal);
    this.endAt(endsAt);
    this.renewing = this.keep();
  }

  /** Undefined while another process holds it. */
  static async take(shard: number, resources: Pick<Resources, 'db' | 'log'>): Promise<ShardLease | undefined> {
    const asked = performance.now();
    const token = await takeLease(resources.db, shard, leaseSeconds);
    return token === undefined ? undefined : new ShardLease(shard, token, lastsUntil(asked), resources);
  }

  get signal(): AbortSignal {
    return this.ending.signal;
  }

  /** By the clock: a process that was suspended may find its timers late. */
  get isHeld(): boolean {
    if (performance.now() >= this.endsAt) this.end();
    return !this.signal.aborted;
  }

  /** Lets the next holder start at once. When the database cannot be reached, it waits until the lease has run out. */
  async release(): Promise<void> {
    this.end();
    await this.renewing;
    await releaseLease(this.resources.db, this.shard, this.token).catch((error: unknown) => this.warn(error));
  }

  private end(): void {
    clearTimeout(this.endTimer);
    this.ending.abort(new Error(`the lease of shard ${this.shard} has ended`));
  }

  private async keep(): Promise<void> {
    while (this.isHeld) {
      await delay(renewEveryMs, undefined, { signal: this.signal }).catch(() => undefined); // It ended.
      if (this.isHeld) await this.renew();
    }
  }

  private async renew(): Promise<void> {
    const { db } = this.resources;
    const asked = performance.now();
    try {
      if (!(await renewLease(db, this.shard, this.token, leaseSeconds))) this.end();
      else if (this.isHeld) this.endAt(lastsUntil(asked));
    } catch (error) {
      this.warn(error);
    }
  }

  private endAt(moment: number): void {
    clearTimeout(this.endTimer);
    this.endsAt = moment;
    this.endTimer = setTimeout(() => this.end(), moment - performance.now());
  }

  private warn(error: unknown): void {
    this.resources.log.warn({ event: 'delivery.lease', shard: this.shard, token: this.token, error });
  }
}

/** Counted from before the database was asked, so it ends here first. */
const lastsUntil = (asked: number): number => asked + leaseSeconds * 1000 - marginMs;
