import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import type { Database, Transaction } from '../../src/database/connection';
import type { Wake } from '../../src/database/notifications';
import { queuePostback } from '../../src/deliveries/queue-postback';
import type { Secrets } from '../../src/secrets';
import { sharedNow } from '../process-times';
import type { Receiver } from './receiver';

export interface AcceptorParts {
  db: Database;
  wake: Wake;
  secrets: Secrets;
  applicationId: string;
}

/** 1 KB as JSON. */
const payload = { text: 'x'.repeat(1024 - '{"text":""}'.length) };

/**
 * Accepts deliveries as a request does that reports something: in a transaction of its own, with a NOTIFY after it. Each
 * is about another subject, and known by its number.
 */
export class Acceptor {
  /** When the commit of each number returned, as `sharedNow` has it. */
  readonly acceptedAt: number[] = [];
  private next = 0;

  constructor(
    private readonly parts: AcceptorParts,
    private readonly receiver: Receiver,
  ) {}

  /** How many have been given a number. */
  get count(): number {
    return this.next;
  }

  /** One, to an origin that is given or whose turn it is. */
  readonly accept = (origin?: number): Promise<void> => this.commit([this.take()], origin);

  /** Many in one transaction: where accepting is not what is measured. */
  acceptTogether(count: number): Promise<void> {
    return this.commit(Array.from({ length: count }, () => this.take()));
  }

  /** At a steady rate, however long each takes. */
  async atRate(perSecond: number, seconds: number, accept: () => Promise<void> = this.accept): Promise<void> {
    const underWay: Promise<void>[] = [];
    const started = performance.now();
    for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - started) / 1000) {
      while (underWay.length < elapsed * perSecond) underWay.push(accept());
      await delay(2);
    }
    await Promise.all(underWay);
  }

  /** As fast as they are delivered: so that this many are under way all the time. */
  async keepUnderWay(window: number, seconds: number): Promise<void> {
    const end = performance.now() + seconds * 1000;
    const producer = async (): Promise<void> => {
      while (performance.now() < end) {
        if (this.next - this.receiver.firstAt.size < window) await this.accept();
        else await delay(2);
      }
    };
    await Promise.all(Array.from({ length: 8 }, producer));
  }

  private take(): number {
    this.next += 1;
    return this.next - 1;
  }

  private async commit(numbers: readonly number[], origin?: number): Promise<void> {
    const channels = await this.parts.db.transaction(async (tx) => {
      const queued = new Set<string>();
      for (const number of numbers) {
        for (const channel of await this.queue(tx, this.receiver.urlOf(number, origin))) queued.add(channel);
      }
      return queued;
    });
    const at = sharedNow();
    for (const number of numbers) this.acceptedAt[number] = at;
    for (const channel of channels) this.parts.wake(channel);
  }

  /** The one place that knows how the hub queues a delivery; answers the channels to wake. */
  private queue(tx: Transaction, url: string): Promise<string[]> {
    const { applicationId, secrets } = this.parts;
    return queuePostback(tx, { applicationId, url, subject: { kind: 'import-job', id: uuid() }, payload }, secrets);
  }
}
