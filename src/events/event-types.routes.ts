import { Type } from '@sinclair/typebox';
import { notFound } from '../errors';
import { pageOf, pageQuery, readPage } from '../http/hub-paging';
import { operation } from '../http/operation';
import { compileSchema } from './compile-schema';
import { EventType, EventTypeChange, EventTypeList, EventTypePath } from './event-types.schemas';
import { deleteEventType, type EventTypeRow, findEventType, listEventTypes, putEventType } from './event-types.store';

const tag = 'Hub: event types';
const PageQuery = Type.Object(pageQuery);

const toEventType = ({ created_at, updated_at, ...row }: EventTypeRow): EventType => ({
  ...row,
  created_at: created_at.toISOString(),
  updated_at: updated_at.toISOString(),
});

const typeMissing = (type: string) => notFound(`There is no event type ${type}.`);

/** The types of events that this hub knows; whether others are taken is a setting (`EVENT_TYPES_UNKNOWN`). */
export const eventTypeOperations = [
  operation({
    id: 'listEventTypes',
    summary: 'List the event types that the hub knows',
    tag,
    method: 'get',
    path: '/hub/v1/event-types',
    scopes: ['read', 'read:hub', 'admin'],
    query: PageQuery,
    status: 200,
    response: EventTypeList,
    handle: async ({ query }, { db }) => {
      const page = readPage(query);
      const rows = await listEventTypes(db, page.after, page.limit + 1);
      const { items, ...next } = pageOf(rows, page, ({ type }) => type, toEventType);
      return { event_types: items, ...next };
    },
  }),
  operation({
    id: 'getEventType',
    summary: 'Read one event type',
    tag,
    method: 'get',
    path: '/hub/v1/event-types/{type}',
    scopes: ['read', 'read:hub', 'admin'],
    params: EventTypePath,
    status: 200,
    response: EventType,
    errors: ['not-found'],
    handle: async ({ params: { type } }, { db }) => {
      const row = await findEventType(db, type);
      if (!row) throw typeMissing(type);
      return toEventType(row);
    },
  }),
  operation({
    id: 'putEventType',
    summary: 'Add or change an event type, with a JSON Schema for its EventData if wanted',
    tag,
    method: 'put',
    path: '/hub/v1/event-types/{type}',
    scopes: ['admin'],
    params: EventTypePath,
    body: EventTypeChange,
    status: 200,
    response: EventType,
    handle: async ({ params: { type }, body: { description = '', schema = null } }, { db, eventTypes }) => {
      if (schema !== null) compileSchema(schema);
      const row = await putEventType(db, { type, description, schema });
      eventTypes.forget(type);
      return toEventType(row);
    },
  }),
  operation({
    id: 'deleteEventType',
    summary: 'Remove an event type; events that have it stay',
    tag,
    method: 'delete',
    path: '/hub/v1/event-types/{type}',
    scopes: ['admin'],
    params: EventTypePath,
    status: 204,
    errors: ['not-found'],
    handle: async ({ params: { type } }, { db, eventTypes }) => {
      const wasThere = await deleteEventType(db, type);
      eventTypes.forget(type);
      if (!wasThere) throw typeMissing(type);
      return undefined;
    },
  }),
];
