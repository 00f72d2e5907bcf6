import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { LocalProcess, type Ending, type ProcessPlan } from '../../src/local/local-process';

export { freePort } from '../../src/local/ports';

const root = path.resolve(__dirname, '../..');

export interface ProcessOptions {
  /** An entry of the build, for instance `src/worker`. */
  entry: string;
  args?: string[];
  /** Added to the tests' own environment. */
  env: Record<string, string>;
  /** The api is ready when this address answers 200. */
  readyUrl?: string;
  /** The worker is ready when it prints a log line with this `event`. Without either, the process is ready at once. */
  readyEvent?: string;
}

/** A process of the hub as it runs in production, in its own group, with what it printed. */
export interface TestProcess {
  readonly pid: number;
  readonly lines: readonly string[];
  /** Ends it as an operator or the system would, and waits until it is gone. */
  kill: (signal?: NodeJS.Signals) => Promise<Ending>;
  readonly ended: Promise<Ending>;
  /** Resolves with the first line, printed already or still to come, that matches. */
  line: (matches: (line: string) => boolean) => Promise<string>;
}

let built: Promise<unknown> | undefined;

/** When Jest was started by itself, dist/ may be older than the sources; `npm test` has built already. */
function ensureBuilt(): Promise<unknown> {
  const script = "require('./scripts/build').ensureBuilt()";
  built ??= promisify(execFile)(process.execPath, ['-e', script], { cwd: root });
  return built;
}

/** Runs an entry of the build as a real process; resolves when it is ready. It ends with the tests, however they end. */
export async function startProcess(options: ProcessOptions): Promise<TestProcess> {
  await ensureBuilt();
  const lines: string[] = [];
  const waiting = new Set<(line: string) => void>();
  const started = new LocalProcess(planFor(options), (line) => {
    lines.push(line);
    for (const tell of waiting) tell(line);
  });
  await started.untilReady().catch(async (error: unknown) => {
    started.signal('SIGKILL');
    await started.ended;
    throw error;
  });
  return {
    pid: started.pid ?? 0,
    lines,
    ended: started.ended,
    kill(signal = 'SIGKILL') {
      started.signal(signal);
      return started.ended;
    },
    line: (matches) =>
      new Promise((resolve) => {
        const printed = lines.find(matches);
        if (printed !== undefined) return resolve(printed);
        const tell = (line: string): void => {
          if (!matches(line)) return;
          waiting.delete(tell);
          resolve(line);
        };
        waiting.add(tell);
      }),
  };
}

function planFor({ entry, args = [], env, readyUrl, readyEvent }: ProcessOptions): ProcessPlan {
  return {
    name: entry,
    command: process.execPath,
    args: ['--enable-source-maps', path.join(root, 'dist', `${entry}.js`), ...args],
    // The player of an api listens anywhere: several test files may run at once.
    env: { ...process.env, PLAYER_PORT: '0', ...env, HUB_PARENT: String(process.pid) },
    ...(readyUrl ? { isReady: async () => (await fetch(readyUrl)).ok } : {}),
    ...(readyEvent ? { isReadyLine: (line) => eventOf(line) === readyEvent } : {}),
    readyWithin: 30_000,
    stopSignal: 'SIGTERM',
    graceMs: 30_000,
    forceSignal: 'SIGKILL',
    ownGroup: false,
  };
}

/** The `event` of a JSON log line. */
export function eventOf(line: string): unknown {
  try {
    return (JSON.parse(line) as { event?: unknown }).event;
  } catch {
    return undefined;
  }
}
