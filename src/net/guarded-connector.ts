import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import { callbackify } from 'node:util';
import { buildConnector } from 'undici';
import type { AddressRule } from './address-rules';
import { addressRefused } from './outgoing-errors';

/** All addresses of a name, best first. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

export interface ConnectorSettings {
  rule: AddressRule;
  connectTimeoutMs: number;
  /** Instead of the system's resolver (which honours /etc/hosts). */
  resolve?: Resolve;
  /** PEM of authorities that are trusted besides the built-in ones. */
  trustedAuthorities?: string;
}

/** Node tries the next address of a name after this long; its own default of 250 ms is too short for far hosts. */
const NEXT_ADDRESS_AFTER_MS = 1_000;

/**
 * Opens connections for undici, to allowed addresses only. The check sits in the look-up of the very socket that is
 * opened, so the address that was checked is the one connected to, whatever the name server answers next time.
 */
export function createGuardedConnector(settings: ConnectorSettings): buildConnector.connector {
  const { rule, connectTimeoutMs, trustedAuthorities } = settings;
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    autoSelectFamily: true, // makes Node ask `lookup` for all addresses
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
    lookup: createGuardedLookup(rule, settings.resolve ?? resolveBySystem),
    ...(trustedAuthorities !== undefined && { ca: [...rootCertificates, trustedAuthorities] }),
  });
  return (options, callback) => {
    // A literal address is never looked up.
    const refusal = isIP(options.hostname) === 0 ? undefined : rule(options.hostname);
    if (refusal === undefined) return connect(options, callback);
    process.nextTick(callback, addressRefused(options.hostname, options.hostname, refusal), null);
  };
}

function createGuardedLookup(rule: AddressRule, resolve: Resolve): LookupFunction {
  const resolveOnce = shareRunning(resolve);
  return callbackify(async (hostname: string, _options: LookupOptions) =>
    allowedAmong(hostname, await resolveOnce(hostname), rule),
  );
}

function allowedAmong(hostname: string, addresses: readonly string[], rule: AddressRule): LookupAddress[] {
  const allowed = addresses.filter((address) => rule(address) === undefined);
  const [first] = addresses;
  if (first === undefined) throw Object.assign(new Error('no address'), { code: 'ENOTFOUND' });
  if (allowed.length === 0) throw addressRefused(hostname, first, rule(first) ?? '');
  return allowed.map((address) => ({ address, family: isIP(address) }));
}

async function resolveBySystem(hostname: string): Promise<readonly string[]> {
  const answers = await systemLookup(hostname, { all: true });
  return answers.map(({ address }) => address);
}

/**
 * One look-up of a name at a time. The system's resolver takes one of the process's few pool threads for as long as the
 * name server is silent; without this, a burst to one such name would stop files and other names too.
 */
function shareRunning(resolve: Resolve): Resolve {
  const running = new Map<string, Promise<readonly string[]>>();
  return (hostname) => {
    let answer = running.get(hostname);
    if (answer === undefined) {
      answer = resolve(hostname).finally(() => running.delete(hostname));
      running.set(hostname, answer);
    }
    return answer;
  };
}
