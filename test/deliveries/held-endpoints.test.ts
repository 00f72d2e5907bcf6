import { probeEndpoint, releaseHeld } from '../../src/deliveries/recover-endpoint';
import type { EndpointRef } from '../../src/deliveries/endpoints.store';
import { newSigningSecret, signatureHeaders } from '../../src/deliveries/sign-webhook';
import {
  addEndpoint,
  attemptsOf,
  deliveryOf,
  endpointOf,
  queuePostbacks,
  queueTo,
  startDrains,
  type TestDrains,
  untilEndpoint,
  untilState,
} from '../support/deliveries';
import { startHub, type TestHub } from '../support/hub';
import { closeReceivers, hang, ok, type Receiver, startReceiver, status, tooManyRequests } from '../support/receivers';

let hub: TestHub;
let applicationId: string;
let drains: TestDrains | undefined;

beforeAll(async () => {
  hub = await startHub({ env: { DELIVERY_TIMEOUT_SECONDS: '2' } });
});
afterAll(() => hub.close());
beforeEach(async () => {
  ({ applicationId } = await hub.newKey());
});
afterEach(async () => {
  await drains?.stop();
  drains = undefined;
  await closeReceivers();
});

const drain = (): TestDrains => (drains = startDrains(hub.resources));
const idOf = ({ headers }: Receiver['received'][number]): string => String(headers['webhook-id']);

/** An endpoint that fails as a whole, with a backlog. */
async function held(receiver: Receiver, count: number): Promise<{ ids: string[]; endpointId: string }> {
  const ids = await queuePostbacks(
    Array.from({ length: count }, () => ({ applicationId, url: receiver.url })),
    hub.resources,
  );
  const { db } = hub.resources;
  const { id: endpointId } = await db('endpoints').where({ application_id: applicationId }).first<{ id: string }>();
  drain();
  await untilEndpoint(hub.resources, endpointId, 'recovering');
  return { ids, endpointId };
}

const countStates = async (ids: string[]): Promise<Record<string, number>> => {
  const states = await hub.resources.db('deliveries').whereIn('id', ids).pluck<string[]>('state');
  return Object.fromEntries([...new Set(states)].map((state) => [state, states.filter((one) => one === state).length]));
};

describe('an endpoint that fails as a whole', () => {
  test('is left alone: what it was to get waits, and nobody else is held up', async () => {
    const [failing, healthy] = [await startReceiver(status(503)), await startReceiver(ok())];
    const { ids, endpointId } = await held(failing, 300);
    const [other = ''] = await queuePostbacks([{ applicationId, url: healthy.url }], hub.resources);
    await untilState(hub.resources, other, 'delivered');
    await drains?.stop();
    expect(failing.received.length).toBeLessThan(60);
    const states = await countStates(ids);
    expect(states).toEqual({ retrying: failing.received.length, pending: 300 - failing.received.length });
    // Given back, so that a probe can take them under the same lease.
    const claimed = await hub.resources.db('deliveries').whereIn('id', ids).where('lease_token', '>', 0);
    expect(claimed).toEqual([]);
    expect(await endpointOf(hub.resources, endpointId)).toMatchObject({ probes: 0, dying: false });
  });

  test('has one workflow that looks after it, and none for each delivery', async () => {
    const { ids, endpointId } = await held(await startReceiver(status(500)), 50);
    await drains?.stop();
    const rows = await hub.resources
      .db('outbox')
      .whereIn('workflow_id', [`endpoint/${endpointId}`, ...ids.map((id) => `delivery/${id}`)]);
    expect(rows.filter(({ workflow_id }) => workflow_id === `endpoint/${endpointId}`)).toMatchObject([
      {
        action: 'start',
        signal: 'changed',
        workflow_type: 'recoverEndpoint',
        args: [{ endpointId }],
        search_attributes: { HubApplicationId: applicationId, HubEndpointId: endpointId, HubState: 'recovering' },
      },
    ]);
    expect(rows.length).toBeLessThanOrEqual(11);
  });

  test('is tried with one delivery at a time, each time another, and takes all once one arrived', async () => {
    const receiver = await startReceiver(status(503));
    const { ids, endpointId } = await held(receiver, 60);
    const failed = receiver.received.length;
    for (const probe of [1, 2]) {
      await probeEndpoint(endpointId, hub.resources);
      await untilEndpoint(hub.resources, endpointId, 'recovering');
      expect((await endpointOf(hub.resources, endpointId)).probes).toBe(probe);
      expect(receiver.received).toHaveLength(failed + probe);
    }
    receiver.answerWith(ok());
    await probeEndpoint(endpointId, hub.resources);
    await untilEndpoint(hub.resources, endpointId, 'active');
    await releaseHeld(endpointId, hub.resources);
    for (const id of ids) await untilState(hub.resources, id, 'delivered');
    const tried = receiver.received.slice(failed, failed + 2).map(idOf);
    expect(new Set([...receiver.received.slice(0, failed).map(idOf), ...tried]).size).toBe(failed + 2);
    expect(receiver.received).toHaveLength(failed + 2 + 60);
  });

  test('is tried with what waits for a retry where there is nothing else', async () => {
    const receiver = await startReceiver(status(503));
    const { ids, endpointId } = await held(receiver, 10);
    expect(await countStates(ids)).toEqual({ retrying: 10 });
    receiver.answerWith(ok());
    expect(await probeEndpoint(endpointId, hub.resources)).toMatchObject({ held: 10 });
    for (const id of ids) await untilState(hub.resources, id, 'delivered');
    expect(await endpointOf(hub.resources, endpointId)).toMatchObject({ state: 'active', failures: 0 });
  });

  test('that lost its workflow is probed all the same', async () => {
    const receiver = await startReceiver(status(503));
    const { ids, endpointId } = await held(receiver, 20);
    await drains?.stop();
    receiver.answerWith(ok());
    await hub.resources
      .db('endpoints')
      .where({ id: endpointId })
      .update({ next_probe_at: new Date(Date.now() - 180_000) });
    drain();
    await untilEndpoint(hub.resources, endpointId, 'active');
    await releaseHeld(endpointId, hub.resources);
    for (const id of ids) await untilState(hub.resources, id, 'delivered');
  });
});

describe.each(['paused', 'disabled', 'deleted'] as const)('an endpoint that is %s', (state) => {
  test('gets nothing, and keeps what it was to get', async () => {
    const [receiver, healthy] = [await startReceiver(ok()), await startReceiver(ok())];
    const endpoint = await addEndpoint({ applicationId, url: receiver.url }, hub.resources);
    await hub.resources.db('endpoints').update({ state }).where({ id: endpoint.id });
    const theirs = await queueTo(endpoint, { applicationId }, hub.resources);
    const beside = {
      id: (await addEndpoint({ applicationId, url: healthy.url }, hub.resources)).id,
      shard: endpoint.shard,
    };
    drain();
    await untilState(hub.resources, await queueTo(beside, { applicationId }, hub.resources), 'delivered');
    expect(await deliveryOf(hub.resources, theirs)).toMatchObject({ state: 'pending', attempts: 0 });
    await hub.resources.db('endpoints').update({ state: 'active' }).where({ id: endpoint.id });
    await untilState(hub.resources, theirs, 'delivered');
    expect(receiver.received).toHaveLength(1);
  });
});

describe('an endpoint with a URL of its own', () => {
  /** Two deliveries, the second after the first was answered. */
  async function deliverTo(receiver: Receiver): Promise<{ first: string; second: string; endpoint: EndpointRef }> {
    const endpoint = await addEndpoint({ applicationId, url: receiver.url, slots: 1 }, hub.resources);
    const first = await queueTo(endpoint, { applicationId }, hub.resources);
    const second = await queueTo(endpoint, { applicationId }, hub.resources);
    drain();
    return { first, second, endpoint };
  }

  test('gets its credentials, and the signatures of both secrets while they are exchanged', async () => {
    const receiver = await startReceiver((response, request) => response.end(request.headers.authorization));
    const endpoint = await addEndpoint(
      { applicationId, url: `${receiver.url}/hook`, username: 'hub', password: 'p:ss' },
      hub.resources,
    );
    const { db, secrets } = hub.resources;
    const former = newSigningSecret();
    await db('endpoints')
      .where({ id: endpoint.id })
      .update({ previous_secret: secrets.encrypt(former), previous_secret_until: new Date(Date.now() + 60_000) });
    const id = await queueTo(endpoint, { applicationId, payload: { a: 1 } }, hub.resources);
    drain();
    await untilState(hub.resources, id, 'delivered');
    const [request] = receiver.received;
    expect(request).toMatchObject({ method: 'POST', path: '/hook', body: '{"a":1}' });
    expect(request?.headers.authorization).toBe(`Basic ${Buffer.from('hub:p:ss').toString('base64')}`);
    expect((await attemptsOf(hub.resources, id))[0]?.answer).toBe('Basic [secret]');
    const { signing_secret } = await endpointOf(hub.resources, endpoint.id);
    const at = new Date(Number(request?.headers['webhook-timestamp']) * 1000);
    const expected = signatureHeaders({ id, at, body: '{"a":1}' }, [secrets.decrypt(signing_secret), former]);
    expect(request?.headers).toMatchObject(expected);
  });

  test('that answers 410 is disabled: the delivery is dead, the others wait', async () => {
    const receiver = await startReceiver(status(410), ok());
    const { first, second, endpoint } = await deliverTo(receiver);
    await untilEndpoint(hub.resources, endpoint.id, 'disabled');
    await drains?.stop();
    expect(await deliveryOf(hub.resources, first)).toMatchObject({ state: 'dead', attempts: 1 });
    expect(await deliveryOf(hub.resources, second)).toMatchObject({ state: 'pending', attempts: 0 });
    expect(receiver.received).toHaveLength(1);
  });

  test('that asks for a rest gets it', async () => {
    const receiver = await startReceiver(tooManyRequests(3600), ok());
    const { first, second, endpoint } = await deliverTo(receiver);
    await untilState(hub.resources, first, 'retrying');
    const beside = await addEndpoint({ applicationId, url: (await startReceiver(ok())).url }, hub.resources);
    await untilState(hub.resources, await queueTo(beside, { applicationId }, hub.resources), 'delivered');
    expect(await deliveryOf(hub.resources, second)).toMatchObject({ state: 'pending' });
    const { held_until } = await endpointOf(hub.resources, endpoint.id);
    expect((held_until?.getTime() ?? 0) - Date.now()).toBeGreaterThan(3_500_000);
    await hub.resources.db('endpoints').where({ id: endpoint.id }).update({ held_until: new Date() });
    await untilState(hub.resources, second, 'delivered');
  });
});

test('a receiver that hangs is left alone after its first requests have timed out', async () => {
  const receiver = await startReceiver(hang());
  const { ids } = await held(receiver, 100);
  await drains?.stop();
  const tried = receiver.received.length;
  expect(tried).toBeLessThan(20);
  expect(await countStates(ids)).toEqual({ retrying: tried, pending: 100 - tried });
});
