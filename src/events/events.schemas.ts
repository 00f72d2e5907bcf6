import { type Static, Type } from '@sinclair/typebox';
import { pageQuery } from '../http/hub-paging';
import { ProgramId } from './event-programs.schemas';
import { EventTypeName } from './event-types.schemas';

const EventId = Type.String({ minLength: 1, maxLength: 200 });
const MemberId = Type.String({ minLength: 1, maxLength: 200 });
const timeText = 'UTC, ISO 8601, with or without Z; kept to the millisecond';
const Time = (description: string) => Type.String({ minLength: 10, maxLength: 60, description });
const Data = Type.Object({}, { additionalProperties: true, description: 'Up to 256 KiB, nested up to 100 deep' });

export const EventPath = Type.Object({ eventId: EventId });

/** The document's payload of PUT /events/{eventId}, and nothing else. */
export const NewEvent = Type.Object(
  {
    ProgramId,
    ProgramMemberId: MemberId,
    EventType: EventTypeName,
    EventStartUTC: Time(`When it occurred or began: ${timeText}`),
    EventEndUTC: Time(`When it ended, or the same again: ${timeText}`),
    EventData: Data,
    ReferenceEventId: Type.Optional(
      Type.Union([EventId, Type.Null()], { description: 'Another event, which may be still to come' }),
    ),
  },
  { additionalProperties: false },
);
export type NewEvent = Static<typeof NewEvent>;

const dateTime = Type.String({ format: 'date-time' });
const taken = {
  EventId: Type.String(),
  ProgramId: Type.String(),
  Revision: Type.Integer({ minimum: 1 }),
  ReceivedUTC: Type.String({ format: 'date-time', description: 'When the store took this revision in' }),
};

export const Event = Type.Object({
  ...taken,
  ProgramMemberId: Type.String(),
  EventType: Type.String(),
  EventStartUTC: dateTime,
  EventEndUTC: dateTime,
  EventData: Type.Object({}, { additionalProperties: true }),
  ReferenceEventId: Type.Optional(Type.String()),
});
export type Event = Static<typeof Event>;

const Tombstone = Type.Object({ ...taken, Deleted: Type.Literal(true) });

/** One change: an event as it was put, or that it was deleted, which says no more than which. */
export const FeedEntry = Type.Union([
  Type.Intersect([Event, Type.Object({ Deleted: Type.Literal(false) })]),
  Tombstone,
]);
export type FeedEntry = Static<typeof FeedEntry>;

export const maxWaitSeconds = 30;

export const FeedQuery = Type.Object({
  after: Type.Optional(
    Type.String({ maxLength: 200, pattern: '^[A-Za-z0-9_-]+$', description: 'The `next` of the answer before' }),
  ),
  limit: pageQuery.limit,
  ProgramId: Type.Optional(ProgramId),
  EventType: Type.Optional(EventTypeName),
  ProgramMemberId: Type.Optional(MemberId),
  ReferenceEventId: Type.Optional(EventId),
  from: Type.Optional(Type.String({ maxLength: 60, description: 'EventStartUTC at or after this time' })),
  to: Type.Optional(Type.String({ maxLength: 60, description: 'EventStartUTC before this time' })),
  wait: Type.Optional(
    Type.Integer({ minimum: 0, maximum: maxWaitSeconds, description: 'Seconds to wait where there is nothing yet' }),
  ),
});
export type FeedQuery = Static<typeof FeedQuery>;

export const FeedPage = Type.Object({
  events: Type.Array(FeedEntry),
  next: Type.String({ description: 'On every page, also an empty one: to be sent as `after`' }),
});

export const EventPageQuery = Type.Object(pageQuery);

export const RevisionList = Type.Object({
  revisions: Type.Array(FeedEntry),
  next: Type.Optional(Type.String()),
});

export const ReferenceList = Type.Object({ events: Type.Array(Event), next: Type.Optional(Type.String()) });
