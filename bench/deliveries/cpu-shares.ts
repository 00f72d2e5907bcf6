import { cpuOf, cpuOfFamily } from '../process-times';
import { producersName, type Setup } from './setup';

/** CPU time in ms by who used it. */
export interface CpuShares {
  worker: number;
  /** For the worker: all of Postgres but the producers' sessions. */
  postgres: number;
  temporal: number;
  /** The benchmark's own process, which also keeps the hub's logs as `npm start` does, and its sessions in Postgres. */
  producers: number;
  receiver: number;
}

const none: CpuShares = { worker: 0, postgres: 0, temporal: 0, producers: 0, receiver: 0 };

/** CPU time used since this is called, whenever the answer is. Sessions that the producers open later count as the hub's. */
export async function meterCpu({ stack, db, receiver }: Setup): Promise<() => CpuShares> {
  const { rows } = await db.raw<{ rows: { pid: number }[] }>(
    'select pid from pg_stat_activity where application_name = ?',
    [producersName],
  );
  const read = (): CpuShares => {
    const { user, system } = process.cpuUsage();
    const sessions = rows.reduce((sum, { pid }) => sum + cpuOf(pid), 0);
    return {
      worker: cpuOf(stack.pidOf('worker')),
      postgres: cpuOfFamily(stack.pidOf('Postgres')) - sessions,
      temporal: cpuOf(stack.pidOf('Temporal')),
      producers: (user + system) / 1000 + sessions,
      receiver: cpuOf(receiver.pid),
    };
  };
  const before = read();
  return () => combine(read(), before, (now, then) => now - then);
}

export const perDelivery = (shares: CpuShares, deliveries: number): CpuShares =>
  combine(shares, none, (ms) => ms / deliveries);

function combine(one: CpuShares, other: CpuShares, by: (a: number, b: number) => number): CpuShares {
  return {
    worker: by(one.worker, other.worker),
    postgres: by(one.postgres, other.postgres),
    temporal: by(one.temporal, other.temporal),
    producers: by(one.producers, other.producers),
    receiver: by(one.receiver, other.receiver),
  };
}
