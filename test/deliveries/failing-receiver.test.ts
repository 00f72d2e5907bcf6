import { FailingReceiver, type Script } from '../support/failing-receiver';
import { closeClients, createClient, failure, post } from '../support/guarded-clients';

let receiver: FailingReceiver;
afterEach(async () => {
  await receiver.stop();
  await closeClients();
});

const scripts: Script[] = [
  { under: '/flaky/', eachPath: true, replies: [['status', 503], ['ok']] },
  { under: '/busy', replies: [['tooManyRequests', 7]] },
  { under: '/breaks', replies: [['resetMidAnswer']] },
];

const statuses = async (url: string, paths: string[]): Promise<number[]> => {
  const client = createClient();
  const answers: number[] = [];
  for (const path of paths) answers.push((await client.send(`${url}${path}`, post)).status);
  return answers;
};

test('a failing receiver answers each path by its script and tells what it received', async () => {
  receiver = await FailingReceiver.start({ origins: 2 });
  await receiver.script(...scripts, { origin: 1, replies: [['status', 410]] });
  const [first = '', second = ''] = receiver.urls;
  expect(await statuses(first, ['/flaky/1', '/flaky/2', '/flaky/1', '/busy', '/'])).toEqual([503, 503, 200, 429, 200]);
  expect(await statuses(second, ['/'])).toEqual([410]);
  expect(await failure(createClient().send(`${first}/breaks`, post))).toMatchObject({ kind: 'unavailable' });
  expect(receiver.received).toHaveLength(7);
  expect(receiver.received[5]).toMatchObject({ origin: 1, path: '/', method: 'POST', body: post.body });
});

test('a failing receiver refuses connections, is killed, and comes back on the same ports', async () => {
  receiver = await FailingReceiver.start({ origins: 2 });
  await receiver.script(...scripts);
  const [first = '', second = ''] = receiver.urls;
  await receiver.refuse(0);
  expect(await failure(createClient().send(first, post))).toMatchObject({ code: 'unreachable' });
  expect(await statuses(second, ['/busy'])).toEqual([429]);
  await receiver.accept(0);
  expect(await statuses(first, ['/'])).toEqual([200]);
  await receiver.kill();
  expect(await failure(createClient().send(second, post))).toMatchObject({ code: 'unreachable' });
  await receiver.restart();
  expect(await statuses(second, ['/busy'])).toEqual([429]);
  expect(receiver.received).toHaveLength(3);
});

test('a failing receiver speaks TLS with a certificate that nobody trusts', async () => {
  receiver = await FailingReceiver.start({ certificate: { expired: true } });
  const [url = ''] = receiver.urls;
  expect(url).toMatch(/^https:/);
  expect(await failure(createClient().send(url, post))).toMatchObject({ kind: 'unavailable' });
});
