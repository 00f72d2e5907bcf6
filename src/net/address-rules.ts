import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { invalid } from '../errors';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Address, number];

/** Says why an address may not be connected to ("a loopback address"); undefined where it may. */
export type AddressRule = (address: string) => string | undefined;

/** How ipaddr.js calls a range → what a person reads. Every other range but `unicast` is "a reserved address". */
const RANGE_NAMES: Readonly<Record<string, string>> = {
  unspecified: 'the unspecified address',
  broadcast: 'the broadcast address',
  multicast: 'a multicast address',
  linkLocal: 'a link-local address',
  loopback: 'a loopback address',
  carrierGradeNat: 'a carrier-grade NAT address',
  private: 'a private address',
  uniqueLocal: 'a unique local address',
};

/**
 * Where clouds hand credentials to whoever asks. Refused even inside an allowed network, unless the address itself is
 * allowed: who allows 10.0.0.0/8 or fd00::/8 for an intranet does not mean these.
 */
const METADATA_ADDRESSES = new Set([
  '169.254.169.254', // AWS, Azure, Google Cloud and most others
  '169.254.170.2', // AWS ECS task credentials
  '169.254.170.23', // AWS EKS pod identity
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254', // Google Cloud over IPv6
  '100.100.100.200', // Alibaba Cloud
  '168.63.129.16', // Azure's wire server: a public address that is answered by the host
  '192.0.0.192', // Oracle Cloud
]);

const NAT64: Network = [ipaddr.IPv6.parse('64:ff9b::'), 96];
/** All global unicast of IPv6; what lies outside is special even where no list names it. */
const GLOBAL_UNICAST: Network = [ipaddr.IPv6.parse('2000::'), 3];

/**
 * Only addresses of the public internet pass, and those of the networks in `allowed` (CIDR, or single addresses).
 * Throws for an entry that is neither.
 */
export function createAddressRule(allowed: readonly string[]): AddressRule {
  const networks = allowed.map(parseNetwork);
  return (text) => {
    // Not ipaddr's own test, which takes 1.2.3 for 1.2.0.3.
    if (isIP(text) === 0) return 'not an address';
    const address = destinationOf(ipaddr.parse(text));
    const fits = networks.filter((network) => contains(network, address));
    if (METADATA_ADDRESSES.has(address.toString())) {
      return fits.some(isSingleAddress) ? undefined : 'a cloud metadata address';
    }
    return fits.length > 0 ? undefined : specialRange(address);
  };
}

/**
 * The IPv4 address that is reached in the end, for IPv4-mapped addresses and those a NAT64 gateway translates
 * (RFC 6052: what DNS64 answers in IPv6-only networks). 6to4, Teredo and IPv4-compatible ones are refused whole.
 */
function destinationOf(address: Address): Address {
  if (address instanceof ipaddr.IPv4) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  return contains(NAT64, address) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;
}

function specialRange(address: Address): string | undefined {
  const range = address.range();
  const isPublic = range === 'unicast' && (address.kind() === 'ipv4' || contains(GLOBAL_UNICAST, address));
  return isPublic ? undefined : (RANGE_NAMES[range] ?? 'a reserved address');
}

const contains = ([network, bits]: Network, address: Address): boolean =>
  network.kind() === address.kind() && address.match(network, bits);

const isSingleAddress = ([network, bits]: Network): boolean => bits === network.toByteArray().length * 8;

function parseNetwork(entry: string): Network {
  try {
    if (entry.includes('/')) return ipaddr.parseCIDR(entry);
    const address = ipaddr.parse(entry);
    return [address, address.toByteArray().length * 8];
  } catch (cause) {
    throw invalid(`"${entry}" is not a network: write 10.1.0.0/16, fd12::/48 or a single address`, { cause });
  }
}
