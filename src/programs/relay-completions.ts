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
import { findUids, lockIdentities } from './learners.store';
import { type CompletionReport, recordCompletionsIn } from './record-completions';
import { readTold } from './told-completions.rules';
import { changeEnrollments } from './write-enrollments';

const batchSize = 500;
const pollMs = 1000;

type Needs = Pick<Resources, 'db' | 'wake' | 'log'>;

/**
 * Records what events and launches say was completed, of one application in one transaction; answers how many there were. One that cannot
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

type Told = QueuedCompletion & { door: 'caliper' | 'events' };
type Launched = QueuedCompletion & { door: 'launch' };

const isLaunched = (completion: QueuedCompletion): completion is Launched => completion.door === 'launch';
const isTold = (completion: QueuedCompletion): completion is Told => completion.door !== 'launch';

const readReports = async (
  tx: Transaction,
  applicationId: string,
  taken: readonly QueuedCompletion[],
): Promise<CompletionReport[]> => [
  ...(await readTolds(tx, applicationId, taken.filter(isTold))),
  ...(await readLaunches(tx, applicationId, taken.filter(isLaunched))),
];

/** What the application calls by another name is meant by no other; else a course is known as it was sent, or by its end. */
async function readTolds(tx: Transaction, applicationId: string, taken: readonly Told[]): Promise<CompletionReport[]> {
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

/** What learners launched who are still there. None of them is deleted before the commit. */
async function readLaunches(
  tx: Transaction,
  applicationId: string,
  taken: readonly Launched[],
): Promise<CompletionReport[]> {
  if (taken.length === 0) return [];
  await lockIdentities(tx, applicationId, 'shared');
  const launched = taken.map((one) => ({ ...one, learnerId: Number(one.learner) }));
  const there = await findUids(
    tx,
    launched.map(({ learnerId }) => learnerId),
  );
  return launched
    .filter(({ learnerId }) => there.has(learnerId))
    .map(({ learnerId, course, completed_at, door, event_id }) => ({
      learner: { id: learnerId },
      courseId: course,
      completedAt: completed_at,
      door,
      sourceId: event_id,
    }));
}

/** An event that changes completes again only where it comes to name another learner or course. */
function sourceOf({ event_id, email, learner }: Told, courseId: string): string {
  const what = JSON.stringify([email?.toLowerCase(), learner?.toLowerCase(), courseId]);
  return `${event_id} ${createHash('sha256').update(what).digest('base64url').slice(0, 22)}`;
}

export interface CompletionRelay {
  stop(): Promise<void>;
}

/** Records completions as what tells of them is committed. Any number of workers may run it. */
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
