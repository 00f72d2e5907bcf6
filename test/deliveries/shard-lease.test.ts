import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { connectDatabase } from '../../src/database/connection';
import { ShardLease } from '../../src/deliveries/shard-lease';
import { startHub, type TestHub } from '../support/hub';
import { createTcpGate } from '../support/tcp-gate';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

async function take(
  shard: number,
  resources: Pick<TestHub['resources'], 'db' | 'log'> = hub.resources,
): Promise<ShardLease> {
  const lease = await ShardLease.take(shard, resources);
  if (!lease) throw new Error('somebody else holds it');
  return lease;
}

async function expiryOf(shard: number): Promise<number> {
  const row = await hub.resources.db('delivery_leases').where({ shard }).first<{ expires_at: Date }>();
  return row.expires_at.getTime();
}

test('a lease is renewed while its holder lives', async () => {
  const lease = await take(0);
  const expiry = await expiryOf(0);
  while ((await expiryOf(0)) === expiry) await delay(50);
  expect(await expiryOf(0)).toBeGreaterThan(expiry);
  expect(lease.isHeld).toBe(true);
  await lease.release();
  expect(lease.isHeld).toBe(false);
});

test('a lease that another has taken ends', async () => {
  const lease = await take(1);
  await hub.resources.db('delivery_leases').where({ shard: 1 }).increment('token');
  await once(lease.signal, 'abort');
  expect(lease.isHeld).toBe(false);
  await lease.release();
});

test('a lease that cannot be renewed ends before another can take it', async () => {
  const url = new URL(hub.config.database.url);
  const gate = await createTcpGate(url.host);
  url.host = gate.address;
  const db = connectDatabase(url.href, 2);
  const lease = await take(2, { ...hub.resources, db });
  gate.holdRequests();
  await once(lease.signal, 'abort');
  expect(Date.now()).toBeLessThan(await expiryOf(2));
  expect(await ShardLease.take(2, hub.resources)).toBeUndefined();
  gate.open();
  await lease.release();
  await db.destroy();
  await gate.close();
});

test('a lease that is released can be taken at once', async () => {
  await (await take(3)).release();
  await (await take(3)).release();
  expect(await expiryOf(3)).toBeLessThanOrEqual(Date.now());
});
