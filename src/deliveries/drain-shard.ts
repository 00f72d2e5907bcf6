import type { Resources } from '../resources';
import { attemptDelivery } from './attempt-delivery';
import type { AttemptWriter } from './attempt-writer';
import { Bell } from './bell';
import { type Claimed, releaseOverdue, type SendableRow, unclaim, unclaimStrays } from './deliveries.store';
import { type Attempt, judge, succeeded } from './deliveries.rules';
import type { Claimer } from './claimer';
import type { DeliveryWakes } from './delivery-wakes';
import { EndpointLane } from './endpoint-lane';
import { probeOverdue } from './endpoints.store';
import type { Written } from './record-attempts';
import { ShardLease } from './shard-lease';

/** What all drains of a process share. */
export interface DrainParts {
  resources: Resources;
  claimer: Claimer;
  writer: AttemptWriter;
  wakes: DeliveryWakes;
  /** The clock by which deliveries grow old. */
  now: () => Date;
}

/** What no notification told of is found this often. */
const pollMs = 1000;
/** How often one that waits for another holder's lease to end looks for it. */
const takeEveryMs = 500;
/** What nobody else looks after is looked for this often: claims whose answer was lost, and retries and probes that are late. */
const lookForOverdueMs = 30_000;
/** A retry or a probe is looked after here once its workflow is this late: Temporal is away, or somebody stopped it. */
const overdueMs = 120_000;
const overdueLimit = 1000;

/**
 * Sends what is due of a shard's deliveries until it is told to stop: nobody else sends. Then it claims no more, finishes the
 * requests that are under way, and gives the shard to the next.
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
  /** Ids of what is claimed: to be sent, being sent, or waiting for its result to be written. */
  private readonly inHand = new Set<string>();
  /** Lanes that wait for the time of their next request. */
  private readonly pausing = new Set<EndpointLane>();
  /** Claimed, and not to be sent now: their endpoint is held back. */
  private returned: string[] = [];
  private overdueAt = 0;

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
      await this.lookForOverdue();
      const { rows, more } = await this.claim();
      this.distribute(rows);
      if (!more) await this.bell.wait(pollMs);
    }
    await Promise.all(this.underWay);
    await this.lease.release();
  }

  private get isOpen(): boolean {
    return !this.stop.aborted && this.lease.isHeld;
  }

  private async lookForOverdue(): Promise<void> {
    if (performance.now() < this.overdueAt) return;
    const { db, log } = this.parts.resources;
    const { shard, token } = this.lease;
    const before = new Date(this.parts.now().getTime() - overdueMs);
    try {
      const probed = await probeOverdue(db, shard, before);
      const released = await releaseOverdue(db, shard, before, overdueLimit);
      const strays = await unclaimStrays(db, { shard, token, known: [...this.inHand] });
      if (probed + released + strays > 0) log.warn({ event: 'delivery.overdue', shard, probed, released, strays });
      this.overdueAt = performance.now() + lookForOverdueMs;
    } catch (error) {
      log.warn({ event: 'delivery.overdue', shard, error }, 'overdue retries could not be looked for; trying again');
    }
  }

  private async claim(): Promise<Claimed> {
    const { shard, token } = this.lease;
    const holdings = [...this.lanes.values()].map((lane) => lane.holding());
    try {
      await this.giveBack();
      return await this.parts.claimer.claim({ shard, token, holdings });
    } catch (error) {
      // It may have been made all the same, and only its answer be lost.
      this.overdueAt = 0;
      const { log } = this.parts.resources;
      log.warn({ event: 'delivery.claim', shard, error }, 'deliveries could not be claimed; trying again');
      return { rows: [], more: false };
    }
  }

  private async giveBack(): Promise<void> {
    const ids = this.returned;
    if (ids.length === 0) return;
    await unclaim(this.parts.resources.db, ids, this.lease.token);
    for (const id of ids) this.inHand.delete(id);
    this.returned = this.returned.slice(ids.length);
  }

  private distribute(claimed: readonly SendableRow[]): void {
    for (const delivery of claimed) {
      this.inHand.add(delivery.id);
      this.laneOf(delivery).add(delivery);
    }
    for (const lane of this.lanes.values()) {
      this.fill(lane);
      if (lane.isIdle(performance.now())) this.lanes.delete(lane.id);
    }
  }

  private laneOf(delivery: SendableRow): EndpointLane {
    const lane = this.lanes.get(delivery.endpoint_id) ?? new EndpointLane(delivery.endpoint_id, delivery);
    this.lanes.set(delivery.endpoint_id, lane);
    return lane;
  }

  /** Once the shift is over, what has not been sent is left to the next holder. */
  private fill(lane: EndpointLane): void {
    while (this.isOpen) {
      const now = performance.now();
      const delivery = lane.next(now);
      if (!delivery) {
        this.fillLater(lane, lane.pause(now));
        return;
      }
      const handled = this.handle(delivery, lane).finally(() => this.underWay.delete(handled));
      this.underWay.add(handled);
    }
  }

  private fillLater(lane: EndpointLane, ms: number): void {
    if (ms === 0 || this.pausing.has(lane)) return;
    this.pausing.add(lane);
    setTimeout(() => {
      this.pausing.delete(lane);
      this.fill(lane);
    }, ms);
  }

  /** A slot is free again once its request is over, or, where that failed, once it is known what this says of the endpoint. */
  private async handle(delivery: SendableRow, lane: EndpointLane): Promise<void> {
    const attempt = await this.attempt(delivery);
    const isGood = attempt !== undefined && succeeded(attempt);
    if (isGood) this.free(lane);
    const written = attempt && (await this.record(delivery, attempt));
    // What could not be written stays in hand: it would be sent again and again.
    if (written) this.inHand.delete(delivery.id);
    lane.done();
    if (written?.closed) this.returned.push(...lane.drop());
    if (!isGood) this.free(lane);
    if (lane.mayHaveMore || written?.unblocked || this.returned.length > 0) this.bell.ring();
  }

  private free(lane: EndpointLane): void {
    lane.answered();
    this.fill(lane);
  }

  /** Undefined when the lease ended first: then the next holder sends it. */
  private async attempt(delivery: SendableRow): Promise<Attempt | undefined> {
    const { signal } = this.lease;
    const { resources, now } = this.parts;
    try {
      return await attemptDelivery(delivery, resources, { signal, now });
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  private async record(delivery: SendableRow, attempt: Attempt): Promise<Written | undefined> {
    const { config, log } = this.parts.resources;
    const verdict = judge(attempt, {
      firstAttemptAt: delivery.first_attempt_at ?? attempt.at,
      deadAfterSeconds: config.deliveries.deadAfterSeconds,
      before: delivery.replayed_after ?? 0,
      random: Math.random(),
    });
    try {
      return await this.parts.writer.write({ delivery, attempt, verdict, leaseToken: this.lease.token });
    } catch (error) {
      log.error(
        { event: 'delivery.unrecorded', deliveryId: delivery.id, error },
        'the attempt was made but cannot be written; it is made again under the next lease',
      );
      return undefined;
    }
  }
}
