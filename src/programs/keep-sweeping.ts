import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../errors';
import type { Resources } from '../resources';
import { sweepDeletions } from './sweep-deletions';
import { sweepEnrollments } from './sweep-enrollments';

const everyMs = 60_000;

export interface Sweep {
  stop(): Promise<void>;
}

/** Sweeps every minute until it is stopped. What time brings to enrollments comes, if late, also while Temporal is away. */
export function startSweep(needs: Pick<Resources, 'db' | 'wake' | 'log'>): Sweep {
  const stop = new AbortController();

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      await sweepOnce(needs, stop.signal);
      await delay(everyMs, undefined, { signal: stop.signal }).catch(() => undefined); // Told to stop.
    }
  }

  const running = run();
  return {
    async stop() {
      stop.abort();
      await running;
    },
  };
}

async function sweepOnce({ log, ...needs }: Pick<Resources, 'db' | 'wake' | 'log'>, stop: AbortSignal): Promise<void> {
  try {
    const count = await sweepEnrollments(new Date(), needs, () => stop.aborted);
    if (count > 0) log.warn({ event: 'enrollments.swept', count }, 'wakes that no workflow has seen to');
    const deletions = await sweepDeletions(new Date(), needs, () => stop.aborted);
    if (deletions > 0) {
      log.warn({ event: 'enrollments.deletions_swept', count: deletions }, 'deletions that no workflow has ended');
    }
  } catch (error) {
    log.warn({ event: 'enrollments.sweep', error: messageOf(error) }, 'enrollments could not be swept; trying again');
  }
}
