import type { Holding, SendableRow } from './deliveries.store';
import { windowOf } from './deliveries.rules';

/** What an endpoint takes. */
export interface LaneLimits {
  /** Requests at a time. */
  slots: number;
  /** Requests a second; null: no limit. */
  rate: number | null;
}

/** With a rate limit, this many seconds' worth is in hand at most. */
const secondsInHand = 2;

/**
 * One endpoint's deliveries in a drain: as many are sent at a time as it has slots and as its rate allows, the others wait
 * in order. A delivery is in hand from its claim until its result is written.
 */
export class EndpointLane {
  private readonly waiting: SendableRow[] = [];
  private sending = 0;
  private inHand = 0;
  private finished = 0;
  private asked: number;
  private given = 0;
  /** When the next request may go, in ms of `performance.now()`. */
  private nextAt = 0;

  constructor(
    readonly id: string,
    private limits: LaneLimits,
  ) {
    this.asked = limits.slots;
  }

  /** Nothing in hand, and no time to keep before its next request. */
  isIdle(now: number): boolean {
    return this.inHand === 0 && now >= this.nextAt;
  }

  /** The last claim gave all that was asked for, so there may be more. */
  get mayHaveMore(): boolean {
    return this.given >= this.asked;
  }

  /** What the next claim has to know; the reserve is measured anew from here. */
  holding(): Holding {
    const { slots, rate } = this.limits;
    const window = Math.min(windowOf(slots, this.finished), rate === null ? Infinity : Math.ceil(rate * secondsInHand));
    this.asked = Math.max(0, window - this.inHand);
    this.given = 0;
    this.finished = 0;
    return { endpoint_id: this.id, in_hand: this.inHand, room: this.asked };
  }

  /** The limits as the endpoint has them now come with it. */
  add(claimed: SendableRow): void {
    this.limits = { slots: claimed.slots, rate: claimed.rate };
    this.waiting.push(claimed);
    this.inHand += 1;
    this.given += 1;
  }

  /** Milliseconds until the rate allows the next request; 0 where nothing waits or it is a slot that is missing. */
  pause(now: number): number {
    return this.waiting.length > 0 && this.sending < this.limits.slots ? Math.max(0, this.nextAt - now) : 0;
  }

  /** The next delivery, if a slot is free. Call `answered` when its request is over, `done` when its result is written. */
  next(now: number): SendableRow | undefined {
    const { slots, rate } = this.limits;
    if (this.sending >= slots || now < this.nextAt) return undefined;
    const delivery = this.waiting.shift();
    if (!delivery) return undefined;
    this.sending += 1;
    if (rate !== null) this.nextAt = afterOne(this.nextAt, now, 1000 / rate);
    return delivery;
  }

  /** Gives out of hand what has not been sent yet, to be claimed again some other time; answers the deliveries' ids. */
  drop(): string[] {
    const ids = this.waiting.splice(0).map(({ id }) => id);
    this.inHand -= ids.length;
    return ids;
  }

  answered(): void {
    this.sending -= 1;
  }

  done(): void {
    this.inHand -= 1;
    this.finished += 1;
  }
}

/** A timer that is a little late does not lower the rate, and time without requests does not raise it. */
const afterOne = (due: number, now: number, interval: number): number => (now - due < interval ? due : now) + interval;
