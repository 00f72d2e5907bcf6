import { invalid } from '../errors';
import { encodeCursor, pageOf, readPage } from '../http/hub-paging';
import { operation, type RequestContext } from '../http/operation';
import { readTags, versionTag } from '../http/preconditions';
import { deleteEvent } from './delete-event';
import { readUtcTime } from './events.rules';
import {
  Event,
  EventPageQuery,
  EventPath,
  FeedPage,
  type FeedQuery,
  FeedQuery as FeedQuerySchema,
  NewEvent,
  ReferenceList,
  RevisionList,
} from './events.schemas';
import { listReferences, listRevisions } from './events.store';
import { followFeed } from './follow-feed';
import { getEvenDeleted, getEvent } from './get-event';
import { presentEntry, presentEvent } from './present-event';
import { readablePrograms } from './program-rights';
import { type Preconditions, putEvent } from './put-event';

const tag = 'Event store';
const readScopes = ['read', 'read:hub'] as const;
const writeScopes = ['write', 'write:hub'] as const;
const conditions = {
  'If-Match': 'The ETag of the revision that is to be changed; `*`: any',
  'If-None-Match': '`*`: only where there is none yet',
};

const preconditionsOf = ({ headers }: RequestContext): Preconditions => ({
  if_match: readTags(headers['if-match']),
  if_none_match: readTags(headers['if-none-match']),
});

/** A place in a list of one event's revisions, or of the feed. */
function readPosition(query: { after?: string; limit?: number }): { position: number | undefined; limit: number } {
  const { after, limit } = readPage(query);
  if (after === '') return { position: undefined, limit };
  if (/^\d{1,16}$/.test(after) && Number.isSafeInteger(Number(after))) return { position: Number(after), limit };
  throw invalid('after is not the `next` of an earlier page; leave it out to begin at the first.');
}

function readBound(text: string | undefined, path: string): Date | undefined {
  const time = text === undefined ? undefined : readUtcTime(text);
  if (text === undefined || time) return time;
  const message = 'must be a date and time in UTC such as 2026-01-31T12:00:00Z';
  throw invalid('The query is not as it should be.', { details: [{ path, message }] });
}

const filterOf = (query: FeedQuery, programs: readonly string[]) => ({
  programs,
  type: query.EventType,
  memberId: query.ProgramMemberId,
  referenceId: query.ReferenceEventId,
  from: readBound(query.from, 'from'),
  to: readBound(query.to, 'to'),
});

/** The event store of the document, and what it leaves to do: pulling. */
export const eventOperations = [
  operation({
    id: 'listEvents',
    summary: 'Follow what the store takes in, of the programs that the application may read',
    tag,
    method: 'get',
    path: '/events',
    scopes: readScopes,
    query: FeedQuerySchema,
    status: 200,
    response: FeedPage,
    errors: ['not-found', 'gone', 'rate-limited'],
    handle: async ({ caller, query, request }, resources) => {
      const { position: after, limit } = readPosition(query);
      const filter = filterOf(query, await readablePrograms(caller, query.ProgramId, resources.db));
      const question = { filter, after, limit, waitMs: (query.wait ?? 0) * 1000 };
      const { rows, next } = await followFeed(question, resources, request.signal());
      return { events: rows.map(presentEntry), next: encodeCursor(String(next)) };
    },
  }),
  operation({
    id: 'putEvent',
    summary: 'Create or update an event; the same again changes nothing',
    tag,
    method: 'put',
    path: '/events/{eventId}',
    isDirect: true,
    scopes: writeScopes,
    params: EventPath,
    headers: conditions,
    body: NewEvent,
    status: 200,
    errors: ['conflict', 'precondition-failed'],
    handle: async ({ caller, params: { eventId }, body, request }, resources) => {
      const revision = await putEvent({ eventId, body, caller, preconditions: preconditionsOf(request) }, resources);
      request.setHeader('Location', `/events/${encodeURIComponent(eventId)}`);
      request.setHeader('ETag', versionTag(revision));
      return undefined;
    },
  }),
  operation({
    id: 'getEvent',
    summary: 'Read an event',
    tag,
    method: 'get',
    path: '/events/{eventId}',
    scopes: readScopes,
    params: EventPath,
    headers: { 'If-None-Match': 'The ETag of the revision that is known already' },
    status: 200,
    response: Event,
    isConditional: true,
    errors: ['not-found'],
    handle: async ({ caller, params: { eventId }, request }, resources) => {
      const row = await getEvent(eventId, caller, resources);
      request.setHeader('ETag', versionTag(row.revision));
      return presentEvent(row);
    },
  }),
  operation({
    id: 'listEventRevisions',
    summary: 'List what an event was, the newest first; of a deleted one too',
    tag,
    method: 'get',
    path: '/events/{eventId}/revisions',
    scopes: readScopes,
    params: EventPath,
    query: EventPageQuery,
    status: 200,
    response: RevisionList,
    errors: ['not-found'],
    handle: async ({ caller, params: { eventId }, query }, resources) => {
      const { position, limit } = readPosition(query);
      await getEvenDeleted(eventId, caller, resources);
      const rows = await listRevisions(resources.db, eventId, position, limit + 1);
      const page = { limit, after: '' };
      const { items, ...next } = pageOf(rows, page, (row) => String(row.position), presentEntry);
      return { revisions: items, ...next };
    },
  }),
  operation({
    id: 'listEventReferences',
    summary: 'List the events that refer to an event, which may be still to come itself',
    tag,
    method: 'get',
    path: '/events/{eventId}/references',
    scopes: readScopes,
    params: EventPath,
    query: EventPageQuery,
    status: 200,
    response: ReferenceList,
    handle: async ({ caller, params: { eventId }, query }, { db }) => {
      const { position = 0, limit } = readPosition(query);
      const programs = await readablePrograms(caller, undefined, db);
      const rows = await listReferences(db, { id: eventId, programs }, position, limit + 1);
      const { items, ...next } = pageOf(rows, { limit, after: '' }, (row) => String(row.position), presentEvent);
      return { events: items, ...next };
    },
  }),
  operation({
    id: 'deleteEvent',
    summary: 'Delete an event; readers of the feed are told',
    tag,
    method: 'delete',
    path: '/events/{eventId}',
    scopes: [...writeScopes, 'delete'],
    params: EventPath,
    headers: { 'If-Match': conditions['If-Match'] },
    status: 204,
    errors: ['not-found', 'conflict', 'precondition-failed'],
    handle: async ({ caller, params: { eventId }, request }, resources) => {
      const preconditions = { if_match: readTags(request.headers['if-match']) };
      await deleteEvent({ eventId, caller, preconditions }, resources);
      return undefined;
    },
  }),
];
