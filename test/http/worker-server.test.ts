import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createWorkerServer } from '../../src/http/worker-server';
import '../../src/deliveries/delivery-metrics';

const server = createWorkerServer();
let url: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test('shows the metrics of the deliveries', async () => {
  const answer = await fetch(`${url}/metrics`);
  expect(answer.headers.get('content-type')).toContain('text/plain');
  expect(await answer.text()).toContain('# TYPE hub_endpoint_changes_total counter');
});

test('says that the process is alive', async () => {
  expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ status: 'live' });
});

test.each([
  ['GET', '/'],
  ['POST', '/metrics'],
])('%s %s: nothing', async (method, path) => {
  expect((await fetch(url + path, { method })).status).toBe(404);
});
