import { setTimeout as delay } from 'node:timers/promises';
import { readActivity } from '../caliper/activity.rules';
import { type EventPosition, listEvents, readReceiptClock } from '../caliper/events.store';
import type { Database } from '../database/connection';
import { unavailable } from '../errors';
import { findNextOwnProgram } from '../events/event-programs.store';
import { findCurrentAt, findLastPosition, listTypesBetween } from '../events/stored-events.store';
import type { Resources } from '../resources';
import { type CompletionMapping, type CompletionReader, defaultMapping, readerOf } from './completion-mapping.rules';
import {
  completionsChannel,
  type CompletionToQueue,
  isQueueFull,
  listQueueWriters,
  queueCompletions,
} from './completion-queue.store';

/** How far an application's stored events have been asked what they complete. */
export interface CollectionPlace {
  /** The end: what was stored later was queued with its event. */
  until: {
    /** In the feed of the event store. */
    position: number;
    /** When the hub received a Caliper event, in ms since 1970. */
    receivedAt: number;
  };
  at: FeedPlace | CaliperPlace;
}

interface FeedPlace {
  door: 'events';
  programId: string;
  /** In the program; 0: it is done, and the next one's turn. */
  position: number;
}

interface CaliperPlace {
  door: 'caliper';
  /** Where the older ones begin; at first all are. */
  after?: EventPosition;
}

/** Revisions of the event store that are looked at by their type in a page, and those that are read: up to 256 KiB each. */
const feedPage = { looked: 1000, read: 100 };
const caliperPage = { limit: 500, maxBytes: 4 * 1024 * 1024 };
/** Of an application, when the collection waits for those before it to be recorded. */
const maxQueued = 1000;
const pagesPerCall = 50;
const waitMs = 100;
const writersPatienceMs = 10_000;

/**
 * Where a collection begins, once nothing can escape it; the application's mapping is committed. Whoever writes an event that
 * completes something looks for the mapping in their statement's snapshot, and Postgres locks `completion_queue` for them
 * before it takes that. So all who have not seen the mapping hold that lock now, or are done. Once they have ended, their
 * events are there to be found, and everybody else queues theirs (docs/decisions/0020-events-from-before.md). Throws
 * unavailable while one goes on.
 */
export async function startCollection({ db }: Pick<Resources, 'db'>, beat: () => void): Promise<CollectionPlace> {
  await untilWritersEnd(db, beat);
  const receivedAt = (await readReceiptClock(db)).getTime();
  const until = { position: await findLastPosition(db), receivedAt };
  return { until, at: { door: 'events', programId: '', position: 0 } };
}

async function untilWritersEnd(db: Database, beat: () => void): Promise<void> {
  const patience = Date.now() + writersPatienceMs;
  let writers = await listQueueWriters(db);
  while (writers.length > 0) {
    if (Date.now() > patience) throw unavailable('Events from before are still being written; trying again.');
    beat();
    await delay(waitMs);
    const now = new Set(await listQueueWriters(db));
    writers = writers.filter((writer) => now.has(writer));
  }
}

export interface Collection {
  applicationId: string;
  /** By which the events are asked; the default unless given. */
  mapping?: CompletionMapping;
  place: CollectionPlace;
}

/** Queues what some of the stored events complete; answers where to go on, null when all have been asked. May be repeated. */
export async function collectSome(
  { applicationId, mapping = defaultMapping, place }: Collection,
  { db, wake }: Pick<Resources, 'db' | 'wake'>,
  beat: () => void,
): Promise<CollectionPlace | null> {
  const source = { db, applicationId, reader: readerOf(mapping) };
  let next: CollectionPlace | null = place;
  for (let turn = 0; next !== null && turn < pagesPerCall; turn += 1) {
    beat();
    if (await isQueueFull(db, applicationId, maxQueued)) {
      await delay(waitMs);
      continue;
    }
    const page = await readPage(source, next);
    if (page.completions.length > 0) {
      await queueCompletions(db, applicationId, page.completions);
      wake(completionsChannel);
    }
    next = page.next && { until: place.until, at: page.next };
  }
  return next;
}

interface Source {
  db: Database;
  applicationId: string;
  reader: CompletionReader;
}

interface Page {
  completions: CompletionToQueue[];
  next: CollectionPlace['at'] | null;
}

const readPage = (source: Source, { until, at }: CollectionPlace): Promise<Page> =>
  at.door === 'events' ? readFeedPage(source, at, until.position) : readCaliperPage(source, at, until.receivedAt);

/** Of one of the application's own programs. */
async function readFeedPage({ db, applicationId, reader }: Source, at: FeedPlace, until: number): Promise<Page> {
  const programId = at.position > 0 ? at.programId : await findNextOwnProgram(db, applicationId, at.programId);
  if (programId === undefined) return { completions: [], next: { door: 'caliper' } };
  const looked = await listTypesBetween(db, programId, { after: at.position, until }, feedPage.looked);
  const completing = looked.filter(({ event_type }) => reader.isCompletingType(event_type));
  const read = completing.slice(0, feedPage.read);
  const isEnd = looked.length < feedPage.looked && read.length === completing.length;
  const last = read.length < completing.length ? read.at(-1) : looked.at(-1);
  const events = await findCurrentAt(
    db,
    read.map(({ position }) => position),
  );
  return {
    completions: events.flatMap(({ event_id, member_id, event_type, data, ends_at }) => {
      const told = reader.ofEvent({ ProgramMemberId: member_id, EventType: event_type, EventData: data! });
      return told ? [{ door: 'events', event_id, completed_at: ends_at, ...told }] : [];
    }),
    next: { door: 'events', programId, position: isEnd ? 0 : last!.position },
  };
}

async function readCaliperPage(
  { db, applicationId, reader }: Source,
  { after }: CaliperPlace,
  until: number,
): Promise<Page> {
  const { rows, hasMore } = await listEvents(db, { applicationId }, { after, offset: 0, ...caliperPage });
  const last = rows.at(-1);
  return {
    completions: rows.flatMap(({ event_id, event_time, received_at, data }) => {
      if (received_at.getTime() > until) return [];
      const event = JSON.parse(data) as object;
      const told = reader.ofActivity(event, readActivity(event).learner);
      return told ? [{ door: 'caliper', event_id, completed_at: event_time, ...told }] : [];
    }),
    next: hasMore && last ? { door: 'caliper', after: { eventTime: last.event_time, eventId: last.event_id } } : null,
  };
}
