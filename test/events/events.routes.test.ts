import { eventOf, eventStore, type Page } from '../support/events';
import { startHub, type TestHub, type TestKey } from '../support/hub';

let hub: TestHub;
let key: TestKey;
let other: TestKey;
let store: ReturnType<typeof eventStore>;

beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey({ programs: ['FOO'] });
  other = await hub.newKey({ programs: ['BAR'] });
  store = eventStore(hub, key);
});
afterAll(() => hub.close());

let count = 0;
const newId = (): string => `FOO-${(count += 1)}`;

async function published(members: Record<string, unknown> = {}): Promise<string> {
  const id = newId();
  const answer = await store.put(id, eventOf('FOO', members));
  expect({ status: answer.status, body: await answer.text() }).toEqual({ status: 200, body: '' });
  return id;
}

const problemsOf = async (answer: Response): Promise<string[]> =>
  ((await answer.json()) as { errors?: { path: string }[] }).errors?.map(({ path }) => path) ?? [];

describe('PUT /events/{eventId}', () => {
  it('creates and updates: 200 with Location and an empty body both times', async () => {
    const id = newId();
    for (const score of [1, 2]) {
      const answer = await store.put(id, eventOf('FOO', { EventData: { score } }));
      expect(answer.status).toBe(200);
      expect(answer.headers.get('location')).toBe(`/events/${id}`);
      expect(answer.headers.get('content-length')).toBe('0');
      expect(answer.headers.get('content-type')).toBeNull();
      expect(await answer.text()).toBe('');
    }
    expect(await (await store.get(id)).json()).toMatchObject({ Revision: 2, EventData: { score: 2 } });
  });

  it('changes nothing with the same content again, whatever the order of its members', async () => {
    const id = await published({ EventData: { a: 1, b: { c: [1, { d: 2, e: 3 }] } } });
    const { next } = await store.feed();
    const reordered = Object.fromEntries(
      Object.entries(eventOf('FOO', { EventData: { b: { c: [1, { e: 3, d: 2 }] }, a: 1 } })).toReversed(),
    );
    expect((await store.put(id, reordered)).status).toBe(200);
    expect((await store.put(id, { ...reordered, EventStartUTC: '2026-01-31 12:00:00.000000' })).status).toBe(200);
    expect(await (await store.get(id)).json()).toMatchObject({ Revision: 1 });
    expect((await store.feed({ after: next })).events).toEqual([]);
    expect((await store.put(id, eventOf('FOO', { EventData: { a: 1, b: { c: [{ d: 2, e: 3 }, 1] } } }))).status).toBe(
      200,
    );
    expect(await (await store.get(id)).json()).toMatchObject({ Revision: 2 });
  });

  it.each([
    ['2017-12-31T07:00:00Z', '2017-12-31T07:00:00Z'],
    ['2017-12-31T07:00:00', '2017-12-31T07:00:00Z'],
    ['2017-12-31 07:00:00', '2017-12-31T07:00:00Z'],
    ['2017-12-31T07:00', '2017-12-31T07:00:00Z'],
    ['2017-12-31t07:00:00.5z', '2017-12-31T07:00:00.500Z'],
    ['2017-12-31T07:00:00.123456789', '2017-12-31T07:00:00.123Z'],
    ['2017-12-31T07:00:00+00:00', '2017-12-31T07:00:00Z'],
    ['2016-02-29T00:00:00Z', '2016-02-29T00:00:00Z'],
  ])('reads the time %s', async (sent, shown) => {
    const id = await published({ EventStartUTC: sent });
    expect(await (await store.get(id)).json()).toMatchObject({ EventStartUTC: shown });
  });

  it.each([
    ['a time in another zone', { EventStartUTC: '2017-12-31T07:00:00+02:00' }, 'EventStartUTC'],
    ['a day without a time', { EventStartUTC: '2017-12-31' }, 'EventStartUTC'],
    ['a day that is none', { EventStartUTC: '2017-02-30T00:00:00Z' }, 'EventStartUTC'],
    ['a year before all others', { EventStartUTC: '0000-01-01T00:00:00Z' }, 'EventStartUTC'],
    ['a time that is a number', { EventEndUTC: 5 }, 'EventEndUTC'],
    ['an end before the start', { EventEndUTC: '2026-01-31T11:59:59Z' }, 'EventEndUTC'],
    ['no ProgramMemberId', { ProgramMemberId: undefined }, 'ProgramMemberId'],
    ['an empty ProgramMemberId', { ProgramMemberId: '' }, 'ProgramMemberId'],
    ['a long ProgramMemberId', { ProgramMemberId: 'x'.repeat(201) }, 'ProgramMemberId'],
    ['a long EventType', { EventType: 'x'.repeat(51) }, 'EventType'],
    ['EventData that are a list', { EventData: [] }, 'EventData'],
    ['EventData that are text', { EventData: '{}' }, 'EventData'],
    ['EventData that are null', { EventData: null }, 'EventData'],
    ['large EventData', { EventData: { x: 'x'.repeat(256 * 1024) } }, 'EventData'],
    ['a reference to itself', { ReferenceEventId: 'FOO-x' }, 'ReferenceEventId'],
    ['a long reference', { ReferenceEventId: 'x'.repeat(201) }, 'ReferenceEventId'],
    ['half a surrogate pair', { EventData: { x: '\ud800' } }, 'EventData'],
    ['half a surrogate pair in a name', { ProgramMemberId: 'x\ud800' }, 'ProgramMemberId'],
    ['a member it does not know', { Color: 'red' }, 'Color'],
  ])('refuses %s and names the member', async (_, members, path) => {
    const answer = await store.put('FOO-x', eventOf('FOO', members));
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await problemsOf(answer)).toEqual([path]);
  });

  it('names every member at fault', async () => {
    const answer = await store.put(
      'BAZ-1',
      eventOf('FOO', { EventStartUTC: 'soon-ish, at least', EventEndUTC: 'later, much later' }),
    );
    expect(await problemsOf(answer)).toEqual(['eventId', 'EventStartUTC', 'EventEndUTC']);
  });

  it('refuses numbers that would become others, and data nested without end', async () => {
    const text = (data: string) => JSON.stringify(eventOf('FOO')).replace('{"courseId":"golf","score":0.9}', data);
    expect(await problemsOf(await store.put('FOO-x', text('{"x": 1e999}')))).toEqual(['EventData']);
    const nested = (depth: number) => text(`{"x":${'['.repeat(depth)}${']'.repeat(depth)}}`);
    expect((await store.put('FOO-deep', nested(99))).status).toBe(200);
    expect(await problemsOf(await store.put('FOO-x', nested(101)))).toEqual(['EventData']);
    expect((await store.put('FOO-x', nested(200_000))).status).toBe(400);
    expect(
      (await store.put('FOO-x', text(`{"x":"\\u0000","y":${'['.repeat(200_000)}${']'.repeat(200_000)}}`))).status,
    ).toBe(400);
  });

  it.each([
    ['of another program', 'BAR-1'],
    ['without a hyphen', 'FOO1'],
    ['with nothing behind it', 'FOO-'],
    ['in other case', 'foo-1'],
  ])('refuses an id %s', async (_, id) => {
    expect(await problemsOf(await store.put(id, eventOf('FOO')))).toEqual(['eventId']);
  });

  it('takes ids up to 200 characters, of any kind', async () => {
    const long = `FOO-${'é'.repeat(196)}`;
    const answer = await store.put(long, eventOf('FOO'));
    expect(answer.headers.get('location')).toBe(`/events/${encodeURIComponent(long)}`);
    expect((await store.get(long)).status).toBe(200);
    expect((await store.put(`${long}x`, eventOf('FOO'))).status).toBe(400);
    expect((await store.put('FOO-a/b c?', eventOf('FOO'))).status).toBe(200);
    expect(await (await store.get('FOO-a/b c?')).json()).toMatchObject({ EventId: 'FOO-a/b c?' });
  });

  it('refuses a program that the key may not publish for, there or not, with 403', async () => {
    for (const program of ['BAR', 'NOBODYS']) {
      const answer = await store.put(`${program}-1`, eventOf(program));
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ code: 'program_forbidden' });
    }
    const noPrograms = await hub.newKey({ applicationId: key.applicationId });
    expect((await eventStore(hub, noPrograms).put('FOO-1', eventOf('FOO'))).status).toBe(403);
  });

  it('wants a scope of writing, and a tenant', async () => {
    const reader = await hub.newKey({
      applicationId: key.applicationId,
      programs: ['FOO'],
      scopes: ['read', 'read:hub'],
    });
    expect((await eventStore(hub, reader).put('FOO-1', eventOf('FOO'))).status).toBe(403);
    const hubWriter = await hub.newKey({ applicationId: key.applicationId, programs: ['FOO'], scopes: ['write:hub'] });
    expect((await eventStore(hub, hubWriter).put('FOO-w', eventOf('FOO'))).status).toBe(200);
    expect((await hub.fetch('/events/FOO-1', { method: 'PUT' })).status).toBe(401);
    expect((await eventStore(hub, await hub.adminKey()).get('FOO-w')).status).toBe(403);
  });

  it('keeps to what If-Match and If-None-Match say', async () => {
    const id = newId();
    expect((await store.put(id, eventOf('FOO'), { 'if-match': '*' })).status).toBe(412);
    expect((await store.put(id, eventOf('FOO'), { 'if-none-match': '*' })).status).toBe(200);
    expect((await store.put(id, eventOf('FOO', { EventData: { n: 2 } }), { 'if-none-match': '*' })).status).toBe(412);
    expect((await store.put(id, eventOf('FOO', { EventData: { n: 2 } }), { 'if-match': '"1"' })).status).toBe(200);
    expect((await store.put(id, eventOf('FOO', { EventData: { n: 3 } }), { 'if-match': '"1"' })).status).toBe(412);
    expect((await store.put(id, eventOf('FOO', { EventData: { n: 3 } }), { 'if-match': '"1", "2"' })).status).toBe(200);
    expect((await store.put(id, eventOf('FOO'), { 'if-match': 'nonsense' })).status).toBe(412);
    expect((await store.delete(id, { 'if-match': '"2"' })).status).toBe(412);
    expect((await store.delete(id, { 'if-match': '"3"' })).status).toBe(204);
  });

  it('lets one of many that create the same event with If-None-Match win', async () => {
    const id = newId();
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const answer = await store.put(id, eventOf('FOO', { EventData: { n } }), { 'if-none-match': '*' });
        return answer.status;
      }),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(await (await store.get(id)).json()).toMatchObject({ Revision: 1 });
  });

  it('takes concurrent updates of one event as one revision each', async () => {
    const id = newId();
    await Promise.all(Array.from({ length: 20 }, (_, n) => store.put(id, eventOf('FOO', { EventData: { n } }))));
    const { revisions } = await store.list<{ revisions: { Revision: number }[] }>(id, '/revisions');
    expect(revisions.map(({ Revision }) => Revision)).toEqual(Array.from({ length: 20 }, (_, n) => 20 - n));
  });
});

describe('GET /events/{eventId}', () => {
  it('shows the document’s members, revision and time of receipt, with an ETag', async () => {
    const id = await published({ ReferenceEventId: 'FOO-later' });
    const answer = await store.get(id);
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(await answer.json()).toEqual({
      ...eventOf('FOO'),
      EventId: id,
      ReferenceEventId: 'FOO-later',
      Revision: 1,
      ReceivedUTC: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    // Node's fetch would add no-cache of its own.
    const cached = { 'cache-control': 'max-age=0' };
    expect((await store.get(id, { 'if-none-match': '"1"', ...cached })).status).toBe(304);
    expect((await store.get(id, { 'if-none-match': '"2"', ...cached })).status).toBe(200);
  });

  it('is 404 for what is not there and for what the application may not read', async () => {
    const id = await published();
    expect((await store.get('FOO-nothing')).status).toBe(404);
    expect((await eventStore(hub, other).get(id)).status).toBe(404);
    expect((await eventStore(hub, other).call('GET', `/events/${id}/revisions`)).status).toBe(404);
    expect((await eventStore(hub, other).delete(id)).status).toBe(404);
    const sameApplication = await hub.newKey({ applicationId: key.applicationId, scopes: ['read'] });
    expect((await eventStore(hub, sameApplication).get(id)).status).toBe(200);
  });
});

describe('DELETE /events/{eventId}', () => {
  it('leaves a tombstone in the feed; the event is 404, and a later PUT makes it anew', async () => {
    const { next } = await store.feed();
    const id = await published();
    expect((await store.delete(id)).status).toBe(204);
    expect((await store.get(id)).status).toBe(404);
    expect((await store.delete(id)).status).toBe(404);
    const { events } = await store.feed({ after: next });
    expect(events).toEqual([
      expect.objectContaining({ EventId: id, Revision: 1, Deleted: false }),
      { EventId: id, ProgramId: 'FOO', Revision: 2, ReceivedUTC: expect.any(String), Deleted: true },
    ]);
    expect((await store.put(id, eventOf('FOO'))).status).toBe(200);
    expect(await (await store.get(id)).json()).toMatchObject({ Revision: 3 });
    const { revisions } = await store.list<{ revisions: unknown[] }>(id, '/revisions');
    expect(revisions).toMatchObject([{ Revision: 3 }, { Revision: 2, Deleted: true }, { Revision: 1, Deleted: false }]);
  });

  it('is 403 for a key that may read the program and not publish for it', async () => {
    const id = await published();
    const reader = await hub.newKey({ applicationId: key.applicationId });
    expect((await eventStore(hub, reader).delete(id)).status).toBe(403);
  });
});

describe('GET /events/{eventId}/revisions and /references', () => {
  it('page through revisions, the newest first', async () => {
    const id = newId();
    for (const n of [1, 2, 3, 4, 5]) await store.put(id, eventOf('FOO', { EventData: { n } }));
    const seen: number[] = [];
    let next: string | undefined;
    do {
      const query = next === undefined ? '' : `&after=${next}`;
      const page = await store.list<{ revisions: { Revision: number }[]; next?: string }>(
        id,
        `/revisions?limit=2${query}`,
      );
      seen.push(...page.revisions.map(({ Revision }) => Revision));
      next = page.next;
    } while (next !== undefined);
    expect(seen).toEqual([5, 4, 3, 2, 1]);
  });

  it('list the events that refer to one now, before it is there too', async () => {
    const later = newId();
    const [first, second, third] = [
      await published({ ReferenceEventId: later }),
      await published({ ReferenceEventId: later }),
      await published({ ReferenceEventId: later }),
    ];
    await store.put(second, eventOf('FOO'));
    const page = await store.list<Page>(later, '/references?limit=1');
    expect(page.events.map(({ EventId }) => EventId)).toEqual([first]);
    const rest = await store.list<Page>(later, `/references?after=${page.next}`);
    expect(rest.events.map(({ EventId }) => EventId)).toEqual([third]);
    await store.delete(third);
    expect((await store.list<Page>(later, '/references')).events).toHaveLength(1);
    expect((await eventStore(hub, other).list<Page>(later, '/references')).events).toEqual([]);
  });
});
