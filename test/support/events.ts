import type { TestHub, TestKey } from './hub';

export interface EventBody {
  [member: string]: unknown;
}

export interface Entry {
  EventId: string;
  ProgramId: string;
  Revision: number;
  Deleted: boolean;
  EventData?: Record<string, unknown>;
  EventType?: string;
}

export interface Page {
  events: Entry[];
  next: string;
}

/** The document's payload, of a program. */
export const eventOf = (program: string, members: EventBody = {}): EventBody => ({
  ProgramId: program,
  ProgramMemberId: 'joebob@example.com',
  EventType: 'AI_COMP_SUCCESS',
  EventStartUTC: '2026-01-31T12:00:00Z',
  EventEndUTC: '2026-01-31T12:30:00Z',
  EventData: { courseId: 'golf', score: 0.9 },
  ...members,
});

/** The event store as a partner's program calls it. */
export function eventStore(hub: TestHub, key: TestKey | string) {
  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    hub.fetch(path, {
      method,
      key,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  const path = (id: string, rest = ''): string => `/events/${encodeURIComponent(id)}${rest}`;
  return {
    call,
    put: (id: string, body: unknown, headers?: Record<string, string>) => call('PUT', path(id), body, headers),
    get: (id: string, headers?: Record<string, string>) => call('GET', path(id), undefined, headers),
    delete: (id: string, headers?: Record<string, string>) => call('DELETE', path(id), undefined, headers),
    list: async <T>(id: string, rest: string): Promise<T> => (await (await call('GET', path(id, rest))).json()) as T,
    feed: async (query: Record<string, string | number> = {}): Promise<Page> => {
      const search = new URLSearchParams(
        Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
      );
      const answer = await call('GET', `/events?${search.toString()}`);
      if (answer.status !== 200) throw new Error(`GET /events: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as Page;
    },
  };
}
