import { randomUUID } from 'node:crypto';
import type { EventList, StoredEvent } from '../../src/caliper/events.schemas';
import type { TotalsList } from '../../src/caliper/totals.schemas';
import { activityEvent, envelopeOf, type Item } from './caliper-events';
import type { TestHub, TestKey } from './hub';

export interface CaliperAnswer {
  status: number;
  body: { status: string; message: string; errors: { index?: number; path: string; reason: string }[] };
}

/** The Caliper door, and the totals, as one key's holder uses them. */
export interface CaliperApi {
  /** A string or bytes are sent as they are, anything else as JSON. */
  send: (body: unknown, headers?: Record<string, string>) => Promise<CaliperAnswer>;
  validate: (body: unknown) => Promise<CaliperAnswer>;
  /** Sends these events in an envelope. */
  events: (...items: readonly unknown[]) => Promise<CaliperAnswer>;
  list: (query?: Record<string, string>) => Promise<EventList>;
  find: (id: string) => Promise<StoredEvent | undefined>;
  totals: (query?: Record<string, string>) => Promise<TotalsList>;
}

export function caliperApi(hub: Pick<TestHub, 'fetch'>, key: TestKey | string): CaliperApi {
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}): Promise<CaliperAnswer> => {
    const response = await hub.fetch(path, {
      method: 'POST',
      key,
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as CaliperAnswer['body'] };
  };
  const get = async <T>(path: string, query: Record<string, string>): Promise<T> => {
    const response = await hub.fetch(`${path}?${new URLSearchParams(query).toString()}`, { key });
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  return {
    send: (body, headers) => post('/caliper/event', body, headers),
    validate: (body) => post('/caliper/event/validate', body),
    events: (...items) => post('/caliper/event', envelopeOf(items)),
    list: (query = {}) => get('/caliper/events', query),
    find: async (id) => {
      const response = await hub.fetch(`/caliper/events/${encodeURIComponent(id)}`, { key });
      return response.status === 404 ? undefined : ((await response.json()) as { event: StoredEvent }).event;
    },
    totals: (query = {}) => get('/hub/v1/totals', query),
  };
}

export const newEventId = (): string => `urn:uuid:${randomUUID()}`;

/** An activity that differs from all others. */
export const newActivity = (more: Item = {}): Item => activityEvent({ id: newEventId(), ...more });

/** An event as it is read again: its id is found as externalId. */
export const asStored = ({ id, ...event }: Item): Item => ({ ...event, externalId: id });
