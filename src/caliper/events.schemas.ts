import { type Static, Type } from '@sinclair/typebox';
import { maxIriLength } from './formats.rules';

const text = (description: string, maxLength = maxIriLength) =>
  Type.Optional(Type.String({ minLength: 1, maxLength, description }));
const time = (description: string) => text(`${description} (RFC 3339, or a day)`, 50);

/** Further than this a list is read with `after`. */
export const maxOffset = 10_000;
/** Counting stops here. */
export const maxTotal = 10_000;
export const defaultLimit = 100;

export const EventQuery = Type.Object({
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, default: defaultLimit, description: 'Events a page' }),
  ),
  offset: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: maxOffset,
      default: 0,
      description: 'Events to leave out; further on, use after',
    }),
  ),
  after: Type.Optional(
    Type.String({
      maxLength: 2000,
      pattern: '^[A-Za-z0-9_-]+$',
      description: 'The `next` of the page before: goes on where it ended, whatever came since',
    }),
  ),
  sensor: text('Of the envelope they came in'),
  startDate: time('Happened at this time or later'),
  endDate: time('Happened at this time or before'),
  actorId: text('The actor’s IRI'),
  actorEmail: text('The actor’s, in any case', 320),
});
export type EventQuery = Static<typeof EventQuery>;

/** An event as it came, but for its id, and what the hub knows of it besides: as the documented service's own client reads it. */
export const StoredEvent = Type.Object(
  {
    id: Type.Integer({ description: 'A number made of externalId' }),
    externalId: Type.String({ description: 'Its id as it was sent, for the path of an event' }),
    sensor: Type.String({ description: 'Of the envelope it came in' }),
    sendTime: Type.String({ format: 'date-time', description: 'Of the envelope it came in' }),
    created_at: Type.String({ format: 'date-time', description: 'When it was stored' }),
    type: Type.String(),
    action: Type.String(),
    eventTime: Type.String(),
  },
  { additionalProperties: true },
);
export type StoredEvent = Static<typeof StoredEvent>;

export const EventList = Type.Object({
  events: Type.Array(StoredEvent),
  pagination: Type.Object({
    total: Type.Integer({ description: `Counted up to ${maxTotal}` }),
    totalPages: Type.Integer(),
    currentPage: Type.Integer({ description: 'From 1, by offset and limit' }),
    limit: Type.Integer(),
  }),
  next: Type.Optional(Type.String({ description: 'For `after`, when there are more' })),
});
export type EventList = Static<typeof EventList>;

export const EventPath = Type.Object({
  externalId: Type.String({ minLength: 1, maxLength: 200, description: '`urn:uuid:` and a UUID, or the UUID' }),
});
export const OneEvent = Type.Object({ event: StoredEvent });
