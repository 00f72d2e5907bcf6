import { buffer, text } from 'node:stream/consumers';
import type { GuardedClient } from '../../src/net/guarded-client';
import { isTransient } from '../../src/net/outgoing-errors';
import { closeClients, createClient, failure, fetching } from '../support/guarded-clients';
import {
  closeReceivers,
  createCertificate,
  cutShort,
  endless,
  hang,
  ok,
  raw,
  redirect,
  resetMidAnswer,
  startReceiver,
  startTlsReceiver,
  status,
  trickle,
} from '../support/receivers';

afterEach(async () => {
  await closeClients();
  await closeReceivers();
});

const download = async (
  client: GuardedClient,
  url: string,
  request: Partial<typeof fetching> = {},
): Promise<string> => {
  const { body } = await client.download(url, { ...fetching, ...request });
  return text(body);
};

describe('download', () => {
  it('streams the file and says what it is', async () => {
    const file = Buffer.alloc(3_000_000, 'course');
    const receiver = await startReceiver(ok(file, { 'content-type': 'application/zip' }));
    const url = `${receiver.url}/files/golf.zip?sig=1`;
    const { body, ...about } = await createClient().download(url.replace('//', '//jo:pw@'), {
      ...fetching,
      maxBytes: file.length,
    });
    expect(about).toMatchObject({
      status: 200,
      contentType: 'application/zip',
      contentLength: file.length,
      fileName: 'golf.zip',
      finalUrl: url,
    });
    expect((await buffer(body)).equals(file)).toBe(true);
    expect(receiver.received[0]?.headers).toMatchObject({ 'accept-encoding': 'identity' });
  });

  it.each([
    [404, false],
    [403, false],
    [410, false],
    [304, false],
    [408, true],
    [429, true],
    [500, true],
    [503, true],
  ])('of an answer %i fails; transient: %s', async (code, transient) => {
    const { url } = await startReceiver(status(code));
    const error = await failure(createClient().download(`${url}/x?secret=1`, fetching));
    expect(error).toMatchObject({ code: 'http_status', message: expect.stringContaining(`answered ${code}`) });
    expect(error.message).not.toContain('secret');
    expect(isTransient(error)).toBe(transient);
  });

  it('refuses a compressed answer: it would not be the file', async () => {
    const { url } = await startReceiver(ok('…', { 'content-encoding': 'gzip' }));
    expect(await failure(createClient().download(url, fetching))).toMatchObject({
      kind: 'invalid',
      code: 'encoding_refused',
    });
  });

  it('takes the first of a header that is sent twice', async () => {
    const headers = [
      'Content-Type: text/a',
      'Content-Type: text/b',
      'Content-Encoding: identity',
      'Content-Encoding: gzip',
    ];
    const { url } = await startReceiver(raw(`HTTP/1.1 200 OK\r\n${headers.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`));
    expect(await createClient().download(url, fetching)).toMatchObject({ contentType: 'text/a', contentLength: 0 });
  });

  it('is refused by its Content-Length before its first byte', async () => {
    const { url } = await startReceiver(ok('x'.repeat(2_000)));
    const error = await failure(createClient().download(url, { ...fetching, maxBytes: 1_999 }));
    expect(error).toMatchObject({ kind: 'too-large', code: 'response_too_large' });
    expect(isTransient(error)).toBe(false);
  });

  it('is ended when it grows over the limit', async () => {
    const receiver = await startReceiver(endless());
    expect(await failure(download(createClient(), receiver.url))).toMatchObject({ code: 'response_too_large' });
    await receiver.waitForConnections(0);
  });

  it.each([
    ['that stops in the middle', resetMidAnswer(), 'connection_reset'],
    ['that is shorter than announced', cutShort(), 'connection_reset'],
    ['that trickles', trickle(5), 'timed_out'],
    ['that never comes', hang(), 'timed_out'],
  ])('of a file %s fails', async (_what, reply, code) => {
    const { url } = await startReceiver(reply);
    const error = await failure(download(createClient(), url, { idleTimeoutMs: 200 }));
    expect(error).toMatchObject({ kind: 'unavailable', code });
  });

  it('fails when it takes too long in all, however busy it is', async () => {
    const { url } = await startReceiver(endless());
    const error = await failure(download(createClient(), url, { totalTimeoutMs: 200, maxBytes: Infinity }));
    expect(error.code).toBe('timed_out');
  });

  it('does not take a slow reader for a slow server', async () => {
    const file = Buffer.alloc(5_000_000, 'x');
    const { url } = await startReceiver(ok(file));
    const { body } = await createClient().download(url, { ...fetching, maxBytes: file.length, idleTimeoutMs: 500 });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect((await buffer(body)).length).toBe(file.length);
  });

  it('ends the request when its body is destroyed', async () => {
    const receiver = await startReceiver(endless());
    const { body } = await createClient().download(receiver.url, fetching);
    body.destroy();
    await receiver.waitForConnections(0);
    expect(receiver.openConnections).toBe(0);
  });

  it('ends with the reason of its signal, in the middle of the body too', async () => {
    const { url } = await startReceiver(endless());
    const control = new AbortController();
    const reason = new Error('cancelled');
    const { body } = await createClient().download(url, { ...fetching, maxBytes: Infinity, signal: control.signal });
    const read = failure(buffer(body));
    control.abort(reason);
    expect(await read).toBe(reason);
  });

  it('survives a failure that comes before anyone reads', async () => {
    const receiver = await startReceiver(resetMidAnswer());
    const { body } = await createClient().download(receiver.url, fetching);
    await receiver.waitForConnections(0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await failure(buffer(body))).code).toBe('connection_reset');
  });
});

describe('redirects of a download', () => {
  it.each([301, 302, 303, 307, 308])('%i is followed, from a relative location', async (code) => {
    const receiver = await startReceiver(redirect('../b/course.zip', code), ok('the file'));
    const answer = await createClient().download(`${receiver.url}/a/start`, fetching);
    expect(await text(answer.body)).toBe('the file');
    expect(answer).toMatchObject({ finalUrl: `${receiver.url}/b/course.zip`, fileName: 'course.zip' });
  });

  it('keep the caller’s headers and the URL’s credentials on the same origin', async () => {
    const receiver = await startReceiver(redirect('/b'), ok());
    await createClient().download(receiver.url.replace('//', '//jo:pw@'), { ...fetching, headers: { 'x-key': 'k' } });
    expect(receiver.received[1]?.headers).toMatchObject({
      authorization: expect.stringContaining('Basic'),
      'x-key': 'k',
    });
  });

  it('drop whatever may be a secret when the origin changes, also on the way back', async () => {
    const other = await startReceiver();
    const receiver = await startReceiver(redirect(other.url), ok());
    other.answerWith(redirect(receiver.url));
    const headers = { Authorization: 'Bearer t', Cookie: 'c', 'X-Api-Key': 'k', Accept: 'application/zip' };
    await createClient().download(receiver.url, { ...fetching, headers });
    for (const { headers: seen } of [other.received[0], receiver.received[1]].map((got) => got ?? { headers: {} })) {
      expect(seen).toMatchObject({ accept: 'application/zip', 'user-agent': 'LearningHub/test' });
      expect(Object.keys(seen)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/authorization|cookie|x-api-key/)]),
      );
    }
  });

  it('drop the credentials of the URL when the origin changes', async () => {
    const other = await startReceiver(ok());
    const receiver = await startReceiver(redirect(other.url));
    await createClient().download(receiver.url.replace('//', '//jo:pw@'), fetching);
    expect(other.received[0]?.headers.authorization).toBeUndefined();
  });

  it('to a private address are refused', async () => {
    const inside = await startReceiver(ok());
    const outside = await startReceiver(redirect(inside.url.replace('127.0.0.1', '127.0.0.2')));
    const client = createClient({ allowPrivateNetworks: ['127.0.0.1/32'] });
    const error = await failure(client.download(outside.url, fetching));
    expect(error).toMatchObject({ code: 'address_refused', message: expect.stringContaining('127.0.0.2') });
    expect(inside.connections).toBe(0);
  });

  it.each(['ftp://host.example/x', 'file:///etc/passwd', 'http://', 'http://host.example:22/', 'javascript:0'])(
    'to %s are refused',
    async (location) => {
      const { url } = await startReceiver(redirect(location));
      const error = await failure(createClient().download(url, fetching));
      expect(error).toMatchObject({ kind: 'invalid', code: 'redirect_refused' });
    },
  );

  it('from https to http are refused', async () => {
    const plain = await startReceiver(ok());
    const certificate = await createCertificate({ names: ['127.0.0.1'] });
    const secure = await startTlsReceiver(certificate, redirect(plain.url));
    const client = createClient({ trustedAuthorities: certificate.cert });
    expect((await failure(client.download(secure.url, fetching))).code).toBe('redirect_refused');
    expect(plain.connections).toBe(0);
  });

  it('end after as many as are allowed', async () => {
    const receiver = await startReceiver(redirect('/again'));
    const error = await failure(createClient().download(receiver.url, { ...fetching, maxRedirects: 3 }));
    expect(error).toMatchObject({ kind: 'invalid', code: 'too_many_redirects' });
    expect(receiver.received).toHaveLength(4);
  });

  it('without a Location are an answer that is not the file', async () => {
    const { url } = await startReceiver(status(302));
    expect((await failure(createClient().download(url, fetching))).code).toBe('http_status');
  });
});
