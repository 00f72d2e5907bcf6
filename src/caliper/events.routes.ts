import { hash } from 'node:crypto';
import { validate as isUuid } from 'uuid';
import { requireApplication } from '../applications/caller';
import { invalid, notFound } from '../errors';
import { readDate } from '../http/dates';
import { encodeCursor, readPage } from '../http/hub-paging';
import { operation } from '../http/operation';
import { defaultLimit, EventList, EventPath, EventQuery, maxTotal, OneEvent, type StoredEvent } from './events.schemas';
import {
  countEvents,
  type EventFilter,
  type EventPosition,
  findEvent,
  listEvents,
  type StoredEventRow,
} from './events.store';

const tag = 'Caliper';
const scopes = ['read', 'read:hub'] as const;

/** A thousand events of a megabyte would be more than a process can hold. */
const maxBytes = 16 * 1024 * 1024;

function presentEvent({ event_id, data, sensor, send_time, received_at }: StoredEventRow): StoredEvent {
  const event = JSON.parse(data) as Pick<StoredEvent, 'type' | 'action' | 'eventTime'> & { id: string }; // Checked when it came.
  return {
    ...event,
    id: numberOf(event_id),
    externalId: event.id,
    sensor,
    sendTime: send_time.toISOString(),
    created_at: received_at.toISOString(),
  };
}

/** Clients of the documented service want a number; 52 bits are one in JSON. Nothing is found by it. */
const numberOf = (eventId: string): number => Number.parseInt(hash('sha256', eventId, 'hex').slice(0, 13), 16);

const filterOf = (applicationId: string, query: EventQuery): EventFilter => ({
  applicationId,
  sensor: query.sensor,
  actorId: query.actorId?.trim(),
  actorEmail: query.actorEmail?.trim().toLowerCase(),
  from: query.startDate === undefined ? undefined : readDate(query.startDate, 'startDate'),
  to: query.endDate === undefined ? undefined : readDate(query.endDate, 'endDate'),
});

const cursorOf = ({ event_time, event_id }: StoredEventRow): string => `${event_time} ${event_id}`;

const cursorPattern = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00) ([\da-f-]{36})$/;

function readCursor(after: string): EventPosition | undefined {
  if (after === '') return undefined;
  const [, eventTime = '', eventId = ''] = cursorPattern.exec(after) ?? [];
  if (!Number.isNaN(Date.parse(`${eventTime.slice(0, 19)}Z`)) && isUuid(eventId)) return { eventTime, eventId };
  throw invalid('after is not the `next` of an earlier page; leave it out to begin at the first.');
}

/** `urn:uuid:` may be left out. Undefined: not the id of any event. */
function uuidOf(externalId: string): string | undefined {
  const uuid = externalId.replace(/^urn:uuid:/i, '').toLowerCase();
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(uuid) ? uuid : undefined;
}

/** What was stored, as the documented service lists it. */
export const eventOperations = [
  operation({
    id: 'listCaliperEvents',
    summary: 'List events, those that happened last first',
    tag,
    method: 'get',
    path: '/caliper/events',
    scopes,
    query: EventQuery,
    status: 200,
    response: EventList,
    handle: async ({ query, caller }, { db }) => {
      const { limit = defaultLimit, offset = 0, after } = query;
      const page = readPage({ limit, ...(after !== undefined && { after }) });
      const filter = filterOf(requireApplication(caller), query);
      const [{ rows, hasMore }, total] = await Promise.all([
        listEvents(db, filter, { after: readCursor(page.after), offset, limit, maxBytes }),
        countEvents(db, filter, maxTotal),
      ]);
      const last = rows.at(-1);
      const pagination = {
        total,
        totalPages: Math.ceil(total / limit),
        currentPage: Math.floor(offset / limit) + 1,
        limit,
      };
      const next = hasMore && last ? { next: encodeCursor(cursorOf(last)) } : {};
      return { events: rows.map(presentEvent), pagination, ...next };
    },
  }),
  operation({
    id: 'getCaliperEvent',
    summary: 'Read an event',
    tag,
    method: 'get',
    path: '/caliper/events/{externalId}',
    scopes,
    params: EventPath,
    status: 200,
    response: OneEvent,
    errors: ['not-found'],
    handle: async ({ params: { externalId }, caller }, { db }) => {
      const uuid = uuidOf(externalId);
      const row = uuid === undefined ? undefined : await findEvent(db, requireApplication(caller), uuid);
      if (!row) throw notFound(`There is no event ${externalId}.`);
      return { event: presentEvent(row) };
    },
  }),
];
