import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CannotStart } from './cannot-start';
import { identityOf, type KnownProcess } from './process-identity';
import type { ServerUser } from './server-user';

/** A program to run beside this one, as data. */
export interface ProcessPlan {
  name: string;
  command: string;
  args: readonly string[];
  /** The whole environment of the process. */
  env: NodeJS.ProcessEnv;
  user?: ServerUser | undefined;
  /** Asked again and again until it answers true. What it throws counts as "not yet". */
  isReady?: () => Promise<boolean>;
  /** The alternative: the process says itself that it is ready, in a line of its output. */
  isReadyLine?: (line: string) => boolean;
  /** How long it may take to be ready, in milliseconds. */
  readyWithin: number;
  /** What asks it to end, and for how long (milliseconds) it may take its time before `forceSignal` ends it. */
  stopSignal: NodeJS.Signals;
  graceMs: number;
  forceSignal: NodeJS.Signals;
  /**
   * In a process group of its own, the terminal's Ctrl-C does not reach it, so that it ends in the order that we choose
   * and not all at once with the others.
   */
  ownGroup: boolean;
}

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Enough to tell why a process ended. */
const rememberedLines = 40;

/** One run of a program, from its start to its end. */
export class LocalProcess {
  readonly ended: Promise<Ending>;
  private ending: Ending | undefined;
  private readonly recent: string[] = [];
  private readonly listeners = new Set<(line: string) => void>();
  private readonly child: ChildProcess;

  constructor(
    readonly plan: ProcessPlan,
    onLine: (line: string) => void = () => undefined,
  ) {
    this.listeners.add(onLine);
    // Its standard input is a pipe that we only hold: it closes when we end, however we end (exit-with-parent.ts).
    this.child = spawn(plan.command, plan.args, {
      env: plan.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: plan.ownGroup,
      cwd: plan.user ? '/' : process.cwd(),
      ...plan.user,
    });
    this.child.stdin?.on('error', () => undefined);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.hear(line));
    }
    this.ended = this.waitForEnd();
  }

  /** Undefined when the program could not be started at all. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  get known(): KnownProcess | undefined {
    const identity = this.pid === undefined ? undefined : identityOf(this.pid);
    return this.pid === undefined || identity === undefined ? undefined : { pid: this.pid, identity };
  }

  get isRunning(): boolean {
    return this.ending === undefined;
  }

  /** The last lines of its output. */
  get tail(): string {
    return this.recent.join('\n');
  }

  /** Resolves when the process can be used; rejects, with its last words, when it ends first or takes too long. */
  async untilReady(): Promise<void> {
    const { name, readyWithin } = this.plan;
    const abort = new AbortController();
    const outcome = await Promise.race([
      this.plan.isReadyLine ? this.hearReadyLine(this.plan.isReadyLine) : this.pollReady(abort.signal),
      this.ended,
      timeout(readyWithin, abort.signal),
    ]).finally(() => abort.abort());
    if (outcome === 'ready') return;
    const why =
      outcome === 'late' ? `was not ready within ${readyWithin / 1000} s` : `ended (${describeEnding(outcome)})`;
    throw new CannotStart(`${name} ${why}. Its last words:\n${indent(this.tail)}`);
  }

  signal(signal: NodeJS.Signals): void {
    if (this.isRunning) this.child.kill(signal);
  }

  force(): void {
    this.signal(this.plan.forceSignal);
  }

  /** Asks the process to end, forces it when it takes longer than its grace, and waits until it is gone. */
  async stop(): Promise<Ending> {
    this.signal(this.plan.stopSignal);
    const timer = setTimeout(() => this.force(), this.plan.graceMs);
    return this.ended.finally(() => clearTimeout(timer));
  }

  private async waitForEnd(): Promise<Ending> {
    const failure = once(this.child, 'error').then(([error]) => {
      this.hear(`${this.plan.command} could not be started: ${(error as Error).message}`);
      return { code: null, signal: null };
    });
    const exit = once(this.child, 'close').then(([code, signal]) => ({ code, signal }));
    this.ending = await Promise.race([exit, failure]);
    return this.ending;
  }

  private hear(line: string): void {
    this.recent.push(line);
    if (this.recent.length > rememberedLines) this.recent.shift();
    for (const listener of this.listeners) listener(line);
  }

  private hearReadyLine(isReadyLine: (line: string) => boolean): Promise<'ready'> {
    return new Promise((resolve) => {
      const listener = (line: string): void => {
        if (!isReadyLine(line)) return;
        this.listeners.delete(listener);
        resolve('ready');
      };
      this.listeners.add(listener);
    });
  }

  private async pollReady(abort: AbortSignal): Promise<'ready'> {
    const { isReady = () => Promise.resolve(true) } = this.plan;
    while (!abort.aborted) {
      if (await isReady().catch(() => false)) return 'ready';
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return 'ready';
  }
}

export const describeEnding = ({ code, signal }: Ending): string => (signal ? `signal ${signal}` : `exit code ${code}`);

const indent = (text: string): string => text.replace(/^/gm, '    ');

const timeout = (milliseconds: number, signal: AbortSignal): Promise<'late'> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve('late'), milliseconds);
    signal.addEventListener('abort', () => clearTimeout(timer));
  });
