import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * What tells a process from a later one that was given the same number: when it started. Undefined when none runs under
 * this number. Kept beside every pid that outlives us in a file, so that nobody else's process is ever signalled.
 */
export function identityOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      // Field 22 of proc_pid_stat(5): ticks since boot. A zombie has ended.
      return state === 'Z' || state === 'X' ? undefined : `${bootId()} ${fields[18]}`;
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** A process as a file remembers it. */
export interface KnownProcess {
  pid: number;
  identity: string;
}

export const isRunning = ({ pid, identity }: KnownProcess): boolean => identityOf(pid) === identity;

/** This process, as another one can recognise it later. */
export const self = (): KnownProcess => ({ pid: process.pid, identity: identityOf(process.pid) ?? '' });

/** Sends a signal unless the process has ended. */
export function signalIfRunning(known: KnownProcess, signal: NodeJS.Signals): void {
  if (!isRunning(known)) return;
  try {
    process.kill(known.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Waits until the process has ended; false when it has not within `milliseconds`. */
export async function endsWithin(known: KnownProcess, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (isRunning(known)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
