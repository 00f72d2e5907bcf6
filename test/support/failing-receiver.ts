import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { NamedReplies } from './failing-receiver-process';
import type { createCertificate, ReceivedRequest } from './receivers';

/*
 * A receiver as a process of its own, which fails as it is told, can be killed and comes back on the same ports:
 *
 *   const receiver = await FailingReceiver.start({ origins: 3 });
 *   await receiver.script({ origin: 0, replies: [['hang']] }, { under: '/flaky/', eachPath: true, replies: [['status', 503], ['ok']] });
 *   await receiver.refuse(2);
 *   … deliver to receiver.urls[0] …
 *   await receiver.stop();
 */

/** A reply of receivers.ts by its name, with its arguments. */
export type ScriptedReply = {
  [Name in keyof NamedReplies]: [Name, ...Parameters<NamedReplies[Name]>];
}[keyof NamedReplies];

export interface Script {
  /** All, unless given. */
  origin?: number;
  /** What the path begins with. */
  under?: string;
  /** Each path gets the replies from the first on, and not all together. */
  eachPath?: boolean;
  /** How much later it answers. */
  afterMs?: number;
  /** In order, the last one from then on. */
  replies: ScriptedReply[];
}

export interface ScriptedRequest extends ReceivedRequest {
  origin: number;
}

type Certificate = NonNullable<Parameters<typeof createCertificate>[0]>;

export type ReceiverOrder =
  | { order: 'start'; origins: number; ports: number[]; certificate: Certificate | undefined }
  | { order: 'script'; scripts: Script[] }
  | { order: 'refuse' | 'accept'; origin: number };

export type ReceiverReport = { report: 'done'; urls: string[] } | { report: 'received'; request: ScriptedRequest };

export interface FailingReceiverOptions {
  origins?: number;
  /** It speaks TLS, with a self-signed certificate for these names that may have expired. */
  certificate?: Certificate;
}

export class FailingReceiver {
  /** Of each origin, without a slash at its end. */
  urls: readonly string[] = [];
  /** In the order of arrival over all origins, also of former processes. */
  readonly received: ScriptedRequest[] = [];
  private child: ChildProcess;
  private scripts: Script[] = [];

  private constructor(private readonly options: FailingReceiverOptions) {
    this.child = this.spawn();
  }

  /** Answers 200 to everything until it is told otherwise. */
  static async start(options: FailingReceiverOptions = {}): Promise<FailingReceiver> {
    const receiver = new FailingReceiver(options);
    await receiver.begin();
    return receiver;
  }

  /** From the next request on, in the place of the scripts before; the first that matches holds, and otherwise 200. */
  async script(...scripts: Script[]): Promise<void> {
    this.scripts = scripts;
    await this.tell({ order: 'script', scripts });
  }

  /** Connections to the origin are refused, and those that are open end. */
  refuse(origin: number): Promise<void> {
    return this.tell({ order: 'refuse', origin });
  }

  /** Takes connections again, on the same port. */
  accept(origin: number): Promise<void> {
    return this.tell({ order: 'accept', origin });
  }

  /** Resolves when this many requests have arrived since the start. */
  async untilReceived(count: number): Promise<void> {
    while (this.received.length < count) await once(this.child, 'received');
  }

  async kill(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }

  /** After a kill: the same ports and the same scripts, from their first replies on. */
  async restart(): Promise<void> {
    this.child = this.spawn();
    await this.begin();
    await this.script(...this.scripts);
  }

  async stop(): Promise<void> {
    if (this.child.connected) await this.kill();
  }

  private spawn(): ChildProcess {
    const hook = path.join(__dirname, 'typescript-hook.js');
    const child = fork(path.join(__dirname, 'failing-receiver-process.ts'), { execArgv: ['-r', hook] });
    child.on('message', (report: ReceiverReport) => this.hear(report));
    return child;
  }

  private begin(): Promise<void> {
    const { origins = 1, certificate } = this.options;
    return this.tell({
      order: 'start',
      origins,
      ports: this.urls.map((url) => Number(new URL(url).port)),
      certificate,
    });
  }

  private async tell(order: ReceiverOrder): Promise<void> {
    const done = once(this.child, 'done');
    this.child.send(order);
    const ended = once(this.child, 'exit').then(() => Promise.reject(new Error('the receiver ended')));
    await Promise.race([done, ended]);
  }

  private hear(report: ReceiverReport): void {
    if (report.report === 'done') {
      this.urls = report.urls;
    } else {
      this.received.push(report.request);
    }
    this.child.emit(report.report);
  }
}
