import { createHash } from 'node:crypto';
import type { Transaction } from '../database/connection';
import { listen } from '../database/notifications';
import { isDatabaseUnavailable } from '../database/postgres-errors';
import { Bell } from '../deliveries/bell';
import { messageOf } from '../errors';
import type { Resources } from '../resources';
import { findForeignCourses } from './completion-mapping.store';
import {
  completionsChannel,
  failCompletion,
  findWaiting,
  type QueuedCompletion,
  takeCompletions,
} from './completion-queue.store';
import { type CompletionReport, recordCompletionsIn } from './record-completions';
import { readTold } from './told-completions.rules';
import { changeEnrollments } from './write-enrollments';

const batchSize = 500;
const pollMs = 1000;

type Needs = Pick<Resources, 'db' | 'wake' | 'log'>;

/**
 * Records what events say was completed, of one application in one transaction; answers how many there were. One that cannot
 * be recorded is put aside, and those beside it are not.
 */
export async function recordWaiting(needs: Needs, limit = batchSize, now: Date = new Date()): Promise<number> {
  const { db, log } = needs;
  const applicationId = await findWaiting(db);
  if (applicationId === undefined) return 0;
  let taken: QueuedCompletion[] = [];
  try {
    await changeEnrollments(needs, async (tx) => {
      taken = await takeCompletions(tx, applicationId, limit);
      await recordCompletionsIn(tx, applicationId, await readReports(tx, applicationId, taken), now);
    });
    return taken.length;
  } catch (error) {
    const [first] = taken;
    if (!first || isDatabaseUnavailable(error)) throw error;
    if (taken.length > 1) return recordWaiting(needs, Math.ceil(taken.length / 2), now);
    log.error(
      { event: 'completions.failed', applicationId, completion: first.id, error },
      'it is kept in completion_queue',
    );
    await failCompletion(db, first.id);
    return 1;
  }
}

/** What the application calls by another name is meant by no other; else a course is known as it was sent, or by its end. */
async function readReports(
  tx: Transaction,
  applicationId: string,
  taken: readonly QueuedCompletion[],
): Promise<CompletionReport[]> {
  const read = taken.map((told) => ({ told, meant: readTold(told.door, told) }));
  const named = [...new Set(read.flatMap(({ meant }) => meant?.courses ?? []))];
  const own = await findForeignCourses(tx, applicationId, named);
  return read.flatMap(({ told, meant }) => {
    if (!meant) return [];
    const { learner, courses } = meant;
    const foreign = courses.find((course) => own.has(course));
    return (foreign === undefined ? courses : [own.get(foreign)!]).map((courseId) => ({
      learner,
      courseId,
      completedAt: told.completed_at,
      door: told.door,
      sourceId: sourceOf(told, courseId),
    }));
  });
}

/** An event that changes completes again only where it comes to name another learner or course. */
function sourceOf({ event_id, email, learner }: QueuedCompletion, courseId: string): string {
  const what = JSON.stringify([email?.toLowerCase(), learner?.toLowerCase(), courseId]);
  return `${event_id} ${createHash('sha256').update(what).digest('base64url').slice(0, 22)}`;
}

export interface CompletionRelay {
  stop(): Promise<void>;
}

/** Records completions as events that tell of them are committed. Any number of workers may run it. */
export function startCompletionRelay({ databaseUrl, ...needs }: Needs & { databaseUrl: string }): CompletionRelay {
  const bell = new Bell();
  const stop = new AbortController();
  const listener = listen(databaseUrl, [completionsChannel], bell.ring, needs.log);

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      const recorded = await recordWaiting(needs).catch((error: unknown) => {
        needs.log.warn({ event: 'completions.relay', error: messageOf(error) }, 'completions wait; trying again');
        return 0;
      });
      if (recorded === 0 && !stop.signal.aborted) await bell.wait(pollMs);
    }
  }

  const running = run();
  return {
    async stop() {
      stop.abort();
      bell.ring();
      await Promise.all([running, listener.close()]);
    },
  };
}
