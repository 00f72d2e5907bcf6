import { v7 as uuid } from 'uuid';
import { insertApplication } from '../../src/applications/applications.store';
import { deliveryStates } from '../../src/deliveries/deliveries.rules';
import { type DeliveryFilter, listDeliveries, listMatching } from '../../src/deliveries/delivery-list.store';
import { findEndpoint, listEndpoints } from '../../src/deliveries/endpoint-list.store';
import { createDatabase, type TestDatabase } from '../support/database';
import { mostRows, plansOf as explain } from '../support/plans';

jest.setTimeout(120_000);

let database: TestDatabase;
const [busy, quiet] = [uuid(), uuid()];
const endpoints = Array.from({ length: 5 }, () => uuid());
const quietEndpoint = uuid();
const startedAt = new Date('2026-02-01T00:00:00Z');

/** 50,000 deliveries, one a second; all but one in a hundred are delivered. */
beforeAll(async () => {
  database = await createDatabase();
  const { db } = database;
  for (const id of [busy, quiet]) await insertApplication(db, id, id);
  const row = (id: string, application: string) => ({
    id,
    application_id: application,
    dialect: 'postback',
    origin: 'https://lms.example.com',
    url: Buffer.from('x'),
    signing_secret: Buffer.from('x'),
  });
  await db('endpoints').insert([...endpoints.map((id) => row(id, busy)), row(quietEndpoint, quiet)]);
  await db.raw(
    `insert into deliveries (id, application_id, endpoint_id, shard, subject_kind, subject_id, payload, state, created_at,
       finished_at, next_attempt_at)
     select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '-7000-8000-'
         || lpad(to_hex(number), 12, '0'))::uuid,
       e.application_id, e.id, e.shard, 'test', (number / 10)::text, '{}', outcome, at,
       case when outcome in ('pending', 'blocked', 'retrying') then null else at end,
       case when outcome = 'retrying' then at end
     from generate_series(1, 50000) number
     cross join lateral (select :startedAt::timestamptz + make_interval(secs => number) as at,
       case when number % 100 = 0 then (:states::text[])[1 + (number / 100) % 6] else 'delivered' end as outcome) each
     join endpoints e on e.id = case when number % 1000 in (7, 100) then :quietEndpoint::uuid
       else (:endpoints::uuid[])[1 + (number + number / 100) % 5] end`,
    { startedAt, states: [...deliveryStates], quietEndpoint, endpoints },
  );
  await db.raw('vacuum analyze deliveries');
  await db.raw('analyze endpoints');
});
afterAll(() => database.drop());

const plansOf = (work: () => Promise<unknown>): Promise<string> => explain(database.db, work);

const subjects: [string, DeliveryFilter][] = [
  ['all', {}],
  ['of an application', { applicationId: busy }],
  ['of a small application', { applicationId: quiet }],
  ['to an endpoint', { applicationId: busy, endpointId: endpoints[0] }],
  ['to a quiet endpoint', { applicationId: quiet, endpointId: quietEndpoint }],
  ['of a subject', { applicationId: busy, subjectId: '2500', subjectKind: 'test' }],
  ['of a subject, for an administrator', { subjectId: '2500' }],
];
const states: [string, DeliveryFilter][] = [
  ['in any state', {}],
  ...deliveryStates.map((state): [string, DeliveryFilter] => [`that are ${state}`, { state }]),
];
const times: [string, DeliveryFilter][] = [
  ['at any time', {}],
  ['since a time', { since: new Date('2026-02-01T06:00:00Z') }],
  ['until a time', { until: new Date('2026-02-01T06:00:00Z') }],
  ['in an hour', { since: new Date('2026-02-01T06:00:00Z'), until: new Date('2026-02-01T07:00:00Z') }],
];

describe.each(subjects)('a page of deliveries %s', (_, subject) => {
  describe.each(states)('%s', (_state, state) => {
    it.each(times)('%s is read by an index', async (_time, time) => {
      const filter = { ...subject, ...state, ...time };
      const plan = await plansOf(() => listDeliveries(database.db, filter, { afterId: undefined, limit: 101 }));
      expect(plan).not.toContain('Seq Scan on deliveries');
      expect(mostRows(plan)).toBeLessThan(5000);
    });
  });
});

describe('ids for a bulk', () => {
  it.each([
    ['the dead', { applicationId: busy, states: ['dead'] }],
    ['what is unfinished', { applicationId: busy, states: ['pending', 'blocked', 'retrying'] }],
    [
      'all to an endpoint',
      { applicationId: busy, endpointId: endpoints[0], states: ['dead', 'cancelled', 'delivered'] },
    ],
    ['what a quiet endpoint waits for', { applicationId: quiet, endpointId: quietEndpoint, states: ['retrying'] }],
  ] as const)('%s are read by an index', async (_, filter) => {
    const since = startedAt;
    for (const direction of ['asc', 'desc'] as const) {
      const page = { direction, after: undefined, limit: 1000 };
      const plan = await plansOf(() => listMatching(database.db, { ...filter, since }, page));
      expect(plan).not.toContain('Seq Scan on deliveries');
    }
  });
});

describe('an endpoint', () => {
  it('is read with its count of what is unfinished by indexes', async () => {
    const plan = await plansOf(() => findEndpoint(database.db, busy, endpoints[0]!));
    expect(plan).not.toContain('Seq Scan on deliveries');
    expect(mostRows(plan)).toBeLessThan(1000);
  });

  it('is counted without what has ended', async () => {
    const { db } = database;
    const [{ count } = { count: 0 }] = await db('deliveries')
      .where({ endpoint_id: endpoints[0] })
      .whereNull('finished_at')
      .count<{ count: number }[]>();
    expect((await findEndpoint(db, busy, endpoints[0]!))?.unfinished).toBe(count);
  });

  it('is listed without a look at deliveries', async () => {
    const filter = { applicationId: busy, dialect: undefined, states: [] };
    const plan = await plansOf(() => listEndpoints(database.db, filter, { afterId: undefined, limit: 101 }));
    expect(plan).not.toContain('deliveries');
  });
});
