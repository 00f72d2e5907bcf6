import { closeClients, createClient, failure, post } from '../support/guarded-clients';
import { after, closeReceivers, hang, ok, startReceiver } from '../support/receivers';

afterEach(async () => {
  await closeClients();
  await closeReceivers();
});

describe('connections', () => {
  it('are limited per origin; more requests wait their turn', async () => {
    const receiver = await startReceiver(after(20, ok()));
    const client = createClient({ connectionsPerOrigin: 2 });
    await Promise.all(Array.from({ length: 10 }, () => client.send(receiver.url, post)));
    expect([receiver.received.length, receiver.connections]).toEqual([10, 2]);
  });

  it('are not held up by an origin that hangs', async () => {
    const hanging = await startReceiver(hang());
    const other = await startReceiver(ok('fine'));
    const client = createClient({ connectionsPerOrigin: 2 });
    const stuck = Array.from({ length: 20 }, () => failure(client.send(hanging.url, { ...post, timeoutMs: 500 })));
    expect((await client.send(other.url, post)).body).toBe('fine');
    expect((await Promise.all(stuck)).every(({ code }) => code === 'timed_out')).toBe(true);
  });

  it('are not opened for requests that gave up waiting', async () => {
    const receiver = await startReceiver(hang());
    const client = createClient({ connectionsPerOrigin: 2 });
    // The two that are sent outlast by far those that wait, so that no place is free before all of them have given up.
    const sent = Array.from({ length: 2 }, () => failure(client.send(receiver.url, { ...post, timeoutMs: 2000 })));
    const waiting = Array.from({ length: 18 }, () => failure(client.send(receiver.url, { ...post, timeoutMs: 200 })));
    await Promise.all([...sent, ...waiting]);
    receiver.answerWith(ok('alive'));
    expect((await client.send(receiver.url, post)).body).toBe('alive');
    expect([receiver.received.length, receiver.connections]).toEqual([3, 3]);
  });

  it('are not opened anew for a request that was given up', async () => {
    const receiver = await startReceiver(hang());
    const other = await startReceiver(after(50, ok()));
    const client = createClient();
    await failure(client.send(receiver.url, { ...post, timeoutMs: 50 }));
    await client.send(other.url, post);
    expect([receiver.connections, receiver.openConnections]).toEqual([1, 0]);
  });

  it('are not kept to more origins than the limit', async () => {
    const receivers = await Promise.all(Array.from({ length: 6 }, () => startReceiver(ok())));
    const client = createClient({ maxIdleConnections: 2 });
    for (const { url } of receivers) await client.send(url, post);
    for (const receiver of receivers.slice(0, 4)) await receiver.waitForConnections(0);
    expect(receivers.map(({ openConnections }) => openConnections)).toEqual([0, 0, 0, 0, 1, 1]);
  });
});
