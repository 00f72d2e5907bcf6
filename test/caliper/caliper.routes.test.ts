import { gzipSync } from 'node:zlib';
import { type Counter, register } from 'prom-client';
import { caliperContext } from '../../src/caliper/vocabularies';
import { asStored, caliperApi, type CaliperApi, newActivity, newEventId } from '../support/caliper-api';
import { envelopeOf, type Item, person, spoiled, timeSpentEvent, validEvents } from '../support/caliper-events';
import { startHub, type TestHub, type TestKey } from '../support/hub';

let hub: TestHub;
let key: TestKey;
let api: CaliperApi;

beforeAll(async () => {
  hub = await startHub();
});
beforeEach(async () => {
  key = await hub.newKey();
  api = caliperApi(hub, key);
});
afterAll(() => hub.close());

describe('POST /caliper/event', () => {
  it('stores events and entities, and says how many', async () => {
    const event = newActivity();
    expect(await api.events(event, newActivity(), person({ name: 'Ada' }))).toEqual({
      status: 200,
      body: { status: 'success', message: '2 events and 1 entity stored.', errors: [] },
    });
    expect(await api.find(String(event.id))).toMatchObject(asStored(event));
  });

  it('keeps events as they are written, whatever lies between them', async () => {
    const [first, second, third] = [
      newActivity(),
      newActivity({ extensions: { note: 'Grüße 😀 "}]"' } }),
      newActivity(),
    ];
    const envelope = envelopeOf([first, person(), second, third]);
    const json = `\ufeff${JSON.stringify(envelope, undefined, 3).replace('"data"', String.raw`"d\u0061ta"`)}`;
    expect(await api.send(json)).toMatchObject({ status: 200 });
    for (const event of [first, second, third]) expect(await api.find(String(event.id))).toMatchObject(asStored(event));
    const again = envelopeOf([first, newActivity(), second]);
    expect(await api.send(JSON.stringify(again))).toMatchObject({ body: { message: /2 of 3 events were/ } });
    expect((await api.list()).events).toHaveLength(4);
  });

  it('keeps what is not UTF-8 as U+FFFD', async () => {
    const event = newActivity({ extensions: { note: 'X' } });
    const json = Buffer.from(JSON.stringify(envelopeOf([event])));
    json[json.indexOf('"X"') + 1] = 0xe9;
    expect(await api.send(json)).toMatchObject({ status: 200 });
    expect(await api.find(String(event.id))).toMatchObject({ extensions: { note: '\ufffd' } });
  });

  it('counts what is stored, repeated and refused', async () => {
    const countOf = async (outcome: string): Promise<number> => {
      const { values } = await events.get();
      return values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0;
    };
    const events = register.getSingleMetric('hub_caliper_events_total') as Counter<'outcome'>;
    const outcomes = ['stored', 'repeated', 'described', 'refused'];
    const before = await Promise.all(outcomes.map(countOf));
    const event = newActivity();
    await api.events(event, person());
    await api.events(event, newActivity());
    await api.events(newActivity(), { ...event, eventTime: '2026-05-05T05:05:05Z' });
    await api.events(spoiled(newActivity(), 'actor'), newActivity(), newActivity());
    const after = await Promise.all(outcomes.map(countOf));
    expect(after.map((count, index) => count - before[index]!)).toEqual([2, 1, 1, 5]);
  });

  it('takes every event of Caliper 1.2', async () => {
    const events = Object.values(validEvents).map((make) => ({ ...make(), id: newEventId() }));
    expect(await api.events(...events)).toMatchObject({ status: 200, body: { errors: [] } });
    const { events: stored } = await api.list({ limit: '1000' });
    const byId = new Map(stored.map((event) => [event.externalId, event]));
    for (const event of events) expect(byId.get(event.id)).toMatchObject(asStored(event));
  });

  it('takes a Bearer token as well as a key', async () => {
    const form = new URLSearchParams({ grant_type: 'client_credentials', scope: 'write' });
    const answer = await hub.fetch('/oauth/token', { method: 'POST', key, body: form });
    const { access_token } = (await answer.json()) as { access_token: string };
    const withToken = caliperApi(hub, `Bearer ${access_token}`);
    expect(await withToken.events(newActivity())).toMatchObject({ status: 200 });
    expect((await hub.fetch('/caliper/events', { key: `Bearer ${access_token}` })).status).toBe(403);
  });

  it('refuses an envelope whole, and names everything that is wrong with any item', async () => {
    const good = newActivity();
    const answer = await api.events(
      spoiled(newActivity(), 'actor.email'),
      good,
      { ...newActivity(), id: 'one', eventTime: 'now' },
      7,
    );
    expect(answer).toMatchObject({
      status: 400,
      body: { status: 'error', message: '3 of 4 items are not valid; nothing was stored.' },
    });
    expect(answer.body.errors.map(({ index, path }) => [index, path])).toEqual([
      [0, 'actor.email'],
      [2, 'id'],
      [2, 'eventTime'],
      [3, ''],
    ]);
    for (const { reason } of answer.body.errors) expect(reason).toMatch(/^(must|is missing)/);
    expect(await api.find(String(good.id))).toBeUndefined();
  });

  it('names what is wrong with the envelope itself', async () => {
    const answer = await api.send({ ...envelopeOf([]), sensor: 'none', extra: 1 });
    expect(answer).toMatchObject({ status: 400, body: { status: 'error' } });
    expect(answer.body.errors.map(({ index, path }) => [index, path])).toEqual([
      [undefined, 'sensor'],
      [undefined, 'data'],
      [undefined, 'extra'],
    ]);
  });

  it('answers 422 to another version of Caliper', async () => {
    const answer = await api.send(
      envelopeOf([newActivity()], { dataVersion: 'http://purl.imsglobal.org/ctx/caliper/v1p1' }),
    );
    expect(answer).toMatchObject({ status: 422, body: { status: 'error', errors: [{ path: 'dataVersion' }] } });
  });

  it.each([
    ['nothing', '', 400],
    ['half of it', '{"sensor":', 400],
    ['a list', '[]', 400],
    ['a word', '"x"', 400],
    ['what nests deeper than any parser likes', '['.repeat(400_000), 400],
    [
      'deep data',
      `{"sensor":"https://a.example","sendTime":"2026-01-01T00:00:00Z","dataVersion":"${caliperContext}","data":[${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}]}`,
      400,
    ],
    ['too much', ' '.repeat(1024 * 1024 + 1), 413],
    ['bytes that are no text', Uint8Array.of(0x7b, 0xff, 0xfe), 400],
  ])('refuses %s', async (_, body, status) => {
    const answer = await api.send(body);
    expect(answer).toMatchObject({ status, body: { status: 'error', message: expect.any(String) as string } });
    expect(Array.isArray(answer.body.errors)).toBe(true);
  });

  it.each([
    ['text/plain', {}],
    ['application/ld+json', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
  ])('answers 415 to %s %o', async (type, headers) => {
    const body = gzipSync(JSON.stringify(envelopeOf([newActivity()])));
    const answer = await api.send(body, { 'content-type': type, ...headers });
    expect(answer).toMatchObject({ status: 415, body: { status: 'error', errors: [] } });
  });

  it('answers in its own words to those who may not, and to other methods and paths', async () => {
    const anonymous = caliperApi(hub, '');
    expect(await anonymous.events(newActivity())).toMatchObject({ status: 401, body: { status: 'error', errors: [] } });
    const reader = caliperApi(hub, await hub.newKey({ scopes: ['read'] }));
    expect(await reader.events(newActivity())).toMatchObject({ status: 403, body: { status: 'error', errors: [] } });
    const admin = caliperApi(hub, await hub.adminKey());
    expect(await admin.events(newActivity())).toMatchObject({ status: 403 });
    const put = await hub.fetch('/caliper/event', { method: 'PUT', key });
    expect({ status: put.status, body: await put.json() }).toMatchObject({
      status: 405,
      body: { status: 'error', errors: [] },
    });
    expect(put.headers.get('allow')).toContain('POST');
    const nothing = await hub.fetch('/caliper/nothing', { key });
    expect({ status: nothing.status, body: await nothing.json() }).toMatchObject({
      status: 404,
      body: { status: 'error', errors: [] },
    });
  });

  it('refuses more items than the hub takes', async () => {
    const answer = await api.send(envelopeOf(Array.from({ length: 501 }, () => 0)));
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'data' }] } });
  });

  it('takes texts that are long, strange or look like SQL as they are', async () => {
    const strange = [
      `https://school.example/${'x'.repeat(2000)}`,
      `https://school.example/${'長'.repeat(1900)}`,
      `https://school.example/';drop%20table%20caliper_events`,
      `https://school.example/😀\u202e`,
    ];
    for (const id of strange) {
      const event = newActivity({
        actor: { id, type: 'TimebackUser', email: `${'é'.repeat(60)}@${'ü'.repeat(250)}` },
        object: { ...(newActivity().object as object), course: { id, name: '\\u0000 "\\' } },
        eventTime: '0001-01-01T00:00:00.123456789012Z',
        extensions: { __proto__: null, constructor: { a: [null, true, 1e-7, 1.5e300] } },
      });
      expect(await api.send(envelopeOf([event, { id, type: 'Person' }], { sensor: id }))).toMatchObject({
        status: 200,
      });
      expect(await api.find(String(event.id))).toMatchObject(asStored(event));
      expect(await api.list({ actorId: id, sensor: id })).toMatchObject({ events: [{ externalId: event.id }] });
      expect(await api.totals({ course_id: id, group_by: 'course' })).toMatchObject({ totals: [{ xp: 100 }] });
    }
  });

  it('refuses members that cannot be made into text', async () => {
    const odd = [{ toString: 1, valueOf: 1 }];
    for (const member of ['id', 'type', 'action', 'object', 'actor', 'eventTime', 'profile', 'generated', '@context']) {
      const answer = await api.events(newActivity({ [member]: odd }));
      expect({ member, status: answer.status }).toEqual({ member, status: member === '@context' ? 200 : 400 });
    }
  });

  it('refuses a NUL by its place', async () => {
    const answer = await api.events(newActivity({ extensions: { note: 'a\u0000b' } }));
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ index: 0, path: 'extensions.note' }] } });
  });
});

describe('an event that is sent again', () => {
  it('is stored once, which the message says', async () => {
    const [first, second, third] = [newActivity(), newActivity(), newActivity()];
    await api.events(first);
    expect(await api.events(first, second, third)).toEqual({
      status: 200,
      body: { status: 'success', message: '2 events stored. 1 of 3 events was there already.', errors: [] },
    });
    expect(await api.events(first, second, second)).toMatchObject({
      body: { message: '0 events stored. 3 of 3 events were there already.' },
    });
    expect((await api.list()).pagination.total).toBe(3);
    expect((await api.totals()).totals).toMatchObject([{ xp: 300 }]);
  });

  it('is the same with its members in another order, and its id in capitals', async () => {
    const event = newActivity();
    await api.events(event);
    const turned = Object.fromEntries(Object.entries(event).reverse());
    expect(await api.events(turned)).toMatchObject({ status: 200, body: { message: /1 of 1 event was/ } });
    const twice = newActivity();
    expect(await api.events(twice, Object.fromEntries(Object.entries(twice).reverse()))).toMatchObject({
      body: { message: '1 event stored. 1 of 2 events was there already.' },
    });
    expect((await api.list()).pagination.total).toBe(2);
  });

  it('with other content is refused with its whole envelope, and the first stays', async () => {
    const event = newActivity();
    await api.events(event);
    const other = newActivity();
    expect(await api.events(other, { ...event, eventTime: '2026-05-05T05:05:05Z' })).toMatchObject({
      status: 400,
      body: {
        status: 'error',
        message: '1 of 2 events cannot be stored under this id; nothing was stored.',
        errors: [{ index: 1, path: 'id', reason: expect.stringContaining('stored before') as string }],
      },
    });
    expect(await api.find(String(event.id))).toMatchObject(asStored(event));
    expect(await api.find(String(other.id))).toBeUndefined();
  });

  it('with other content in one envelope is refused', async () => {
    const event = newActivity();
    expect(await api.events(event, { ...event, eventTime: '2026-05-05T05:05:05Z' })).toMatchObject({
      status: 400,
      body: { errors: [{ index: 1, path: 'id', reason: expect.stringContaining('this envelope') as string }] },
    });
    expect(await api.find(String(event.id))).toBeUndefined();
  });

  it('by another application is that one’s own', async () => {
    const event = newActivity();
    await api.events(event);
    const other = caliperApi(hub, await hub.newKey());
    expect(await other.find(String(event.id))).toBeUndefined();
    expect(await other.list()).toMatchObject({ events: [], pagination: { total: 0 } });
    expect(await other.totals()).toEqual({ totals: [] });
    expect(await other.events({ ...event, eventTime: '2026-05-05T05:05:05Z' })).toMatchObject({ status: 200 });
    expect(await api.find(String(event.id))).toMatchObject(asStored(event));
  });
});

describe('an entity that is described', () => {
  it('is kept as it was said last', async () => {
    await api.events(person({ name: 'Ada' }), person({ name: 'Ada L.' }));
    await api.events(person({ name: 'Countess' }));
    const rows = await hub.resources.db('caliper_entities').where({ application_id: key.applicationId });
    expect(rows).toMatchObject([{ type: 'Person', data: person({ name: 'Countess' }) }]);
  });
});

describe('POST /caliper/event/validate', () => {
  it('judges in the same words, and stores nothing', async () => {
    const event = newActivity();
    expect(await api.validate(envelopeOf([event, person()]))).toEqual({
      status: 200,
      body: { status: 'success', message: '1 event and 1 entity can be stored; nothing was.', errors: [] },
    });
    expect(await api.find(String(event.id))).toBeUndefined();
    const bad = envelopeOf([spoiled(event, 'object.subject', 'Latin')]);
    expect(await api.validate(bad)).toEqual(await api.send(bad));
    expect(await api.validate(envelopeOf([event], { dataVersion: 'x' }))).toMatchObject({ status: 422 });
  });
});

describe('GET /caliper/event', () => {
  it('says what the endpoint takes', async () => {
    const answer = await hub.fetch('/caliper/event', { key });
    expect({ status: answer.status, body: await answer.json() }).toEqual({
      status: 200,
      body: { caliperSupportedVersions: [caliperContext], caliperMaximumPayloadSize: 1024 * 1024 },
    });
    expect((await hub.fetch('/caliper/event')).status).toBe(401);
  });
});

describe('GET /caliper/events', () => {
  const at = (minute: number) => `2026-03-02T10:${String(minute).padStart(2, '0')}:00.000Z`;
  const actor = (name: string) => ({
    id: `https://school.example/users/${name}`,
    type: 'TimebackUser',
    email: `${name}@School.example`,
  });

  let newest: Item;
  beforeEach(async () => {
    const events = Array.from({ length: 10 }, (_, minute) =>
      newActivity({ eventTime: at(minute), actor: actor(minute % 2 ? 'ada' : 'bob') }),
    );
    await api.send(envelopeOf(events.slice(0, 5)));
    await api.send(envelopeOf(events.slice(5), { sensor: 'https://other.example' }));
    newest = events.at(-1)!;
  });

  const minutes = ({ events }: { events: readonly { eventTime: string }[] }) =>
    events.map(({ eventTime }) => Number(eventTime.slice(14, 16)));

  it('lists the newest first, with what the hub knows of them', async () => {
    const list = await api.list();
    expect(minutes(list)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(list).toMatchObject({ pagination: { total: 10, totalPages: 1, currentPage: 1, limit: 100 } });
    expect(list).not.toHaveProperty('next');
    const [event] = list.events;
    expect(event).toMatchObject({
      sensor: 'https://other.example',
      externalId: newest.id,
      sendTime: '2026-03-02T09:15:01.000Z',
    });
    expect(Number.isSafeInteger(event?.id)).toBe(true);
    expect(new Set(list.events.map(({ id }) => id)).size).toBe(10);
    expect(Math.abs(Date.parse(event?.created_at ?? '') - Date.now())).toBeLessThan(60_000);
  });

  it.each([
    [{ sensor: 'https://other.example' }, [9, 8, 7, 6, 5]],
    [{ actorId: 'https://school.example/users/ada' }, [9, 7, 5, 3, 1]],
    [{ actorEmail: 'ADA@school.EXAMPLE' }, [9, 7, 5, 3, 1]],
    [{ startDate: at(6), endDate: at(8) }, [8, 7, 6]],
    [{ startDate: '2026-03-03' }, []],
    [{ actorId: 'https://school.example/users/bob', sensor: 'https://other.example', endDate: at(6) }, [6]],
    [{ actorId: 'nobody' }, []],
  ])('filters by %o', async (query, expected) => {
    const list = await api.list(query);
    expect(minutes(list)).toEqual(expected);
    expect(list.pagination.total).toBe(expected.length);
  });

  it('goes by offset', async () => {
    const list = await api.list({ limit: '4', offset: '4' });
    expect(minutes(list)).toEqual([5, 4, 3, 2]);
    expect(list.pagination).toEqual({ total: 10, totalPages: 3, currentPage: 2, limit: 4 });
  });

  it('goes on with after, whatever came since', async () => {
    const first = await api.list({ limit: '4' });
    await api.events(newActivity({ eventTime: at(59) }));
    const second = await api.list({ limit: '4', after: first.next ?? '' });
    const third = await api.list({ limit: '4', after: second.next ?? '' });
    expect([first, second, third].flatMap(minutes)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(third).not.toHaveProperty('next');
  });

  it('ends a page of very large events early, and goes on with the next', async () => {
    const large = Array.from({ length: 20 }, (_, minute) =>
      newActivity({ eventTime: at(20 + minute), extensions: { note: 'x'.repeat(1_000_000) } }),
    );
    for (const event of large) expect(await api.events(event)).toMatchObject({ status: 200 });
    const first = await api.list({ startDate: at(20) });
    const second = await api.list({ startDate: at(20), after: first.next ?? '' });
    expect(first.events).toHaveLength(17);
    expect([...first.events, ...second.events].map(({ externalId }) => externalId)).toEqual(
      large.map(({ id }) => id).reverse(),
    );
    expect(second).not.toHaveProperty('next');
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['offset=10001', 'offset'],
    ['startDate=yesterday', 'startDate'],
    ['after=%21', 'after'],
  ])('refuses %s by name', async (query, path) => {
    const answer = await hub.fetch(`/caliper/events?${query}`, { key });
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 400,
      body: { status: 'error', errors: [{ path }] },
    });
  });

  it('refuses a cursor that it did not make', async () => {
    for (const after of ['e30', Buffer.from('["9999-99-99 00:00:00+00 x"]').toString('base64url')]) {
      expect((await hub.fetch(`/caliper/events?after=${after}`, { key })).status).toBe(400);
    }
  });
});

describe('GET /caliper/events/{externalId}', () => {
  it('finds an event by its id, with or without urn:uuid:', async () => {
    const event = newActivity();
    await api.events(event);
    expect(await api.find(String(event.id))).toMatchObject(asStored(event));
    expect(await api.find(String(event.id).slice(9).toUpperCase())).toMatchObject(asStored(event));
  });

  it('answers 404 to any other', async () => {
    for (const id of [newEventId(), 'x', '%']) expect(await api.find(id)).toBeUndefined();
    const answer = await hub.fetch(`/caliper/events/${newEventId()}`, { key });
    expect(await answer.json()).toMatchObject({ status: 'error', errors: [] });
  });
});

describe('GET /hub/v1/totals', () => {
  const xp = (value: number, more: object = {}) =>
    newActivity({
      generated: {
        id: 'https://a.example/1',
        type: 'TimebackActivityMetricsCollection',
        items: [{ type: 'xpEarned', value }],
      },
      ...more,
    });
  const learner = (email: string) => ({
    actor: { id: `https://school.example/users/${email}`, type: 'TimebackUser', email },
  });

  it('sums up by learner, course and day, corrections included, exactly', async () => {
    await api.events(
      newActivity(),
      { ...timeSpentEvent(), id: newEventId() },
      xp(0.1),
      xp(0.2),
      xp(-50),
      xp(7, { eventTime: '2026-03-03T00:00:00Z', ...learner('ADA@School.example') }),
    );
    await api.events(xp(5, learner('bob@school.example')));
    const course_id = 'https://school.example/courses/reading-g3';
    const none = { questions: { total: 0, correct: 0 }, mastered_units: 0 };
    const seconds = { active: 0, inactive: 0, waste: 0, unknown: 0, anti_pattern: 0 };
    expect(await api.totals()).toEqual({
      totals: [
        {
          learner: 'ada@school.example',
          course_id,
          day: '2026-03-02',
          xp: 50.3,
          questions: { total: 10, correct: 8 },
          mastered_units: 1,
          seconds: { ...seconds, active: 600, inactive: 42.5 },
        },
        { learner: 'ada@school.example', course_id, day: '2026-03-03', xp: 7, ...none, seconds },
        { learner: 'bob@school.example', course_id, day: '2026-03-02', xp: 5, ...none, seconds },
      ],
    });
    expect((await api.totals({ group_by: 'learner' })).totals).toMatchObject([
      { learner: 'ada@school.example', xp: 57.3 },
      { learner: 'bob@school.example', xp: 5 },
    ]);
    expect((await api.totals({ group_by: 'day' })).totals).toMatchObject([
      { day: '2026-03-02', xp: 55.3 },
      { day: '2026-03-03', xp: 7 },
    ]);
    expect((await api.totals({ group_by: 'course', from: '2026-03-03' })).totals).toMatchObject([{ course_id, xp: 7 }]);
    expect((await api.totals({ learner: 'Bob@school.example', group_by: 'day,course' })).totals).toMatchObject([
      { day: '2026-03-02', course_id, xp: 5 },
    ]);
    expect((await api.totals({ course_id: 'other' })).totals).toEqual([]);
    expect((await api.totals({ to: '2026-03-01' })).totals).toEqual([]);
  });

  it('keeps events without a course apart, and stays a number however large', async () => {
    const object = { ...(newActivity().object as object), course: null };
    await api.events(xp(1e308, { object }), xp(1e308, { object }));
    expect(await api.totals({ group_by: 'course' })).toMatchObject({ totals: [{ course_id: null, xp: 1e308 }] });
  });

  it.each(['learner,course,day', 'day', 'learner,day', 'course,learner', 'course,day'])(
    'pages by %s',
    async (group_by) => {
      const events = Array.from({ length: 24 }, (_, n) =>
        xp(n, {
          ...learner(`learner-${n % 3}@school.example`),
          object: { ...(newActivity().object as object), course: { id: `course-${n % 2}` } },
          eventTime: `2026-03-0${1 + (n % 4)}T10:00:00Z`,
        }),
      );
      await api.events(...events);
      const all = (await api.totals({ group_by })).totals;
      const paged = [];
      let after: string | undefined;
      do {
        const page = await api.totals({ group_by, limit: '2', ...(after !== undefined && { after }) });
        paged.push(...page.totals);
        after = page.next;
      } while (after !== undefined);
      expect(paged).toEqual(all);
      expect(all.reduce((sum, totals) => sum + totals.xp, 0)).toBe((23 * 24) / 2);
    },
  );

  it.each(['from=2026-02-30', 'group_by=week', 'group_by=day,day', 'limit=0', 'after=e30'])(
    'refuses %s',
    async (query) => {
      expect((await hub.fetch(`/hub/v1/totals?${query}`, { key })).status).toBe(400);
    },
  );
});

describe('with CALIPER_PROFILE_PROBLEMS=warn', () => {
  it('takes what is not as Caliper says of its type, and lists the problems', async () => {
    const lenient = await startHub({ env: { CALIPER_PROFILE_PROBLEMS: 'warn', CALIPER_MAX_PAYLOAD_BYTES: '4096' } });
    try {
      const its = caliperApi(lenient, await lenient.newKey());
      const odd = newActivity({ action: 'Danced', mood: 'good' });
      const answer = await its.events(newActivity(), odd);
      expect(answer).toMatchObject({
        status: 200,
        body: {
          status: 'success',
          message: '2 events stored. 2 problems with what Caliper says of these items; see errors.',
        },
      });
      expect(new Set(answer.body.errors.map(({ path }) => path))).toEqual(new Set(['action', 'mood']));
      expect(await its.find(String(odd.id))).toMatchObject(asStored(odd));
      expect(await its.validate(envelopeOf([odd]))).toMatchObject({ status: 200, body: { errors: [{}, {}] } });
      expect(await its.events({ ...odd, id: newEventId(), eventTime: 'now' })).toMatchObject({
        status: 400,
        body: { errors: [{ path: 'eventTime' }] },
      });
      expect(await its.send(' '.repeat(4097))).toMatchObject({ status: 413 });
    } finally {
      await lenient.close();
    }
  });
});
