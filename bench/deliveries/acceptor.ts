import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import type { Database, Transaction } from '../../src/database/connection';
import type { Wake } from '../../src/database/notifications';
import { queuePostback } from '../../src/deliveries/queue-postback';
import type { Secrets } from '../../src/secrets';
import { sharedNow } from '../process-times';
import { Copier } from './copier';
import type { Receiver } from './receiver';

export interface AcceptorParts {
  db: Database;
  databaseUrl: string;
  sessions: number;
  wake: Wake;
  secrets: Secrets;
  applicationId: string;
}

/** 1 KB as JSON. */
const payload = { text: 'x'.repeat(1024 - '{"text":""}'.length) };

/**
 * Accepts deliveries to the receiver's origins in turn, each in a transaction of its own with a NOTIFY after it, as a
 * request does that reports something. Each is about another subject, and known by its number.
 */
export class Acceptor {
  /** When the commit of each number returned, as `sharedNow` has it. */
  readonly acceptedAt: number[] = [];
  private next = 0;
  private channels: string[] = [];

  private constructor(
    private readonly parts: AcceptorParts,
    private readonly receiver: Receiver,
    private copier: Copier | undefined,
  ) {}

  /** Queues one delivery to each origin, so that their endpoints are there. */
  static async open(parts: AcceptorParts, receiver: Receiver): Promise<Acceptor> {
    const acceptor = new Acceptor(parts, receiver, undefined);
    const numbers = receiver.origins.map(() => acceptor.take());
    await parts.db.transaction(async (tx) => {
      for (const number of numbers) acceptor.channels.push(await acceptor.queue(tx, number));
      acceptor.copier = await Copier.keep(tx, parts);
    });
    acceptor.committed(numbers);
    return acceptor;
  }

  /** How many have been given a number. */
  get count(): number {
    return this.next;
  }

  /** Through the hub's own verb, to an origin that is given or whose turn it is. */
  readonly accept = async (origin?: number): Promise<void> => {
    const number = this.take();
    await this.parts.db.transaction((tx) => this.queue(tx, number, origin));
    this.committed([number], origin);
  };

  /** The same row at the least cost. */
  readonly acceptCopy = async (): Promise<void> => {
    const number = this.take();
    await this.copier?.copy(this.originOf(number), this.receiver.urlOf(this.originOf(number), number));
    this.committed([number]);
  };

  /** At a steady rate, however long each takes. */
  async atRate(perSecond: number, seconds: number, accept: () => Promise<void>): Promise<void> {
    const underWay: Promise<void>[] = [];
    const started = performance.now();
    for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - started) / 1000) {
      while (underWay.length < elapsed * perSecond) underWay.push(accept());
      await delay(2);
    }
    await Promise.all(underWay);
  }

  /** As fast as they arrive, until `isOver`: so that this many are under way all the time. Answers how many were on average. */
  async keepUnderWay(window: number, isOver: () => boolean): Promise<number> {
    const samples: number[] = [];
    const producer = async (): Promise<void> => {
      while (!isOver()) {
        const underWay = this.next - this.receiver.firstAt.size;
        samples.push(underWay);
        if (underWay < window) await this.acceptCopy();
        else await delay(2);
      }
    };
    await Promise.all(Array.from({ length: this.parts.sessions }, producer));
    return samples.reduce((sum, underWay) => sum + underWay, 0) / samples.length;
  }

  async close(): Promise<void> {
    await this.copier?.close();
  }

  private take(): number {
    this.next += 1;
    return this.next - 1;
  }

  private originOf(number: number): number {
    return number % this.receiver.origins.length;
  }

  private committed(numbers: readonly number[], origin?: number): void {
    const at = sharedNow();
    for (const number of numbers) {
      this.acceptedAt[number] = at;
      this.parts.wake(this.channels[origin ?? this.originOf(number)] ?? '');
    }
  }

  /** The one place that knows how the hub queues a delivery; answers the channel to wake. */
  private async queue(tx: Transaction, number: number, origin = this.originOf(number)): Promise<string> {
    const { applicationId, secrets } = this.parts;
    const url = this.receiver.urlOf(origin, number);
    const subject = { kind: 'import-job' as const, id: uuid() };
    const [channel = ''] = await queuePostback(tx, { applicationId, url, subject, payload }, secrets);
    return channel;
  }
}
