import {
  claimDeliveries,
  releaseRetry,
  type SendableRow,
  type ShardClaim,
} from '../../src/deliveries/deliveries.store';
import { type AttemptRecord, recordAttempts } from '../../src/deliveries/delivery-attempts.store';
import { releaseLease, renewLease, takeLease } from '../../src/deliveries/delivery-leases.store';
import { attemptsOf, deliveryOf, queuePostbacks } from '../support/deliveries';
import { startHub, type TestHub } from '../support/hub';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());
beforeEach(() => hub.resources.db('delivery_leases').update({ expires_at: new Date(0) }));

const take = (shard: number) => takeLease(hub.resources.db, shard, 10);
const renew = (shard: number, token: number) => renewLease(hub.resources.db, shard, token, 10);

async function held(shard: number): Promise<number> {
  const token = await take(shard);
  if (token === undefined) throw new Error('somebody else holds the lease');
  return token;
}

/** What a pause of its holder does. */
const expire = (shard: number) =>
  hub.resources
    .db('delivery_leases')
    .where({ shard })
    .update({ expires_at: new Date(0) });

describe('a lease', () => {
  test('is given to one, and to the next when it has run out, with a larger token', async () => {
    const first = await held(3);
    expect(await take(3)).toBeUndefined();
    await expire(3);
    expect(await held(3)).toBeGreaterThan(first);
  });

  test('is given to one of many that ask at once', async () => {
    const tokens = await Promise.all(Array.from({ length: 8 }, () => take(4)));
    expect(tokens.filter((token) => token !== undefined)).toHaveLength(1);
  });

  test('that another has taken cannot be renewed or released', async () => {
    const first = await held(5);
    expect(await renew(5, first)).toBe(true);
    await expire(5);
    const second = await held(5);
    expect(await renew(5, first)).toBe(false);
    await releaseLease(hub.resources.db, 5, first);
    expect(await take(5)).toBeUndefined();
    await releaseLease(hub.resources.db, 5, second);
    expect(await take(5)).toBeGreaterThan(second);
  });
});

describe('under a lease', () => {
  async function queued(count: number): Promise<{ ids: string[]; shard: number }> {
    const { applicationId } = await hub.newKey();
    const url = 'http://127.0.0.1:9999/';
    const ids = await queuePostbacks(
      Array.from({ length: count }, () => ({ applicationId, url })),
      hub.resources,
    );
    return { ids, shard: (await deliveryOf(hub.resources, ids[0] ?? '')).shard };
  }

  const claimRows = async (asked: ShardClaim): Promise<SendableRow[]> =>
    (await claimDeliveries(hub.resources.db, [asked]))[0]!.rows;

  async function claim(shard: number, token: number): Promise<string[]> {
    return (await claimRows({ shard, token, holdings: [] })).map(({ id }) => id);
  }

  const delivered = (id: string, token: number, more: Partial<AttemptRecord> = {}): AttemptRecord => ({
    delivery_id: id,
    number: 1,
    lease_token: token,
    state: 'delivered',
    next_attempt_at: null,
    attempted_at: new Date(),
    status: 200,
    latency_ms: 1,
    answer: '',
    error: null,
    request: null,
    ...more,
  });

  const record = (...attempts: AttemptRecord[]): Promise<string[]> =>
    hub.resources.db.transaction(async (tx) => (await recordAttempts(tx, attempts)).map((row) => row.delivery_id));

  beforeEach(() => hub.resources.db('deliveries').delete());

  test('the oldest are claimed first, each once', async () => {
    const { ids, shard } = await queued(8);
    const token = await held(shard);
    expect(await claim(shard, token)).toEqual(ids);
    expect(await claim(shard, token)).toEqual([]);
  });

  test('as many are claimed of an endpoint as it has slots, or as there is room', async () => {
    const { ids, shard } = await queued(40);
    const token = await held(shard);
    expect(await claim(shard, token)).toEqual(ids.slice(0, 10));
    const { endpoint_id } = await hub.resources.db('deliveries').where({ id: ids[0] }).first<{ endpoint_id: string }>();
    const withRoom = (room: number) => claimRows({ shard, token, holdings: [{ endpoint_id, in_hand: 10, room }] });
    expect(await withRoom(0)).toHaveLength(0);
    expect((await withRoom(25)).map(({ id }) => id)).toEqual(ids.slice(10, 35));
  });

  test('several shards are claimed in one go, each under its own lease', async () => {
    const all = [await queued(2), await queued(2), await queued(2)];
    const shards = [...new Set(all.map(({ shard }) => shard))];
    const claims = await Promise.all(shards.map(async (shard) => ({ shard, token: await held(shard), holdings: [] })));
    const lost = claims[0]!.shard;
    await expire(lost);
    const claimed = await claimDeliveries(hub.resources.db, claims);
    for (const [index, { shard }] of claims.entries()) {
      const theirs = all.filter((one) => one.shard === shard).flatMap(({ ids }) => ids);
      expect(claimed[index]?.rows.map(({ id }) => id)).toEqual(shard === lost ? [] : theirs);
    }
  });

  test('endpoints come in turn, those with the least in hand first', async () => {
    const endpoints: { ids: string[] }[] = [];
    for (let count = 0; count < 12; count += 1) endpoints.push(await queued(100));
    await hub.resources.db('deliveries').update({ shard: 0 });
    await hub.resources.db('endpoints').update({ slots: 100 });
    const token = await held(0);
    const of = async (id: string) =>
      (await hub.resources.db('deliveries').where({ id }).first<{ endpoint_id: string }>()).endpoint_id;
    const busy = await of(endpoints[0]?.ids[0] ?? '');
    const rows = await claimRows({ shard: 0, token, holdings: [{ endpoint_id: busy, in_hand: 50, room: 100 }] });
    expect(rows).toHaveLength(1000);
    const counts = await Promise.all(
      endpoints.map(async ({ ids }) => {
        const endpoint = await of(ids[0] ?? '');
        return rows.filter((row) => row.endpoint_id === endpoint).length;
      }),
    );
    // 50 more than the others have it as full as they are.
    expect(counts[0]).toBeLessThan(50);
    for (const count of counts.slice(1)) expect(count).toBeGreaterThan(80);
  });

  test('nothing is claimed once it has run out or another holds it', async () => {
    const { ids, shard } = await queued(1);
    const first = await held(shard);
    await expire(shard);
    expect(await claim(shard, first)).toEqual([]);
    const second = await held(shard);
    expect(await claim(shard, first)).toEqual([]);
    expect(await claim(shard, second)).toEqual(ids);
  });

  test('what a former holder claimed is claimed again, and its result is not taken', async () => {
    const { ids, shard } = await queued(2);
    const [id = '', untouched = ''] = ids;
    const first = await held(shard);
    await claim(shard, first);
    await expire(shard);
    const second = await held(shard);
    expect(await claim(shard, second)).toEqual(ids);
    expect(await record(delivered(id, first))).toEqual([]);
    expect(await deliveryOf(hub.resources, id)).toMatchObject({ state: 'pending', attempts: 0 });
    expect(await record(delivered(id, second), delivered(untouched, first))).toEqual([id]);
    expect(await attemptsOf(hub.resources, id)).toHaveLength(1);
    expect(await attemptsOf(hub.resources, untouched)).toEqual([]);
  });

  test('an attempt is written once, and only as the next one', async () => {
    const { ids, shard } = await queued(1);
    const [id = ''] = ids;
    const token = await held(shard);
    await claim(shard, token);
    const failed = { state: 'retrying', next_attempt_at: new Date(), status: 500 } as const;
    expect(await record(delivered(id, token - 1))).toEqual([]);
    expect(await record(delivered(id, token, { ...failed, number: 2 }))).toEqual([]);
    expect(await record(delivered(id, token, failed))).toEqual([id]);
    expect(await record(delivered(id, token, failed))).toEqual([]);
    await releaseRetry(hub.resources.db, id, 1);
    expect(await record(delivered(id, token, { number: 2 }))).toEqual([]);
    expect(await claim(shard, token)).toEqual([id]);
    expect(await record(delivered(id, token, { ...failed, number: 2 }))).toEqual([id]);
    await releaseRetry(hub.resources.db, id, 1);
    expect(await claim(shard, token)).toEqual([]);
    await releaseRetry(hub.resources.db, id, 2);
    expect(await claim(shard, token)).toEqual([id]);
    expect(await record(delivered(id, token, { number: 3 }))).toEqual([id]);
    expect(await record(delivered(id, token, { number: 4 }))).toEqual([]);
    expect((await attemptsOf(hub.resources, id)).map(({ number }) => number)).toEqual([1, 2, 3]);
  });
});
