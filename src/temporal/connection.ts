import { Client, Connection } from '@temporalio/client';
import type { Config } from '../config';

/**
 * A client that connects when it is first used, and again when that failed: Temporal may be away when a process starts.
 * Address, namespace, TLS and API key come from Temporal's own standard settings (`@temporalio/envconfig`).
 */
export function createTemporalClient({ temporal }: Pick<Config, 'temporal'>): Client {
  const { connectionOptions, namespace } = temporal.connection;
  return new Client({
    connection: Connection.lazy({ ...connectionOptions, connectTimeout: '5s' }),
    ...(namespace ? { namespace } : {}),
  });
}

/** The same settings, in the words of the worker's native connection. */
export const namespaceOf = ({ temporal }: Pick<Config, 'temporal'>): string =>
  temporal.connection.namespace ?? 'default';
