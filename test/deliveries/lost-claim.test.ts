import { setTimeout as delay } from 'node:timers/promises';
import { readConfig } from '../../src/config';
import { closeResources, openResources, type Resources } from '../../src/resources';
import { untilSomebodyWaits } from '../support/database';
import { deliveryOf, queuePostbacks, startDrains, type TestDrains, untilState } from '../support/deliveries';
import { startHub, type TestHub } from '../support/hub';
import { closeReceivers, startReceiver } from '../support/receivers';
import { createTcpGate, type TcpGate } from '../support/tcp-gate';

jest.setTimeout(30_000);

let hub: TestHub;
let gate: TcpGate;
/** Their database is behind the gate. */
let resources: Resources;
let drains: TestDrains | undefined;

beforeAll(async () => {
  hub = await startHub();
  const address = new URL(hub.config.database.url);
  gate = await createTcpGate(address.host);
  address.host = gate.address;
  resources = openResources(readConfig({ ...hub.env, DATABASE_URL: address.href }), 'test');
});
afterAll(async () => {
  gate.open();
  await drains?.stop();
  await closeReceivers();
  await closeResources(resources);
  await gate.close();
  await hub.close();
});

const tokenOf = async (id: string): Promise<number> =>
  Number((await hub.resources.db('deliveries').where({ id }).first('lease_token'))?.lease_token);

test('what was claimed goes out although the answer to the claim was lost with its connection', async () => {
  const receiver = await startReceiver();
  const { applicationId } = await hub.newKey();
  const [id = ''] = await queuePostbacks([{ applicationId, url: receiver.url }], hub.resources);
  const lock = await hub.resources.db.transaction();
  await lock('deliveries').where({ id }).forUpdate();
  drains = startDrains(resources);
  await untilSomebodyWaits(hub.resources.db);
  gate.holdAnswers();
  await lock.commit();
  while ((await tokenOf(id)) === 0) await delay(10);
  gate.open();
  await untilState(hub.resources, id, 'delivered');
  expect(await deliveryOf(hub.resources, id)).toMatchObject({ attempts: 1 });
  expect(receiver.received).toHaveLength(1);
});
