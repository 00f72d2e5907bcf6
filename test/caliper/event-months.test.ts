import { makeMonthsAhead, monthAt } from '../../src/caliper/event-months';
import { listMonths } from '../../src/caliper/event-months.store';
import { removeOldEvents } from '../../src/caliper/remove-old-events';
import { asStored, caliperApi, type CaliperApi, newActivity } from '../support/caliper-api';
import { startHub, type TestHub, type TestKey } from '../support/hub';

let hub: TestHub;
let key: TestKey;
let api: CaliperApi;

beforeEach(async () => {
  hub = await startHub();
  key = await hub.newKey();
  api = caliperApi(hub, key);
});
afterEach(() => hub.close());

const now = new Date();
const partitionOf = async (id: unknown): Promise<string> => {
  const { rows } = await hub.resources.db.raw<{ rows: { partition: string }[] }>(
    'select tableoid::regclass::text as partition from caliper_events where event_id = ?',
    [String(id).slice(9)],
  );
  return rows[0]?.partition ?? '';
};
const tableAt = (month: Date): string => `caliper_events_${month.toISOString().slice(0, 7).replace('-', '_')}`;

/** As if all that is stored had come at that time. */
async function receivedAt(time: Date): Promise<void> {
  for (const table of ['caliper_envelopes', 'caliper_events', 'caliper_event_ids']) {
    await hub.resources.db(table).update({ received_at: time });
  }
}

describe('the months of events', () => {
  it('are made with the first event, this one and the next', async () => {
    const event = newActivity();
    await api.events(event);
    expect(await partitionOf(event.id)).toBe(tableAt(now));
    expect((await listMonths(hub.resources.db)).map(({ table }) => table)).toEqual([
      tableAt(now),
      tableAt(monthAt(now, 1)),
    ]);
  });

  it('are made once, whoever makes them at the same time', async () => {
    await Promise.all(Array.from({ length: 8 }, () => makeMonthsAhead(hub.resources.db, now)));
    expect(await listMonths(hub.resources.db)).toHaveLength(2);
  });

  it('that are missing stop nobody: what went to the default partition is moved when they are made', async () => {
    const { db } = hub.resources;
    await db.raw('alter table caliper_events_default rename to hidden');
    await db.raw('create view caliper_events_default as select now() as received_at where false');
    const event = newActivity();
    expect(await api.events(event)).toMatchObject({ status: 200 });
    expect(await partitionOf(event.id)).toBe('hidden');
    await db.raw('drop view caliper_events_default');
    await db.raw('alter table hidden rename to caliper_events_default');
    await makeMonthsAhead(db, now);
    expect(await partitionOf(event.id)).toBe(tableAt(now));
    expect(await api.find(String(event.id))).toMatchObject(asStored(event));
  });
});

describe('old events', () => {
  it('go by whole months, with their ids; totals stay', async () => {
    const { db } = hub.resources;
    const [old, recent] = [newActivity(), newActivity()];
    const lastMonth = monthAt(now, -1);
    await makeMonthsAhead(db, lastMonth);
    await api.events(old);
    await receivedAt(new Date(lastMonth.getTime() + 3600_000));
    expect(await partitionOf(old.id)).toBe(tableAt(lastMonth));
    await api.events(recent);
    expect(await removeOldEvents(new Date(monthAt(now).getTime() - 1), hub.resources, () => undefined)).toBe(0);
    expect(await removeOldEvents(monthAt(now), hub.resources, () => undefined)).toBe(1);
    expect((await api.list()).events).toMatchObject([{ externalId: recent.id }]);
    expect(await api.find(String(old.id))).toBeUndefined();
    expect(await db('caliper_event_ids')).toHaveLength(1);
    expect((await api.totals()).totals).toMatchObject([{ xp: 200 }]);
  });
});
