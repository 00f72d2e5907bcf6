import { showTime } from './events.rules';
import type { Event, FeedEntry } from './events.schemas';
import type { EventRow } from './events.store';

/** A position is when the store took the revision in, in microseconds. */
const receivedAt = (position: number): Date => new Date(Math.floor(position / 1000));

/** An event that was not deleted, as readers see it. */
export const presentEvent = (row: EventRow): Event => ({
  EventId: row.event_id,
  ProgramId: row.program_id,
  ProgramMemberId: row.member_id,
  EventType: row.event_type,
  EventStartUTC: showTime(row.starts_at),
  EventEndUTC: showTime(row.ends_at),
  EventData: row.data ?? {},
  ...(row.reference_id === null ? {} : { ReferenceEventId: row.reference_id }),
  Revision: row.revision,
  ReceivedUTC: receivedAt(row.position).toISOString(),
});

/** A change; of a deletion no more than which event it was. */
export const presentEntry = (row: EventRow): FeedEntry =>
  row.deleted
    ? {
        EventId: row.event_id,
        ProgramId: row.program_id,
        Revision: row.revision,
        ReceivedUTC: receivedAt(row.position).toISOString(),
        Deleted: true,
      }
    : { ...presentEvent(row), Deleted: false };
