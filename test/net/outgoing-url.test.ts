import { parseTarget } from '../../src/net/outgoing-url';

describe('the URL of a request', () => {
  it('is split into what the request line and the messages need', () =>
    expect(parseTarget('https://host.example:8443/a/b%20c?x=1#part')).toMatchObject({
      host: 'host.example:8443',
      path: '/a/b%20c?x=1',
    }));

  it('gives its user and password as Basic credentials, and keeps them nowhere else', () => {
    const target = parseTarget('https://jo%40x:p%3Aw@host.example/');
    expect(target.authorization).toBe(`Basic ${Buffer.from('jo@x:p:w').toString('base64')}`);
    expect(JSON.stringify({ ...target, authorization: '' })).not.toMatch(/jo|p%3Aw/);
  });

  it.each([
    ['127.1', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['0177.0.0.1', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['127.0.0.1.', '127.0.0.1'],
    ['①②⑦.0.0.1', '127.0.0.1'],
    ['0', '0.0.0.0'],
    ['[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
    ['[0:0:0:0:0:0:0:1]', '[::1]'],
  ])('has its address %s read as %s', (spelling, address) =>
    expect(parseTarget(`http://${spelling}/`).host).toBe(address),
  );
});

describe('a URL that cannot be called', () => {
  it.each([
    ['', 'cannot be read'],
    ['/relative', 'cannot be read'],
    ['//host.example/', 'cannot be read'],
    ['http://', 'cannot be read'],
    ['http://[fe80::1%25eth0]/', 'cannot be read'],
    ['http://1.2.3.256/', 'cannot be read'],
    ['http://host.example:99999/', 'cannot be read'],
    ['ftp://host.example/', 'Only http and https'],
    ['file:///etc/passwd', 'Only http and https'],
    ['data:,x', 'Only http and https'],
    ['javascript:alert(1)', 'Only http and https'],
    ['localhost:3000/x', 'Only http and https'],
    ['http://host.example:25/', 'port 25'],
    ['https://host.example:0/', 'port 0'],
    ['http://100%:x@host.example/', 'no escape'],
  ])('%s is refused', (url, message) => {
    expect(() => parseTarget(url)).toThrow(
      expect.objectContaining({ kind: 'invalid', code: 'url_invalid', message: expect.stringContaining(message) }),
    );
  });

  it.each([
    'jo:secret@host.example',
    'https://jo:secret@',
    'ftp://jo:secret@h/',
    'http://jo:secret@h:25/',
    'http://jo:secret%@h/',
  ])('%s is refused without showing its credentials', (url) => {
    expect(() => parseTarget(url)).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/jo|secret/) }),
    );
  });
});
