import { version } from '../version';
import { createAddressRule } from './address-rules';
import { download, type Download, type DownloadRequest } from './download';
import { createGuardedConnector, type Resolve } from './guarded-connector';
import { OriginClients } from './origin-clients';
import { send, type Answer, type SendRequest } from './send';

export interface GuardSettings {
  /** Networks (CIDR) or addresses that may be reached although they are private, such as `127.0.0.0/8`. */
  allowPrivateNetworks: readonly string[];
  /** For the name's look-up, the connection and TLS together, to half a second; 10 s unless told. */
  connectTimeoutMs?: number;
  /** Requests to one origin at a time, 64 unless told; more wait. */
  connectionsPerOrigin?: number;
  /** Connections kept for later over all origins, 1,000 unless told. They last 4 s, or up to a minute as the server says. */
  maxIdleConnections?: number;
  /** What the requests call themselves unless their own headers say so. */
  userAgent?: string;
  /** PEM of authorities that are trusted besides the built-in ones. */
  trustedAuthorities?: string;
  /** Instead of the system's resolver. */
  resolve?: Resolve;
}

/**
 * The way out of the hub: every request to an address that someone else chose. http and https only, to public
 * addresses and those that the operator allows, with limits on time and size. Failures are `AppError`s (see
 * outgoing-errors.ts; `isTransient` tells which may pass); an aborted signal gives its own reason.
 */
export interface GuardedClient {
  /**
   * GET, as a stream. Redirects are followed and checked as the first URL was; what the caller sent with the request
   * does not follow to another origin. An answer that is not 2xx is an error.
   */
  download(url: string, request: DownloadRequest): Promise<Download>;
  /** One request, one answer: a redirect is an answer like any other. */
  send(url: string, request: SendRequest): Promise<Answer>;
  /** Ends all connections; what is still under way fails with a transient error. */
  close(): Promise<void>;
}

/** Throws where `allowPrivateNetworks` has an entry that is no network. Make one per process: it holds connections. */
export function createGuardedClient(settings: GuardSettings): GuardedClient {
  const {
    allowPrivateNetworks,
    connectTimeoutMs = 10_000,
    connectionsPerOrigin = 64,
    maxIdleConnections = 1_000,
    userAgent = `learning-hub/${version}`,
    ...connecting
  } = settings;
  const rule = createAddressRule(allowPrivateNetworks);
  const connector = createGuardedConnector({ ...connecting, connectTimeoutMs, rule });
  const connections = new OriginClients({ connector, connectionsPerOrigin, maxIdleConnections });
  return {
    download: (url, request) => download(connections, userAgent, url, request),
    send: (url, request) => send(connections, userAgent, url, request),
    close: () => connections.close(),
  };
}
