import { readdirSync, readFileSync } from 'node:fs';

/** Ms on the clock that all processes of a machine share (CLOCK_MONOTONIC), so that one's times can be set against another's. */
export const sharedNow = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Linux counts CPU time in hundredths of a second, whatever its kernel's own tick is. */
const msPerTick = 10;

interface Times {
  parent: number;
  /** In user mode and in the kernel. */
  own: number;
  /** Of children that have ended. */
  ended: number;
}

/** CPU time in ms of a process since its start. */
export const cpuOf = (pid: number): number => timesOf(pid)?.own ?? 0;

/** CPU time in ms of a server that forks: its own, and that of its children, those that have ended included. */
export function cpuOfFamily(pid: number): number {
  const parent = timesOf(pid);
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => timesOf(Number(name)))
    .filter((times) => times?.parent === pid);
  return (parent?.own ?? 0) + (parent?.ended ?? 0) + children.reduce((sum, times) => sum + (times?.own ?? 0), 0);
}

/** Undefined when the process has ended. proc_pid_stat(5): its second field may hold spaces, so counted from behind it. */
function timesOf(pid: number): Times | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = line
      .slice(line.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [user = 0, kernel = 0, endedUser = 0, endedKernel = 0] = fields.slice(11, 15);
    return {
      parent: fields[1] ?? 0,
      own: (user + kernel) * msPerTick,
      ended: (endedUser + endedKernel) * msPerTick,
    };
  } catch {
    return undefined;
  }
}
