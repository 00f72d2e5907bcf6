import type { Resources } from '../resources';
import { attemptDelivery } from './attempt-delivery';
import type { AttemptWriter } from './attempt-writer';
import { Bell } from './bell';
import { claimDeliveries, type SendableRow } from './deliveries.store';
import { type Attempt, judge } from './deliveries.rules';
import type { DeliveryWakes } from './delivery-wakes';
import { EndpointLane } from './endpoint-lane';
import { ShardLease } from './shard-lease';

/** What all drains of a process share. */
export interface DrainParts {
  resources: Resources;
  writer: AttemptWriter;
  wakes: DeliveryWakes;
}

/** How many deliveries one claim takes at most, over all endpoints of the shard. */
const claimLimit = 500;
/** What no notification told of is found this often. */
const pollMs = 1000;
/** How often one that waits for another holder's lease to end looks for it. */
const takeEveryMs = 500;

/**
 * Sends first attempts of a shard's deliveries until it is told to stop. Then it claims no more, finishes the requests
 * that are under way, and gives the shard to the next.
 */
export async function drainShard(shard: number, parts: DrainParts, stop: AbortSignal): Promise<void> {
  const bell = new Bell();
  const unsubscribe = parts.wakes.subscribe(shard, bell.ring);
  stop.addEventListener('abort', bell.ring);
  try {
    while (!stop.aborted) {
      const lease = await takeQuietly(shard, parts.resources);
      if (lease) await new Shift(lease, stop, bell, parts).run();
      else await bell.wait(takeEveryMs);
    }
  } finally {
    stop.removeEventListener('abort', bell.ring);
    await unsubscribe();
  }
}

async function takeQuietly(shard: number, { db, log }: Resources): Promise<ShardLease | undefined> {
  try {
    return await ShardLease.take(shard, { db, log });
  } catch (error) {
    log.warn({ event: 'delivery.lease', shard, error }, 'the database is out of reach; trying again');
    return undefined;
  }
}

/** One lease from its beginning to its end. */
class Shift {
  private readonly lanes = new Map<string, EndpointLane>();
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly lease: ShardLease,
    private readonly stop: AbortSignal,
    private readonly bell: Bell,
    private readonly parts: DrainParts,
  ) {
    lease.signal.addEventListener('abort', bell.ring);
  }

  async run(): Promise<void> {
    while (this.isOpen) {
      const claimed = await this.claim();
      this.distribute(claimed);
      if (claimed.length < claimLimit) await this.bell.wait(pollMs);
    }
    await Promise.all(this.underWay);
    await this.lease.release();
  }

  private get isOpen(): boolean {
    return !this.stop.aborted && this.lease.isHeld;
  }

  private async claim(): Promise<SendableRow[]> {
    const { db, log } = this.parts.resources;
    const { shard, token } = this.lease;
    const holdings = [...this.lanes.values()].map((lane) => lane.holding());
    try {
      return await claimDeliveries(db, { shard, token, holdings, limit: claimLimit });
    } catch (error) {
      log.warn({ event: 'delivery.claim', shard, error }, 'deliveries could not be claimed; trying again');
      return [];
    }
  }

  private distribute(claimed: readonly SendableRow[]): void {
    for (const delivery of claimed) this.laneOf(delivery).add(delivery);
    for (const lane of this.lanes.values()) {
      this.fill(lane);
      if (lane.isIdle) this.lanes.delete(lane.id);
    }
  }

  private laneOf({ endpoint_id, slots }: SendableRow): EndpointLane {
    const lane = this.lanes.get(endpoint_id) ?? new EndpointLane(endpoint_id, slots);
    this.lanes.set(endpoint_id, lane);
    return lane;
  }

  /** Once the shift is over, what has not been sent is left to the next holder. */
  private fill(lane: EndpointLane): void {
    while (this.isOpen) {
      const delivery = lane.next();
      if (!delivery) return;
      const handled = this.handle(delivery, lane).finally(() => this.underWay.delete(handled));
      this.underWay.add(handled);
    }
  }

  private async handle(delivery: SendableRow, lane: EndpointLane): Promise<void> {
    const attempt = await this.attempt(delivery);
    lane.answered();
    this.fill(lane);
    if (attempt) await this.record(delivery, attempt);
    lane.done();
    if (lane.mayHaveMore) this.bell.ring();
  }

  /** Undefined when the lease ended first: then the next holder sends it. */
  private async attempt(delivery: SendableRow): Promise<Attempt | undefined> {
    const { signal } = this.lease;
    try {
      return await attemptDelivery(delivery, this.parts.resources, { number: 1, signal });
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  private async record(delivery: SendableRow, attempt: Attempt): Promise<void> {
    const { config, log } = this.parts.resources;
    const { deadAfterSeconds } = config.deliveries;
    const verdict = judge(attempt, { firstAttemptAt: attempt.at, deadAfterSeconds, random: Math.random() });
    try {
      await this.parts.writer.write({ delivery, attempt, verdict, leaseToken: this.lease.token });
    } catch (error) {
      log.error(
        { event: 'delivery.unrecorded', deliveryId: delivery.id, error },
        'the attempt was made but cannot be written; it is made again under the next lease',
      );
    }
  }
}
