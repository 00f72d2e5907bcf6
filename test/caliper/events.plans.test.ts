import { v7 as uuid } from 'uuid';
import { makeMonth } from '../../src/caliper/event-months.store';
import { countEvents, type EventFilter, findEvent, listEvents } from '../../src/caliper/events.store';
import { listKey } from '../../src/caliper/list-key.rules';
import { listTotals, type TotalsFilter } from '../../src/caliper/totals.store';
import type { Grouping } from '../../src/caliper/totals.schemas';
import { createDatabase, type TestDatabase } from '../support/database';
import { mostRows, plansOf } from '../support/plans';

jest.setTimeout(180_000);

const count = 150_000;
const [busy, quiet] = [uuid(), uuid()];
const someId = '00000000-0000-4000-8000-00000000c350';

let database: TestDatabase;

const numbers = Array.from({ length: 3000 }, (_, number) => number);
const texts = [
  ...numbers.slice(0, 7).map((number) => `https://a.example/sensors/${number}`),
  ...numbers.flatMap((number) => [`https://a.example/users/${number}`, `user-${number}@a.example`]),
];
const keysOf = (application: string) =>
  texts.map((text) => ({ application_id: application, text, key: String(listKey(application, text)) }));

/** 150,000 events over five months of receipt; one application has one in a thousand of them. */
beforeAll(async () => {
  database = await createDatabase();
  const { db } = database;
  for (const month of [0, 1, 2, 3, 4]) await makeMonth(db, new Date(Date.UTC(2026, month, 1)));
  await db.raw('create table keys (application_id uuid, text text, key bigint)');
  await db.batchInsert('keys', [busy, quiet].flatMap(keysOf), 1000);
  await db.raw(
    `with made as materialized (
       select n, case when n % 1000 = 0 then :quiet::uuid else :busy::uuid end as application,
         ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id,
         timestamptz '2026-01-01' + make_interval(secs => n * 86) as at
       from generate_series(1, :count::int) n
     ),
     ids as (
       insert into caliper_event_ids (application_id, event_id, event_time, received_at)
       select application, id, at, at from made
     ),
     contents as (
       insert into caliper_envelopes (received_at, envelope_id, application_id, send_time, sensor, data)
       select at, id, application, at, 'https://a.example/sensors/' || n % 7, '{}' from made
     )
     insert into caliper_events (application_id, event_id, event_time, received_at, envelope_id, start, length, sensor_key,
       actor_key, email_key)
     select application, id, at, at, id, 0, 2, sensor.key, actor.key, email.key
     from made
     join keys sensor on sensor.application_id = application and sensor.text = 'https://a.example/sensors/' || n % 7
     join keys actor on actor.application_id = application and actor.text = 'https://a.example/users/' || n % 3000
     join keys email on email.application_id = application and email.text = 'user-' || n % 3000 || '@a.example'`,
    { busy, quiet, count },
  );
  await db.raw(
    `insert into caliper_totals (application_id, learner, course_id, day, xp)
     select :busy::uuid, who, 'course-' || n % 40, date '2026-01-01' + n / 200, 1
     from generate_series(1, 60000) n cross join lateral (values ('learner-' || n % 5000), ('')) w (who)
     on conflict do nothing`,
    { busy },
  );
  await db.raw('vacuum analyze caliper_envelopes');
  await db.raw('vacuum analyze caliper_events');
  await db.raw('vacuum analyze caliper_event_ids');
  await db.raw('vacuum analyze caliper_totals');
});
afterAll(() => database.drop());

const whose: [string, EventFilter][] = [
  ['a large application', { applicationId: busy }],
  ['a small application', { applicationId: quiet }],
];
const by: [string, Partial<EventFilter>][] = [
  ['any', {}],
  ['a sensor', { sensor: 'https://a.example/sensors/3' }],
  ['a sensor that sent nothing', { sensor: 'https://a.example/sensors/none' }],
  ['an actor', { actorId: 'https://a.example/users/77' }],
  ['an email', { actorEmail: 'user-77@a.example' }],
  ['an email nobody has', { actorEmail: 'nobody@a.example' }],
  ['an actor and a sensor', { actorId: 'https://a.example/users/77', sensor: 'https://a.example/sensors/3' }],
];
const when: [string, Partial<EventFilter>][] = [
  ['at any time', {}],
  ['on a day', { from: new Date('2026-02-10T00:00:00Z'), to: new Date('2026-02-11T00:00:00Z') }],
  ['before a time', { to: new Date('2026-01-05T00:00:00Z') }],
];
/** The default partitions are empty: looking into them costs nothing either way. */
const sequential = /Seq Scan on (?!caliper_(events|envelopes)_default)/;
const middle = { eventTime: '2026-03-01 00:00:00+00', eventId: someId };

describe.each(whose)('events of %s', (_, application) => {
  describe.each(by)('by %s', (_by, filter) => {
    it.each(when)('%s are read by an index', async (_when, times) => {
      const all = { ...application, ...filter, ...times };
      for (const after of [undefined, middle]) {
        const plan = await plansOf(database.db, () =>
          listEvents(database.db, all, { after, offset: 0, limit: 100, maxBytes: 1e6 }),
        );
        expect(plan).not.toMatch(sequential);
        expect(mostRows(plan)).toBeLessThan(1500);
      }
      const plan = await plansOf(database.db, () => countEvents(database.db, all, 10_000));
      expect(plan).not.toMatch(sequential);
      expect(mostRows(plan)).toBeLessThan(25_000); // Of less than three times as many it may read all.
    });
  });

  it('are skipped by an index up to the largest offset', async () => {
    const page = { after: undefined, offset: 10_000, limit: 100, maxBytes: 1e6 };
    const plan = await plansOf(database.db, () => listEvents(database.db, application, page));
    expect(plan).not.toMatch(sequential);
    expect(mostRows(plan)).toBeLessThanOrEqual(10_101);
  });
});

describe('an event', () => {
  it('is found in its own month alone', async () => {
    const find = () => findEvent(database.db, quiet, someId);
    expect(await find()).toBeDefined();
    const plan = await plansOf(database.db, find);
    expect(plan).not.toMatch(sequential);
    expect(mostRows(plan)).toBe(1);
    expect(plan.match(/Index Scan using caliper_events_\S+ on caliper_events_\S+ .*\(actual/g)).toHaveLength(1);
  });
});

describe('totals', () => {
  const groups: Grouping[][] = [
    ['learner', 'course', 'day'],
    ['learner'],
    ['learner', 'day'],
    ['course'],
    ['day'],
    ['course', 'day'],
  ];
  const filters: [string, TotalsFilter][] = [
    ['all', { applicationId: busy }],
    ['of a learner', { applicationId: busy, learner: 'learner-77' }],
    ['of a course', { applicationId: busy, courseId: 'course-7' }],
    ['of a month', { applicationId: busy, from: '2026-02-01', to: '2026-02-28' }],
  ];

  describe.each(filters)('%s', (_, filter) => {
    it.each(groups.map((names) => [names.join(', '), names] as const))(
      'by %s are read by an index',
      async (_by, names) => {
        const read = () => listTotals(database.db, filter, names, { after: undefined, limit: 101 });
        const plan = await plansOf(database.db, read);
        expect(plan).not.toMatch(sequential);
        expect(mostRows(plan)).toBeLessThan(13_000);
      },
    );
  });
});
