import { createHmac, randomBytes } from 'node:crypto';

const secretPrefix = 'whsec_';

/** A signing secret as Standard Webhooks writes it: 24 to 64 random bytes in base64 after a prefix. */
export const newSigningSecret = (): string => secretPrefix + randomBytes(32).toString('base64');

export interface SignedMessage {
  /** Stays the same when a message is sent again, so that a receiver can drop repeats. */
  id: string;
  at: Date;
  body: string;
}

/**
 * The three headers of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, the timestamp in whole seconds. While a
 * secret is being exchanged there are two, and a signature of each.
 */
export function signatureHeaders({ id, at, body }: SignedMessage, secrets: readonly string[]): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(secretPrefix.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
