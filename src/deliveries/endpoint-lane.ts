import type { Holding, SendableRow } from './deliveries.store';
import { windowOf } from './deliveries.rules';

/**
 * One endpoint's deliveries in a drain: as many are sent at a time as it has slots, the others wait in order. A delivery
 * is in hand from its claim until its result is written.
 */
export class EndpointLane {
  private readonly waiting: SendableRow[] = [];
  private sending = 0;
  private inHand = 0;
  private finished = 0;
  private asked: number;
  private given = 0;

  constructor(
    readonly id: string,
    private readonly slots: number,
  ) {
    this.asked = slots;
  }

  get isIdle(): boolean {
    return this.inHand === 0;
  }

  /** The last claim gave all that was asked for, so there may be more. */
  get mayHaveMore(): boolean {
    return this.given >= this.asked;
  }

  /** What the next claim has to know; the reserve is measured anew from here. */
  holding(): Holding {
    this.asked = Math.max(0, windowOf(this.slots, this.finished) - this.inHand);
    this.given = 0;
    this.finished = 0;
    return { endpoint_id: this.id, in_hand: this.inHand, room: this.asked };
  }

  add(claimed: SendableRow): void {
    this.waiting.push(claimed);
    this.inHand += 1;
    this.given += 1;
  }

  /** The next delivery, if a slot is free. Call `answered` when its request is over, `done` when its result is written. */
  next(): SendableRow | undefined {
    if (this.sending >= this.slots) return undefined;
    const delivery = this.waiting.shift();
    if (delivery) this.sending += 1;
    return delivery;
  }

  answered(): void {
    this.sending -= 1;
  }

  done(): void {
    this.inHand -= 1;
    this.finished += 1;
  }
}
