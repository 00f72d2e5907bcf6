import { isTransient } from '../../src/net/outgoing-errors';
import { closeClients, createClient, failure, fetching, post } from '../support/guarded-clients';
import {
  after,
  closeReceivers,
  createCertificate,
  ok,
  startReceiver,
  startSilentServer,
  startTlsReceiver,
} from '../support/receivers';

afterEach(async () => {
  await closeClients();
  await closeReceivers();
});

describe('the guard', () => {
  it.each(['send', 'download'] as const)('%s refuses a private address and says how to allow it', async (operation) => {
    const receiver = await startReceiver(ok());
    const client = createClient({ allowPrivateNetworks: [] });
    const error = await failure(client[operation](`${receiver.url}/?secret=1`, { ...post, ...fetching }));
    expect(error).toMatchObject({
      kind: 'invalid',
      code: 'address_refused',
      message: '127.0.0.1 is a loopback address; an operator can allow it with OUTGOING_ALLOW_PRIVATE',
    });
    expect(isTransient(error)).toBe(false);
    expect(receiver.connections).toBe(0);
  });

  it.each([
    '127.1',
    '0x7f.1',
    '2130706433',
    '127.0.0.1.',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::1]',
    '0.0.0.0',
    'localhost',
  ])('refuses loopback written as %s', async (host) => {
    const receiver = await startReceiver(ok());
    const url = receiver.url.replace('127.0.0.1', host);
    const error = await failure(createClient({ allowPrivateNetworks: [] }).send(url, post));
    expect(error.code).toBe('address_refused');
    expect(receiver.connections).toBe(0);
  });

  it('names the address that a name leads to', async () => {
    const client = createClient({ resolve: () => Promise.resolve(['10.1.2.3']) });
    expect((await failure(client.send('http://intranet.example/', post))).message).toBe(
      'intranet.example (10.1.2.3) is a private address; an operator can allow it with OUTGOING_ALLOW_PRIVATE',
    );
  });

  it('uses only the allowed ones of several addresses', async () => {
    const receiver = await startReceiver(ok('here'));
    const client = createClient({ resolve: () => Promise.resolve(['10.0.0.1', 'fd00::1', '127.0.0.1']) });
    const url = receiver.url.replace('127.0.0.1', 'several.example');
    expect((await client.send(url, post)).body).toBe('here');
  });

  it('checks again at every connection, so that a name cannot change its mind', async () => {
    const receiver = await startReceiver(ok('', { connection: 'close' }));
    const answers = [['127.0.0.1'], ['127.0.0.2']];
    const client = createClient({
      allowPrivateNetworks: ['127.0.0.1/32'],
      resolve: () => Promise.resolve(answers.shift() ?? []),
    });
    const url = receiver.url.replace('127.0.0.1', 'rebinding.example');
    expect((await client.send(url, post)).status).toBe(200);
    expect(await failure(client.send(url, post))).toMatchObject({ code: 'address_refused' });
    expect(receiver.received).toHaveLength(1);
  });

  it('connects to the address that was checked: a name is looked up once per connection', async () => {
    const receiver = await startReceiver(ok());
    let lookups = 0;
    const client = createClient({
      allowPrivateNetworks: ['127.0.0.1/32'],
      resolve: () => Promise.resolve(lookups++ === 0 ? ['127.0.0.1'] : ['127.0.0.2']),
    });
    await client.send(receiver.url.replace('127.0.0.1', 'rebinding.example'), post);
    expect(lookups).toBe(1);
  });

  it('looks a name up once for a burst of connections', async () => {
    const receiver = await startReceiver(after(50, ok()));
    let lookups = 0;
    const client = createClient({
      resolve: async () => {
        lookups += 1;
        return ['127.0.0.1'];
      },
    });
    const url = receiver.url.replace('127.0.0.1', 'busy.example');
    await Promise.all(Array.from({ length: 8 }, () => client.send(url, post)));
    expect([lookups, receiver.connections]).toEqual([1, 8]);
  });

  it('refuses settings with an entry that is no network', () =>
    expect(() => createClient({ allowPrivateNetworks: ['10.0.0.0/33'] })).toThrow('"10.0.0.0/33" is not a network'));
});

describe('TLS', () => {
  const byName = { resolve: () => Promise.resolve(['127.0.0.1']) };

  it('is spoken with a server whose certificate holds', async () => {
    const certificate = await createCertificate({ names: ['secure.example'] });
    const receiver = await startTlsReceiver(certificate, ok('secret'));
    const client = createClient({ ...byName, trustedAuthorities: certificate.cert });
    const url = receiver.url.replace('127.0.0.1', 'secure.example');
    expect((await client.send(url, post)).body).toBe('secret');
  });

  it.each([
    ['an unknown authority', {}, false],
    ['another name', { names: ['other.example'] }, true],
    ['a date that has passed', { names: ['secure.example'], expired: true }, true],
  ])('fails for %s', async (_what, options, trusted) => {
    const certificate = await createCertificate(options);
    const receiver = await startTlsReceiver(certificate, ok());
    const client = createClient({ ...byName, ...(trusted && { trustedAuthorities: certificate.cert }) });
    const error = await failure(client.send(receiver.url.replace('127.0.0.1', 'secure.example'), post));
    expect(error).toMatchObject({ kind: 'unavailable', code: 'tls_failed' });
    expect(receiver.received).toHaveLength(0);
  });

  it('fails for a server that speaks plain HTTP', async () => {
    const receiver = await startReceiver(ok());
    const error = await failure(createClient().send(receiver.url.replace('http:', 'https:'), post));
    expect(error.code).toBe('tls_failed');
  });

  it('gives up a handshake that never answers', async () => {
    const { port } = await startSilentServer();
    const client = createClient({ connectTimeoutMs: 100 });
    expect((await failure(client.send(`https://127.0.0.1:${port}/`, post))).code).toBe('timed_out');
  });
});
