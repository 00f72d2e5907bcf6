import { createAddressRule } from '../../src/net/address-rules';

const isPublic = createAddressRule([]);

describe('an address of the public internet', () => {
  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2a00:1450:4001::1',
    '::ffff:1.1.1.1',
  ])('%s passes', (address) => expect(isPublic(address)).toBeUndefined());

  it('passes when a NAT64 gateway leads to it', () => expect(isPublic('64:ff9b::101:101')).toBeUndefined());
});

describe('any other address is refused', () => {
  it.each([
    ['127.0.0.1', 'a loopback address'],
    ['127.255.255.254', 'a loopback address'],
    ['::1', 'a loopback address'],
    ['0.0.0.0', 'the unspecified address'],
    ['0.1.2.3', 'the unspecified address'],
    ['::', 'the unspecified address'],
    ['10.0.0.1', 'a private address'],
    ['172.16.0.1', 'a private address'],
    ['172.31.255.255', 'a private address'],
    ['192.168.1.1', 'a private address'],
    ['fc00::1', 'a unique local address'],
    ['fdff::1', 'a unique local address'],
    ['169.254.1.1', 'a link-local address'],
    ['fe80::1', 'a link-local address'],
    ['fe80::1%eth0', 'a link-local address'],
    ['100.64.0.1', 'a carrier-grade NAT address'],
    ['224.0.0.1', 'a multicast address'],
    ['239.255.255.255', 'a multicast address'],
    ['ff02::1', 'a multicast address'],
    ['255.255.255.255', 'the broadcast address'],
    ['192.0.0.8', 'a reserved address'],
    ['192.0.2.1', 'a reserved address'], // documentation
    ['198.51.100.1', 'a reserved address'],
    ['203.0.113.1', 'a reserved address'],
    ['2001:db8::1', 'a reserved address'],
    ['3fff::1', 'a reserved address'],
    ['198.18.0.1', 'a reserved address'], // benchmarking
    ['198.19.255.255', 'a reserved address'],
    ['2001:2::1', 'a reserved address'],
    ['240.0.0.1', 'a reserved address'],
    ['fec0::1', 'a reserved address'], // site-local
    ['4000::1', 'a reserved address'], // given to nobody
    ['100::1', 'a reserved address'], // discard-only
  ])('%s: %s', (address, reason) => expect(isPublic(address)).toBe(reason));

  it.each([
    ['IPv4-mapped', '::ffff:127.0.0.1', 'a loopback address'],
    ['IPv4-mapped, in hexadecimal', '::ffff:a00:1', 'a private address'],
    ['IPv4-compatible', '::7f00:1', 'a reserved address'],
    ['IPv4-translated', '::ffff:0:7f00:1', 'a reserved address'],
    ['NAT64', '64:ff9b::7f00:1', 'a loopback address'],
    ['NAT64 to the metadata address', '64:ff9b::a9fe:a9fe', 'a cloud metadata address'],
    ['NAT64 of a local prefix', '64:ff9b:1::7f00:1', 'a reserved address'],
    ['6to4', '2002:7f00:1::', 'a reserved address'],
    ['Teredo', '2001:0:7f00:1::', 'a reserved address'],
  ])('IPv4 inside IPv6, %s', (_form, address, reason) => expect(isPublic(address)).toBe(reason));

  it.each(['', 'localhost', '1.2.3', '300.1.1.1', '::g'])('%j is no address', (text) =>
    expect(isPublic(text)).toBeDefined(),
  );
});

describe('what an operator allows', () => {
  const rule = createAddressRule(['127.0.0.0/8', '::1/128', '10.1.0.0/16', '192.168.7.7']);

  it.each(['127.0.0.1', '127.9.9.9', '::1', '10.1.2.3', '192.168.7.7', '::ffff:10.1.2.3', '64:ff9b::a01:203'])(
    '%s passes',
    (address) => expect(rule(address)).toBeUndefined(),
  );

  it.each(['10.2.0.1', '192.168.7.8', 'fd00::1', '0.0.0.0'])('%s is still refused', (address) =>
    expect(rule(address)).toBeDefined(),
  );

  it('refuses an entry that is no network, by name', () =>
    expect(() => createAddressRule(['10.0.0.0/8', 'intranet'])).toThrow('"intranet" is not a network'));
});

describe('a cloud metadata address', () => {
  const addresses = ['169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '168.63.129.16', '192.0.0.192'];

  it.each(addresses)('%s is refused', (address) => expect(isPublic(address)).toBe('a cloud metadata address'));

  it.each(addresses)('%s is refused inside an allowed network', (address) =>
    expect(createAddressRule(['0.0.0.0/0', '::/0'])(address)).toBe('a cloud metadata address'),
  );

  it('passes when it is allowed itself', () =>
    expect(createAddressRule(['169.254.169.254/32'])('169.254.169.254')).toBeUndefined());
});
