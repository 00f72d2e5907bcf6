import { v7 as uuid } from 'uuid';
import { removeOldDeliveries } from '../../src/deliveries/remove-old-deliveries';
import { addEndpoint } from '../support/deliveries';
import { startHub, type TestHub } from '../support/hub';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

const day = 24 * 3600 * 1000;
const now = Date.now();

test('what is finished and old is removed with its attempts, however much of it is not finished', async () => {
  const { applicationId } = await hub.newKey();
  const { db } = hub.resources;
  const endpoint = await addEndpoint({ applicationId, url: 'http://127.0.0.1:1/' }, hub.resources);
  const row = (daysAgo: number, state: string) => ({
    id: uuid({ msecs: now - daysAgo * day }),
    application_id: applicationId,
    endpoint_id: endpoint.id,
    shard: endpoint.shard,
    subject_kind: 'test',
    subject_id: uuid(),
    payload: '{}',
    state,
    finished_at: state === 'pending' ? null : new Date(now - daysAgo * day),
  });
  const rows = [
    ...Array.from({ length: 1500 }, () => row(50, 'pending')),
    ...Array.from({ length: 1500 }, () => row(40, 'delivered')),
    row(40, 'dead'),
    row(40, 'cancelled'),
    row(20, 'delivered'),
    row(20, 'dead'),
  ];
  await db.batchInsert('deliveries', rows);
  const old = rows[1600]!;
  await db('delivery_attempts').insert({
    delivery_id: old.id,
    number: 1,
    attempted_at: new Date(),
    status: 200,
    latency_ms: 1,
  });

  let batches = 0;
  const removed = await removeOldDeliveries(new Date(now - 30 * day), hub.resources, () => void (batches += 1));
  expect(removed).toBe(1502);
  expect(batches).toBeGreaterThan(2);
  const left = await db('deliveries').pluck<string[]>('id');
  const kept = rows.filter(({ state, id }) => state === 'pending' || id > uuid({ msecs: now - 30 * day }));
  expect(left.sort()).toEqual(kept.map(({ id }) => id).sort());
  expect(await db('delivery_attempts').where({ delivery_id: old.id })).toEqual([]);
});
