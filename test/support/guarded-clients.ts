import type { AppError } from '../../src/errors';
import { createGuardedClient, type GuardedClient, type GuardSettings } from '../../src/net/guarded-client';

/*
 * A guarded client for tests that talk to receivers: it may reach loopback unless told otherwise.
 *
 *   afterEach(closeClients);
 */

const clients: GuardedClient[] = [];

export function createClient(settings: Partial<GuardSettings> = {}): GuardedClient {
  const client = createGuardedClient({
    allowPrivateNetworks: ['127.0.0.0/8', '::1/128'],
    connectTimeoutMs: 1_000,
    connectionsPerOrigin: 8,
    userAgent: 'LearningHub/test',
    ...settings,
  });
  clients.push(client);
  return client;
}

/** Ends all that this file has made. */
export async function closeClients(): Promise<void> {
  await Promise.all(clients.splice(0).map((client) => client.close()));
}

/** What a promise is rejected with; fails where it is not. */
export const failure = (promise: Promise<unknown>): Promise<AppError> =>
  promise.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: AppError) => error,
  );

export const post = { method: 'POST', body: '{"a":1}', timeoutMs: 5_000, maxAnswerBytes: 1_024 };
export const fetching = { maxBytes: 1_000_000, idleTimeoutMs: 5_000, totalTimeoutMs: 10_000 };
