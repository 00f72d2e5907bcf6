import { setTimeout as delay } from 'node:timers/promises';
import { encodeCursor } from '../../src/http/hub-paging';
import { emitHubEvents } from '../../src/events/emit-hub-events';
import { ensurePartitions, removeOldEvents } from '../../src/events/keep-feed';
import { moveHubEvents } from '../../src/events/relay-hub-events';
import { type Entry, eventOf, eventStore, type Page } from '../support/events';
import { startHub, type TestHub, type TestKey } from '../support/hub';

let hub: TestHub;
let key: TestKey;
let other: TestKey;
let store: ReturnType<typeof eventStore>;

beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey({ programs: ['FOO', 'BAR'] });
  other = await hub.newKey({ programs: ['BAZ'] });
  store = eventStore(hub, key);
});
afterAll(() => hub.close());

let count = 0;

async function publish(members: Record<string, unknown> = {}, program = 'FOO'): Promise<string> {
  const id = `${program}-${(count += 1)}`;
  expect((await store.put(id, eventOf(program, members))).status).toBe(200);
  return id;
}

const idsOf = ({ events }: { events: Entry[] }): string[] => events.map(({ EventId }) => EventId);

/** Follows the cursor until there is nothing more. */
async function follow(query: Record<string, string | number>, from?: string): Promise<{ ids: string[]; next: string }> {
  const ids: string[] = [];
  let next = from;
  for (;;) {
    const page = await store.feed({ ...query, ...(next === undefined ? {} : { after: next }) });
    next = page.next;
    ids.push(...idsOf(page));
    if (page.events.length === 0) return { ids, next };
  }
}

describe('GET /events', () => {
  it('lists changes in the order in which they were taken in, with a cursor on every page', async () => {
    const first = await publish({ EventStartUTC: '2026-01-03T00:00:00Z', EventEndUTC: '2026-01-03T00:00:00Z' });
    const second = await publish({ EventStartUTC: '2026-01-02T00:00:00Z', EventEndUTC: '2026-01-02T00:00:00Z' }, 'BAR');
    await store.put(first, eventOf('FOO', { EventData: { again: true } }));
    const page = await store.feed({ limit: 2 });
    expect(idsOf(page)).toEqual([first, second]);
    const rest = await store.feed({ after: page.next });
    expect(rest.events).toMatchObject([{ EventId: first, Revision: 2, EventData: { again: true }, Deleted: false }]);
    const end = await store.feed({ after: rest.next });
    expect(end).toEqual({ events: [], next: rest.next });
    const third = await publish();
    expect(idsOf(await store.feed({ after: end.next }))).toEqual([third]);
  });

  it('shows an application its own programs alone, until it is granted another’s', async () => {
    const { next } = await store.feed({ limit: 1000 });
    const theirs = eventStore(hub, other);
    expect((await theirs.put('BAZ-1', eventOf('BAZ'))).status).toBe(200);
    expect(idsOf(await store.feed({ after: next }))).toEqual([]);
    expect((await store.call('GET', '/events?ProgramId=BAZ')).status).toBe(404);
    const grant = `/hub/v1/event-programs/BAZ/grants/${key.applicationId}`;
    expect((await theirs.call('PUT', grant)).status).toBe(200);
    expect(idsOf(await store.feed({ after: next }))).toEqual(['BAZ-1']);
    expect(idsOf(await store.feed({ ProgramId: 'BAZ' }))).toEqual(['BAZ-1']);
    expect((await store.get('BAZ-1')).status).toBe(200);
    expect((await store.put('BAZ-1', eventOf('BAZ'))).status).toBe(403);
    expect((await theirs.call('DELETE', grant)).status).toBe(204);
    expect((await store.get('BAZ-1')).status).toBe(404);
  });

  it('filters, with any filters at once, and the cursor moves on past what does not fit', async () => {
    const start = (await follow({ limit: 1000 })).next;
    const times = (day: string) => ({ EventStartUTC: `${day}T00:00:00Z`, EventEndUTC: `${day}T00:00:00Z` });
    const a = await publish({
      EventType: 'X',
      ProgramMemberId: 'ann',
      ReferenceEventId: 'FOO-r',
      ...times('2026-02-01'),
    });
    const b = await publish({ EventType: 'Y', ProgramMemberId: 'ann', ...times('2026-02-02') });
    const c = await publish({ EventType: 'X', ProgramMemberId: 'bob', ...times('2026-02-03') }, 'BAR');
    const d = await publish(
      { EventType: 'X', ProgramMemberId: 'ann', ReferenceEventId: 'FOO-r', ...times('2026-02-04') },
      'BAR',
    );
    const found = async (query: Record<string, string>) => (await follow({ limit: 1, ...query }, start)).ids;
    expect(await found({ EventType: 'X' })).toEqual([a, c, d]);
    expect(await found({ ProgramMemberId: 'ann' })).toEqual([a, b, d]);
    expect(await found({ ReferenceEventId: 'FOO-r' })).toEqual([a, d]);
    expect(await found({ ProgramId: 'BAR' })).toEqual([c, d]);
    expect(await found({ EventType: 'X', ProgramMemberId: 'ann' })).toEqual([a, d]);
    expect(
      await found({ EventType: 'X', ProgramMemberId: 'ann', ReferenceEventId: 'FOO-r', ProgramId: 'BAR' }),
    ).toEqual([d]);
    expect(await found({ from: '2026-02-02', EventType: 'X' }).catch(() => 'refused')).toBe('refused');
    expect(await found({ from: '2026-02-02T00:00:00Z' })).toEqual([b, c, d]);
    expect(await found({ from: '2026-02-02T00:00:00Z', to: '2026-02-04T00:00:00Z' })).toEqual([b, c]);
    const nothing = await store.feed({ after: start, EventType: 'Z' });
    expect(nothing.events).toEqual([]);
    expect(await store.feed({ after: nothing.next })).toEqual({ events: [], next: nothing.next });
  });

  it('finds few among many in slices, none twice', async () => {
    const start = (await follow({ limit: 1000 })).next;
    const rare: string[] = [];
    for (let n = 0; n < 60; n += 1) {
      const isRare = n % 20 === 0;
      const id = await publish(isRare ? { EventStartUTC: '2020-01-01T00:00:00Z' } : {}, n % 2 ? 'BAR' : 'FOO');
      if (isRare) rare.push(id);
    }
    expect((await follow({ to: '2021-01-01T00:00:00Z', limit: 2 }, start)).ids).toEqual(rare);
    expect((await follow({ limit: 7 }, start)).ids).toHaveLength(60);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['wait=31', 'wait'],
    ['from=yesterday', 'from'],
    ['after=%25%25', 'after'],
  ])('refuses %s', async (query, path) => {
    const answer = await store.call('GET', `/events?${query}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ path }] });
  });

  it.each([['WyJ4Il0'], ['bm9uc2Vuc2U'], [encodeCursor('99999999999999999')], [encodeCursor('-1')]])(
    'refuses the cursor %s',
    async (after) => {
      expect((await store.call('GET', `/events?after=${after}`)).status).toBe(400);
    },
  );
});

describe('GET /events?wait=', () => {
  it('answers as soon as something fits comes in', async () => {
    const { next } = await store.feed({ limit: 1000 });
    const started = performance.now();
    const waiting = store.feed({ after: next, wait: 20, EventType: 'AWAITED' });
    await delay(100);
    await publish();
    await delay(300);
    const id = await publish({ EventType: 'AWAITED' });
    expect(idsOf(await waiting)).toEqual([id]);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('answers an empty page when the time is over, and at once when there is something', async () => {
    const { next } = await store.feed({ limit: 1000 });
    const started = performance.now();
    expect(await store.feed({ after: next, wait: 1 })).toEqual({ events: [], next });
    expect(performance.now() - started).toBeGreaterThan(900);
    const id = await publish();
    expect(idsOf(await store.feed({ after: next, wait: 20 }))).toEqual([id]);
  });

  it('lets go when the caller does, and when the process ends', async () => {
    const { next } = await store.feed({ limit: 1000 });
    const gone = new AbortController();
    const left = hub.fetch(`/events?after=${next}&wait=30`, { key, signal: gone.signal });
    await delay(200);
    gone.abort();
    await expect(left).rejects.toThrow(/abort/i);
    const waiting = store.feed({ after: next, wait: 30 });
    await delay(200);
    hub.resources.feed.stop();
    expect((await waiting).events).toEqual([]);
  });
});

describe('the hub’s own events', () => {
  it('come into the feed under the reserved program, once, after their transaction', async () => {
    const { db } = hub.resources;
    const at = new Date('2026-03-01T00:00:00Z');
    const event = { applicationId: key.applicationId, type: 'HUB_IMPORT_COMPLETED', data: { jobId: '1' }, at } as const;
    const { next } = await store.feed({ limit: 1000 });
    await db.transaction(async (tx) => {
      await emitHubEvents(tx, [event, { ...event, type: 'HUB_IMPORT_FAILED', memberId: 'me' }]);
      expect(await moveHubEvents(db)).toBe(0);
    });
    await db
      .transaction((tx) => emitHubEvents(tx, [event]).then(() => Promise.reject(new Error('no'))))
      .catch(() => undefined);
    expect((await Promise.all([moveHubEvents(db), moveHubEvents(db)])).toSorted()).toEqual([0, 2]);
    const { events } = await store.feed({ after: next });
    expect(events).toMatchObject([
      {
        ProgramId: expect.stringMatching(/^HUB-[0-9A-F]{20}$/),
        EventType: 'HUB_IMPORT_COMPLETED',
        EventData: { jobId: '1' },
      },
      { EventType: 'HUB_IMPORT_FAILED', ProgramMemberId: 'me', EventStartUTC: '2026-03-01T00:00:00Z' },
    ]);
    const [{ ProgramId, EventId }] = events as [Entry];
    expect((await store.put(EventId, eventOf(ProgramId))).status).toBe(403);
    expect((await store.delete(EventId)).status).toBe(403);
    expect((await eventStore(hub, other).get(EventId)).status).toBe(404);
  });
});

describe('partitions of the feed', () => {
  it('take over what the default took in; old ones go with their events, and cursors before them are 410', async () => {
    const { db } = hub.resources;
    const before = await follow({ limit: 1000 });
    expect(await ensurePartitions(db, new Date())).toBe(3);
    expect(await ensurePartitions(db, new Date())).toBe(0);
    expect((await db('event_feed_default').count())[0]).toEqual({ count: 0 });
    expect((await follow({ limit: 1000 })).ids).toEqual(before.ids);

    const old = await publish({ EventData: { old: true } });
    const changed = await publish();
    const cursor = (await store.feed({ limit: 1 })).next;
    const later = new Date(Date.now() + 70 * 24 * 3600 * 1000);
    await db.raw(`select setval('event_feed_position', ?::bigint)`, [later.getTime() * 1000]);
    await store.put(changed, eventOf('FOO', { EventData: { now: true } }));
    expect(await removeOldEvents({ now: later, days: 0 }, db, () => undefined)).toBe(0);
    expect(await removeOldEvents({ now: later, days: 7 }, db, () => undefined)).toBeGreaterThan(0);
    expect((await store.get(old)).status).toBe(404);
    expect(await (await store.get(changed)).json()).toMatchObject({ Revision: 2, EventData: { now: true } });
    const { revisions } = await store.list<{ revisions: Entry[] }>(changed, '/revisions');
    expect(revisions).toHaveLength(1);
    const answer = await store.call('GET', `/events?after=${cursor}`);
    expect(answer.status).toBe(410);
    expect(await answer.json()).toMatchObject({ code: 'cursor_expired' });
    const page: Page = await store.feed();
    expect(idsOf(page)).toEqual([changed]);
    await store.put(old, eventOf('FOO'));
    expect(await (await store.get(old)).json()).toMatchObject({ Revision: 1 });
  });
});
