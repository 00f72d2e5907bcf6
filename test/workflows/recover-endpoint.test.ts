import type { WorkflowHandle } from '@temporalio/client';
import type { recoverEndpoint } from '../../workflows';
import { queuePostbacks, untilState } from '../support/deliveries';
import { recordHistory, replay } from '../support/histories';
import { closeReceivers, ok, type Receiver, startReceiver, status } from '../support/receivers';
import { SkippedDeliveries } from '../support/skipped-deliveries';
import { untilStarted } from '../support/workflows';

jest.setTimeout(180_000);

let deliveries: SkippedDeliveries;
beforeAll(async () => {
  deliveries = await SkippedDeliveries.start();
});
afterAll(() => deliveries.stop());
afterEach(closeReceivers);

interface Held {
  ids: string[];
  receiver: Receiver;
  endpointId: string;
  handle: WorkflowHandle<typeof recoverEndpoint>;
}

/** An endpoint with a backlog whose receiver answers every request with 503. */
async function heldEndpoint(backlog: number): Promise<Held> {
  const { hub, env } = deliveries;
  const receiver = await startReceiver(status(503));
  const { applicationId } = await hub.newKey();
  await deliveries.readClock();
  const postbacks = Array.from({ length: backlog }, () => ({ applicationId, url: receiver.url }));
  const ids = await queuePostbacks(postbacks, hub.resources);
  const { id: endpointId } = await hub.resources
    .db('endpoints')
    .where({ application_id: applicationId })
    .first<{ id: string }>();
  const handle = env.client.workflow.getHandle<typeof recoverEndpoint>(`endpoint/${endpointId}`);
  await untilStarted(handle);
  return { ids, receiver, endpointId, handle };
}

const endpointNow = (id: string) =>
  deliveries.hub.resources.db('endpoints').where({ id }).first<Record<string, unknown>>();

test('holds everything back, probes with one at a time, and lets all go once one has arrived', async () => {
  const { ids, receiver, endpointId, handle } = await heldEndpoint(100);
  const before = receiver.received.length;
  expect(before).toBeLessThan(30);
  receiver.answerWith(status(503), status(503), status(503), ok());
  expect(await handle.result()).toBe('active');
  for (const id of ids) await untilState(deliveries.hub.resources, id, 'delivered');
  // Those that failed at first, four probes, and each of the others once.
  const probed = receiver.received.slice(before, before + 3).map(({ headers }) => headers['webhook-id']);
  expect(new Set(probed).size).toBe(3);
  expect(await endpointNow(endpointId)).toMatchObject({ state: 'active', failures: 0, probes: 0, next_probe_at: null });
  await recordHistory('recover-endpoint.recovered', handle);
});

test('probes at growing intervals, up to a quarter of an hour', async () => {
  const { receiver, handle } = await heldEndpoint(40);
  const failing = receiver.received.length;
  const times: number[] = [];
  receiver.answerWith((response) => {
    times.push(deliveries.now().getTime());
    response.statusCode = times.length > 12 ? 200 : 503;
    response.end();
  });
  expect(await handle.result()).toBe('active');
  const waits = times.slice(1, 13).map((time, index) => (time - (times[index] ?? 0)) / 1000);
  expect(receiver.received.length).toBeGreaterThan(failing + 12);
  expect(waits[6]).toBeGreaterThan(400);
  for (const wait of waits.slice(7)) expect(wait).toBeGreaterThan(700);
  for (const wait of waits) expect(wait).toBeLessThan(1300);
  await recordHistory('recover-endpoint.long', handle);
});

test('`now` probes at once', async () => {
  const { receiver, handle } = await heldEndpoint(20);
  receiver.answerWith(ok());
  await handle.signal('now');
  expect(await handle.result()).toBe('active');
});

test('where nothing is left to send, the endpoint is open again', async () => {
  const { ids, endpointId, handle } = await heldEndpoint(20);
  const { db } = deliveries.hub.resources;
  await db('deliveries')
    .whereIn('id', ids)
    .update({ state: 'cancelled', finished_at: new Date(), next_attempt_at: null });
  expect(await handle.result()).toBe('active');
  expect(await endpointNow(endpointId)).toMatchObject({ state: 'active' });
});

test('ends where an operator pauses the endpoint', async () => {
  const { endpointId, handle } = await heldEndpoint(20);
  await deliveries.hub.resources.db('endpoints').where({ id: endpointId }).update({ state: 'paused' });
  expect(await handle.result()).toBe('paused');
  await recordHistory('recover-endpoint.paused', handle);
});

test('says since when, why, how many wait and when the next probe is due', async () => {
  const { receiver, handle } = await heldEndpoint(50);
  const details = async (): Promise<string> =>
    (await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails;
  let said = await details();
  while (!said) said = await details();
  expect(said).toMatch(
    /^50 deliveries wait since \d{4}-.*Z because the receiver answered 503\. Next probe at \d{4}-.*Z; 0 have failed\.$/,
  );
  receiver.answerWith(ok());
  await handle.result();
});

test.each(['recovered', 'long', 'paused'])('the recorded history replays on this code: %s', async (name) => {
  await expect(replay(`recover-endpoint.${name}`)).resolves.toBeUndefined();
});
