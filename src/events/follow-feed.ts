import { setTimeout as delay } from 'node:timers/promises';
import { gone } from '../errors';
import type { Resources } from '../resources';
import { type FeedFilter, readFeed } from './event-feed.store';
import type { EventRow } from './events.store';

export interface FeedQuestion {
  filter: FeedFilter;
  /** The position to go on from; undefined: the oldest that is kept. */
  after: number | undefined;
  limit: number;
  waitMs: number;
}

export interface FeedAnswer {
  rows: EventRow[];
  /** Where to go on: as far as was looked, however few were found. */
  next: number;
}

/** A question looks through entries that do not fit for this long, then it answers where it has come to. */
const patienceMs = 500;
/** A reader that waits looks again this seldom, however much comes in … */
const restMs = 100;
/** … and this often, in case a notification was lost. */
const pollMs = 5000;

/**
 * What comes after a position. With time to wait, an empty page is put off until something fits, the time is over, the caller
 * is gone or the process ends. Throws gone where retention has removed what came after the position.
 */
export async function followFeed(
  question: FeedQuestion,
  { db, feed }: Pick<Resources, 'db' | 'feed'>,
  signal: AbortSignal,
): Promise<FeedAnswer> {
  if (question.waitMs === 0) return look(question, db);
  return feed.within(async () => {
    const end = performance.now() + question.waitMs;
    let { after } = question;
    for (;;) {
      // Before looking: what comes in while looking ends the wait at once.
      const ended = new AbortController();
      const rung = feed.next(
        Math.min(pollMs, Math.max(0, end - performance.now())),
        AbortSignal.any([signal, ended.signal]),
      );
      const answer = await look({ ...question, after }, db).finally(() => undefined);
      const isOver = performance.now() >= end || signal.aborted || feed.isStopped;
      if (answer.rows.length > 0 || isOver) {
        ended.abort();
        return answer;
      }
      after = answer.next;
      await rung;
      await delay(restMs);
    }
  });
}

async function look({ filter, after, limit }: FeedQuestion, db: Resources['db']): Promise<FeedAnswer> {
  const rows: EventRow[] = [];
  const until = performance.now() + patienceMs;
  let next = after ?? 0;
  for (;;) {
    const slice = await readFeed(db, filter, next, limit - rows.length);
    if (after !== undefined && after < slice.prunedThrough) throw tooOld();
    rows.push(...slice.rows);
    next = slice.upTo;
    if (slice.isEnd || rows.length >= limit || performance.now() > until) return { rows, next };
  }
}

const tooOld = () =>
  gone('What followed this cursor is no longer kept; begin without after, and expect that something is missing.', {
    code: 'cursor_expired',
  });
