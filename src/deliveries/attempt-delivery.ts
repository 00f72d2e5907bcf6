import type { IncomingHttpHeaders } from 'node:http';
import { isAppError, messageOf } from '../errors';
import type { Answer } from '../net/send';
import type { Resources } from '../resources';
import type { SendableRow } from './deliveries.store';
import { type Attempt, obsolete } from './deliveries.rules';
import { type DeliveryRequest, dialects } from './dialects';
import { signatureHeaders } from './sign-webhook';

export type Sender = Pick<Resources, 'db' | 'outgoing' | 'secrets' | 'config'>;

export interface AttemptOptions {
  /** Ends the request; the attempt then counts as not made, and the signal's reason is thrown. */
  signal: AbortSignal;
  now: () => Date;
}

/** What of an attempt is known beside its number and when it was made. */
type Result = Omit<Attempt, 'number' | 'at'>;

/** Sends a delivery once. Whatever goes wrong with the request is an attempt that failed, never an exception. */
export async function attemptDelivery(
  delivery: SendableRow,
  sender: Sender,
  { signal, now }: AttemptOptions,
): Promise<Attempt> {
  const attempt = { number: delivery.attempts + 1, at: now() };
  const started = performance.now();
  try {
    return { ...attempt, ...(await send(delivery, attempt.at, sender, signal)) };
  } catch (error) {
    signal.throwIfAborted();
    const outcome = isAppError(error) ? error.code : 'internal';
    return { ...attempt, latencyMs: Math.round(performance.now() - started), error: messageOf(error), outcome };
  }
}

async function send(delivery: SendableRow, at: Date, sender: Sender, signal: AbortSignal): Promise<Result> {
  const { outgoing, secrets, config, db } = sender;
  const url = secrets.decrypt((delivery.url ?? delivery.endpoint_url)!); // A check of the table: one of the two is there.
  const request = await dialects[delivery.dialect].request(delivery, url, db);
  if (!request)
    return { latencyMs: 0, error: 'There is nothing to tell any more: its subject is gone', outcome: obsolete };
  const limit = config.deliveries.attemptBodyBytes;
  const answer = await outgoing.send(request.url, {
    method: request.method,
    headers: {
      'content-type': request.contentType,
      ...basicCredentials(delivery, sender),
      ...signatureHeaders({ id: delivery.id, at, body: request.body }, signingSecrets(delivery, sender)),
    },
    body: request.body,
    timeoutMs: config.deliveries.timeoutSeconds * 1000,
    maxAnswerBytes: limit,
    signal,
  });
  return {
    latencyMs: answer.latencyMs,
    ...readAnswer(answer, secretsOf(request, delivery, sender)),
    // A payload is kept by its delivery.
    ...(delivery.payload === null && { request: Buffer.from(request.body).subarray(0, limit).toString() }),
  };
}

function basicCredentials({ username, password }: SendableRow, { secrets }: Sender): Record<string, string> {
  if (username === null) return {};
  const pair = `${username}:${password === null ? '' : secrets.decrypt(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

const signingSecrets = ({ signing_secret, previous_secret }: SendableRow, { secrets }: Sender): string[] =>
  [signing_secret, previous_secret].filter((sealed) => sealed !== null).map((sealed) => secrets.decrypt(sealed));

function readAnswer({ status, headers, body }: Answer, secrets: string[]): Omit<Result, 'latencyMs'> {
  const outcome = status >= 200 && status < 300 ? 'delivered' : `status_${Math.floor(status / 100)}xx`;
  const retryAfter = single(headers, 'retry-after');
  return { status, answer: storable(body, secrets), outcome, ...(retryAfter !== undefined && { retryAfter }) };
}

const single = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** Postgres text holds no NUL, and an answer may echo the request with its credentials. */
const storable = (body: string, secrets: string[]): string =>
  secrets.reduce((kept, secret) => kept.replaceAll(secret, '[secret]'), body.replaceAll('\0', '\uFFFD'));

/** The password as it is written in the URL, as it is meant, and as Basic credentials carry it. */
function secretsOf({ url }: DeliveryRequest, { username, password }: SendableRow, { secrets }: Sender): string[] {
  const given = new URL(url);
  const pairs: [string, string][] = [[decodeURIComponent(given.username), decodeURIComponent(given.password)]];
  if (username !== null) pairs.push([username, password === null ? '' : secrets.decrypt(password)]);
  return pairs
    .filter(([user, meant]) => user !== '' || meant !== '')
    .flatMap(([user, meant]) => [Buffer.from(`${user}:${meant}`).toString('base64'), given.password, meant])
    .filter(Boolean);
}
