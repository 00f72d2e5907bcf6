import type { IncomingHttpHeaders } from 'node:http';
import { isAppError, messageOf } from '../errors';
import type { Answer } from '../net/send';
import type { Resources } from '../resources';
import type { SendableRow } from './deliveries.store';
import type { Attempt } from './deliveries.rules';
import { signatureHeaders } from './sign-webhook';

export type Sender = Pick<Resources, 'outgoing' | 'secrets' | 'config'>;

/** What is kept of an answer. */
const keptAnswerBytes = 4096;

export interface AttemptOptions {
  number: number;
  /** Ends the request; the attempt then counts as not made, and the signal's reason is thrown. */
  signal?: AbortSignal;
  now?: () => Date;
}

/** Sends a delivery once. Whatever goes wrong with the request is an attempt that failed, never an exception. */
export async function attemptDelivery(
  delivery: SendableRow,
  sender: Sender,
  { number, signal, now = () => new Date() }: AttemptOptions,
): Promise<Attempt> {
  const at = now();
  const started = performance.now();
  try {
    const url = sender.secrets.decrypt(delivery.url);
    const answer = await post(url, delivery, at, sender, signal);
    return { number, at, latencyMs: answer.latencyMs, ...readAnswer(answer, url) };
  } catch (error) {
    signal?.throwIfAborted();
    const outcome = isAppError(error) ? error.code : 'internal';
    return { number, at, latencyMs: Math.round(performance.now() - started), error: messageOf(error), outcome };
  }
}

const post = (
  url: string,
  { id, payload, signing_secret }: SendableRow,
  at: Date,
  { outgoing, secrets, config }: Sender,
  signal?: AbortSignal,
): Promise<Answer> =>
  outgoing.send(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...signatureHeaders({ id, at, body: payload }, secrets.decrypt(signing_secret)),
    },
    body: payload,
    timeoutMs: config.deliveries.timeoutSeconds * 1000,
    maxAnswerBytes: keptAnswerBytes,
    ...(signal && { signal }),
  });

function readAnswer({ status, headers, body }: Answer, url: string): Omit<Attempt, 'number' | 'at' | 'latencyMs'> {
  const outcome = status >= 200 && status < 300 ? 'delivered' : `status_${Math.floor(status / 100)}xx`;
  const retryAfter = single(headers, 'retry-after');
  return { status, answer: storable(body, url), outcome, ...(retryAfter !== undefined && { retryAfter }) };
}

const single = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** Postgres text holds no NUL, and an answer may echo the request with the credentials of its URL. */
function storable(body: string, url: string): string {
  const text = body.replaceAll('\0', '\uFFFD');
  return credentialsOf(url).reduce((kept, secret) => kept.replaceAll(secret, '[secret]'), text);
}

/** The password as it is written in the URL, as it is meant, and as Basic credentials carry it. */
function credentialsOf(url: string): string[] {
  const { username, password } = new URL(url);
  if (username === '' && password === '') return [];
  const [user, meant] = [decodeURIComponent(username), decodeURIComponent(password)];
  return [Buffer.from(`${user}:${meant}`).toString('base64'), password, meant].filter(Boolean);
}
