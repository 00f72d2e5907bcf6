import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { connectDatabase } from '../../src/database/connection';
import type { Resources } from '../../src/resources';
import { attemptsOf, queuePostbacks, startDrains, untilState } from '../support/deliveries';
import { startHub, type TestHub } from '../support/hub';
import { closeReceivers, ok, startReceiver } from '../support/receivers';
import { createTcpGate, type TcpGate } from '../support/tcp-gate';

let hub: TestHub;
let gate: TcpGate;
let gated: Resources;

/** Drains that reach the database through a gate. */
beforeAll(async () => {
  hub = await startHub();
  const url = new URL(hub.config.database.url);
  gate = await createTcpGate(url.host);
  url.host = gate.address;
  gated = { ...hub.resources, db: connectDatabase(url.href, 10) };
});
afterAll(async () => {
  await gated.db.destroy();
  await gate.close();
  await hub.close();
});
afterEach(closeReceivers);

test('an answer that comes while the database is away is written when it is back, and nothing is sent twice', async () => {
  const open: ServerResponse[] = [];
  const receiver = await startReceiver((response) => void open.push(response));
  const { applicationId } = await hub.newKey();
  const [id = ''] = await queuePostbacks([{ applicationId, url: receiver.url }], hub.resources);
  const drains = startDrains(gated);
  await receiver.waitFor(1);
  gate.holdRequests();
  open[0]?.end('while you were away');
  await delay(300); // The answer arrives, and what is written of it is lost on the way.
  gate.open();
  await untilState(hub.resources, id, 'delivered');
  expect(await attemptsOf(hub.resources, id)).toMatchObject([{ number: 1, answer: 'while you were away' }]);
  await drains.stop();
  expect(receiver.received).toHaveLength(1);
});

test('one attempt that cannot be written does not take those with it that were to be written at the same time', async () => {
  const receiver = await startReceiver((response, request) => {
    response.statusCode = request.url === '/odd' ? 999 : 200;
    response.end();
  });
  const { applicationId } = await hub.newKey();
  const urls = ['/odd', ...Array.from({ length: 20 }, (_, index) => `/${index}`)];
  await hub.resources.db.raw(
    `alter table delivery_attempts add constraint no_999 check (status is null or status <> 999) not valid`,
  );
  const ids = await queuePostbacks(
    urls.map((path) => ({ applicationId, url: receiver.url + path })),
    hub.resources,
  );
  const drains = startDrains(hub.resources);
  for (const id of ids.slice(1)) await untilState(hub.resources, id, 'delivered');
  await drains.stop();
  expect(await attemptsOf(hub.resources, ids[0] ?? '')).toEqual([]);

  await hub.resources.db.raw('alter table delivery_attempts drop constraint no_999');
  receiver.answerWith(ok());
  const next = startDrains(hub.resources);
  await untilState(hub.resources, ids[0] ?? '', 'delivered');
  await next.stop();
});
