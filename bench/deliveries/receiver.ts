import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ReceiverOrder, ReceiverReport } from './receiver-process';

/** The receiver process (receiver-process.ts), and what has arrived there: requests are told apart by a number in their path. */
export class Receiver {
  /** Every arrival in order, repeats included; times as `sharedNow` has them. */
  readonly arrivals: { number: number; at: number }[] = [];
  /** Of each number the first arrival. */
  readonly firstAt = new Map<number, number>();
  private ports: number[] = [];

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (report: ReceiverReport) => this.hear(report));
  }

  static async start(origins: number): Promise<Receiver> {
    const receiver = new Receiver(fork(path.join(__dirname, 'receiver-process.js'), { serialization: 'advanced' }));
    await receiver.tell({ order: 'open', origins });
    return receiver;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Their indexes. */
  get origins(): number[] {
    return [...this.ports.keys()];
  }

  urlOf(origin: number, number: number): string {
    return `http://127.0.0.1:${this.ports[origin]}/${number}`;
  }

  async tell(order: ReceiverOrder): Promise<void> {
    const done = once(this.child, 'done');
    this.child.send(order);
    await Promise.race([done, once(this.child, 'exit').then(() => Promise.reject(new Error('the receiver ended')))]);
  }

  /** Resolves when this many different numbers have arrived, or, with false, when the time is over. */
  async untilArrived(count: number, withinMs: number): Promise<boolean> {
    const end = performance.now() + withinMs;
    while (this.firstAt.size < count && performance.now() < end) await delay(5);
    return this.firstAt.size >= count;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.disconnect();
    await exit;
  }

  private hear(report: ReceiverReport): void {
    if (report.report === 'done') {
      this.ports = report.ports;
      this.child.emit('done');
      return;
    }
    for (const [index, number] of report.numbers.entries()) {
      const at = report.times[index] ?? Number.NaN;
      this.arrivals.push({ number, at });
      if (!this.firstAt.has(number)) this.firstAt.set(number, at);
    }
  }
}
