import { messageOf } from '../errors';
import { CannotStart } from './cannot-start';
import { describeEnding, LocalProcess, type ProcessPlan } from './local-process';
import type { KnownProcess } from './process-identity';

/** What the supervisor tells others. */
export interface SupervisorEvents {
  say: (line: string) => void;
  /** Every line that a process prints. */
  line: (name: string, line: string) => void;
  /** The processes that run now, whenever they change: so that a later start can find those that outlived us. */
  running: (processes: Record<string, KnownProcess>) => void;
}

const firstWait = 500;
const longestWait = 30_000;
/** A process that ran this long has recovered: its next end is a new story. */
const recoveredAfter = 60_000;

/** Runs processes, starts those again that end, and stops them in the reverse order of their start. */
export class Supervisor {
  private readonly stages: string[][] = [];
  private readonly processes = new Map<string, LocalProcess>();
  private stopping = false;

  constructor(private readonly events: SupervisorEvents) {}

  /** Starts a process and looks after it from then on. Those of one `stage` are stopped together. */
  async start(plan: ProcessPlan, stage: number): Promise<void> {
    const process = this.spawn(plan);
    (this.stages[stage] ??= []).push(plan.name);
    await process.untilReady();
    void this.lookAfter(process);
  }

  /** Runs a process that is to end by itself; throws with its last words unless it ends well. */
  async run(plan: ProcessPlan): Promise<void> {
    const process = this.spawn(plan);
    const ending = await process.ended;
    this.forget(process);
    if (ending.code === 0) return;
    throw new CannotStart(`${plan.name} failed (${describeEnding(ending)}):\n${process.tail}`);
  }

  /** Stops everything, the latest stage first. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const stage of [...this.stages].reverse()) {
      const running = stage.flatMap((name) => this.processes.get(name) ?? []).filter((process) => process.isRunning);
      if (running.length === 0) continue;
      this.events.say(`Stopping ${running.map(({ plan }) => plan.name).join(' and ')}…`);
      await Promise.all(running.map((process) => process.stop()));
    }
    await Promise.all([...this.processes.values()].map((process) => process.stop()));
    this.processes.clear();
    this.record();
  }

  pidOf(name: string): number {
    const pid = this.processes.get(name)?.pid;
    if (pid === undefined) throw new Error(`${name} does not run.`);
    return pid;
  }

  /** Ends everything at once: for somebody who does not want to wait for `stop`. */
  force(): void {
    for (const process of this.processes.values()) process.force();
  }

  private spawn(plan: ProcessPlan): LocalProcess {
    if (this.stopping) throw new CannotStart('Stopped before it was up.');
    const process = new LocalProcess(plan, (line) => this.events.line(plan.name, line));
    this.processes.set(plan.name, process);
    this.record();
    return process;
  }

  private forget({ plan }: LocalProcess): void {
    this.processes.delete(plan.name);
    this.record();
  }

  private async lookAfter(process: LocalProcess, failures = 0): Promise<void> {
    const start = Date.now();
    const ending = await process.ended;
    if (this.stopping) return;
    const { plan } = process;
    const earlier = Date.now() - start > recoveredAfter ? 0 : failures;
    const wait = Math.min(firstWait * 2 ** earlier, longestWait);
    this.events.say(`${plan.name} ended (${describeEnding(ending)}). Starting it again in ${wait / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (this.stopping) return;
    const next = this.spawn(plan);
    void this.tellWhenBack(next);
    return this.lookAfter(next, earlier + 1);
  }

  private async tellWhenBack(process: LocalProcess): Promise<void> {
    try {
      await process.untilReady();
      this.events.say(`${process.plan.name} is back.`);
    } catch (error) {
      if (!this.stopping) this.events.say(messageOf(error));
      // One that is up but of no use is started again too.
      process.force();
    }
  }

  private record(): void {
    const running = [...this.processes.values()].flatMap(({ plan, known }) => (known ? [[plan.name, known]] : []));
    this.events.running(Object.fromEntries(running) as Record<string, KnownProcess>);
  }
}
