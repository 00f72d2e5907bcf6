import { freePort } from '../../src/local/ports';
import { isTransient } from '../../src/net/outgoing-errors';
import { closeClients, createClient, failure, post } from '../support/guarded-clients';
import {
  closeReceivers,
  cutShort,
  endless,
  hang,
  ok,
  raw,
  redirect,
  reset,
  resetMidAnswer,
  startReceiver,
  status,
  trickle,
} from '../support/receivers';

afterEach(async () => {
  await closeClients();
  await closeReceivers();
});

describe('send', () => {
  it('gives the answer, whatever its status, and sends what it was given', async () => {
    const receiver = await startReceiver(status(500, { headers: { 'retry-after': '3' }, body: 'broken' }));
    const answer = await createClient().send(`${receiver.url}/hook?x=1`, { ...post, headers: { 'X-Id': '7' } });
    expect(answer).toMatchObject({ status: 500, body: 'broken', truncated: false, headers: { 'retry-after': '3' } });
    expect(receiver.received).toMatchObject([
      {
        method: 'POST',
        path: '/hook?x=1',
        body: '{"a":1}',
        headers: {
          'x-id': '7',
          'user-agent': 'LearningHub/test',
          'accept-encoding': 'identity',
          'content-length': '7',
        },
      },
    ]);
  });

  it('sends credentials of the URL as Basic authorization', async () => {
    const receiver = await startReceiver(ok());
    await createClient().send(receiver.url.replace('//', '//jo:pa%40ss@'), post);
    const basic = `Basic ${Buffer.from('jo:pa@ss').toString('base64')}`;
    expect(receiver.received[0]?.headers.authorization).toBe(basic);
  });

  it('lets a given authorization win over credentials of the URL', async () => {
    const receiver = await startReceiver(ok());
    const request = { ...post, headers: { Authorization: 'Bearer abc' } };
    await createClient().send(receiver.url.replace('//', '//jo:pass@'), request);
    expect(receiver.received[0]?.headers.authorization).toBe('Bearer abc');
  });

  it('takes a redirect for an answer', async () => {
    const receiver = await startReceiver(redirect('/elsewhere', 307));
    expect(await createClient().send(receiver.url, post)).toMatchObject({
      status: 307,
      headers: { location: '/elsewhere' },
    });
    expect(receiver.received).toHaveLength(1);
  });

  it('keeps the start of a long answer, and the connection', async () => {
    const receiver = await startReceiver(ok('é'.repeat(20_000)));
    const client = createClient({ connectionsPerOrigin: 1 });
    const first = await client.send(receiver.url, { ...post, maxAnswerBytes: 5 });
    await client.send(receiver.url, post);
    expect(first).toMatchObject({ status: 200, body: 'éé\uFFFD', truncated: true });
    expect(receiver.connections).toBe(1);
  });

  it('does not wait for the end of an endless answer', async () => {
    const receiver = await startReceiver(endless(), ok('next'));
    const client = createClient({ connectionsPerOrigin: 1 });
    expect(await client.send(receiver.url, post)).toMatchObject({ body: 'x'.repeat(1_024), truncated: true });
    expect((await client.send(receiver.url, post)).body).toBe('next');
  });

  it('takes an answer of just the size it keeps for a whole one', async () => {
    const receiver = await startReceiver(ok('x'.repeat(1_024)));
    expect(await createClient().send(receiver.url, post)).toMatchObject({ truncated: false });
  });

  it('uses a connection again', async () => {
    const receiver = await startReceiver(ok());
    const client = createClient();
    for (let i = 0; i < 5; i += 1) await client.send(receiver.url, post);
    expect(receiver.connections).toBe(1);
  });

  it.each([
    ['a line break in a value', { 'x-note': 'a\r\nx-injected: 1' }],
    ['a null in a value', { 'x-note': 'a\0b' }],
    ['what Latin-1 has not in a value', { 'x-note': '→' }],
    ['a line break in a name', { 'x\r\ny': 'a' }],
    ['another Host', { Host: 'internal.example' }],
    ['its own framing', { 'Transfer-Encoding': 'chunked' }],
    ['a length that is not that of the body', { 'Content-Length': '3' }],
  ])('refuses headers with %s', async (_what, headers) => {
    const receiver = await startReceiver(ok());
    const error = await failure(createClient().send(receiver.url, { ...post, headers }));
    expect(error).toMatchObject({ kind: 'invalid', code: 'request_invalid' });
    expect(error.message).not.toContain('injected');
    expect(receiver.received).toHaveLength(0);
  });
});

describe('a send that fails', () => {
  it.each([
    ['resets the connection', reset(), 'connection_reset'],
    ['resets it in the middle of the answer', resetMidAnswer(), 'connection_reset'],
    ['ends its answer early', cutShort(), 'connection_reset'],
    ['hangs', hang(), 'timed_out'],
    ['trickles its answer', trickle(10), 'timed_out'],
    ['speaks no HTTP', raw('SSH-2.0-OpenSSH_9.6\r\n'), 'response_invalid'],
  ])('is %s → transient', async (_what, reply, code) => {
    const { url } = await startReceiver(reply);
    const error = await failure(createClient().send(`${url}/?secret=1`, { ...post, timeoutMs: 300 }));
    expect(error).toMatchObject({ kind: 'unavailable', code });
    expect(error.message).toContain(url.slice('http://'.length));
    expect(error.message).not.toContain('secret');
    expect(isTransient(error)).toBe(true);
  });

  it('says that nobody listens', async () => {
    const error = await failure(createClient().send(`http://127.0.0.1:${await freePort()}/`, post));
    expect(error).toMatchObject({ code: 'unreachable', message: expect.stringContaining('refused the connection') });
    expect(isTransient(error)).toBe(true);
  });

  it('says that a name is not known', async () => {
    const unknown = () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }));
    const error = await failure(createClient({ resolve: unknown }).send('http://nowhere.example/', post));
    expect(error).toMatchObject({ code: 'unreachable', message: expect.stringContaining('not a known name') });
  });

  it('is refused for headers over 16 KiB, for good', async () => {
    const headers = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`x-${i}`, 'x'.repeat(500)]));
    const { url } = await startReceiver(status(200, { headers }));
    const error = await failure(createClient().send(url, post));
    expect(error).toMatchObject({ code: 'response_too_large', message: expect.stringContaining('headers') });
    expect(isTransient(error)).toBe(false);
  });

  it('ends with the reason of its signal', async () => {
    const receiver = await startReceiver(hang());
    const control = new AbortController();
    const sent = failure(createClient().send(receiver.url, { ...post, signal: control.signal }));
    await receiver.waitFor(1);
    const reason = new Error('the worker is stopping');
    control.abort(reason);
    expect(await sent).toBe(reason);
  });

  it('is not sent any more once it has timed out while it connected', async () => {
    const receiver = await startReceiver(ok());
    const resolve = () => new Promise<string[]>((done) => setTimeout(done, 100, ['127.0.0.1']));
    const client = createClient({ resolve, connectionsPerOrigin: 1 });
    const url = receiver.url.replace('127.0.0.1', 'slow.example');
    expect((await failure(client.send(`${url}/late`, { ...post, timeoutMs: 20 }))).code).toBe('timed_out');
    await client.send(`${url}/next`, post);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/next']);
  });

  it('sends nothing when its signal was aborted before', async () => {
    const receiver = await startReceiver(ok());
    const reason = new Error('stopped');
    const request = { ...post, signal: AbortSignal.abort(reason) };
    expect(await failure(createClient().send(receiver.url, request))).toBe(reason);
    expect(receiver.connections).toBe(0);
  });

  it('fails when the client is closed, as what can be tried again', async () => {
    const receiver = await startReceiver(hang());
    const client = createClient({ connectionsPerOrigin: 1 });
    const sent = Array.from({ length: 5_000 }, () => failure(client.send(receiver.url, post)));
    await receiver.waitFor(1);
    await client.close();
    const later = failure(client.send(receiver.url, post));
    expect((await Promise.all([...sent, later])).every(isTransient)).toBe(true);
    expect(receiver.received).toHaveLength(1);
  });
});
