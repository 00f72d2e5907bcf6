import { createSign, randomUUID } from 'node:crypto';
import { generate } from 'selfsigned';
import type { XapiVersion } from '../../src/statements/formats.rules';
import type { TestHub, TestKey } from './hub';

export type Json = Record<string, unknown>;

export interface XapiRequest {
  method?: string;
  query?: Record<string, string | undefined>;
  headers?: Record<string, string>;
  /** A string or bytes go as they are, anything else as JSON. */
  body?: unknown;
}

/** The xAPI door as one key's holder uses it, in one version. */
export interface XapiApi {
  version: XapiVersion;
  call: (path: string, request?: XapiRequest) => Promise<Response>;
  /** Stores statements; throws unless that is answered with `status`. */
  post: (statements: unknown, status?: number) => Promise<string[]>;
  list: (
    query?: Record<string, string>,
    headers?: Record<string, string>,
  ) => Promise<{ statements: Json[]; more: string }>;
  find: (id: string, query?: Record<string, string>, headers?: Record<string, string>) => Promise<Json>;
}

export function xapiApi(hub: Pick<TestHub, 'fetch'>, key: TestKey | string, version: XapiVersion = '1.0.3'): XapiApi {
  const call: XapiApi['call'] = (path, { method = 'GET', query = {}, headers = {}, body } = {}) => {
    const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const search = given.length > 0 ? `?${new URLSearchParams(given).toString()}` : '';
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const all = {
      'x-experience-api-version': version,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    return hub.fetch(`/xapi${path}${search}`, {
      method,
      key,
      headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
      ...(body === undefined ? {} : { body: isRaw ? (body as string) : JSON.stringify(body) }),
    });
  };
  const read = async <T>(answer: Promise<Response>, status = 200): Promise<T> => {
    const response = await answer;
    if (response.status !== status) throw new Error(`${response.status}: ${await response.text()}`);
    return (status === 200 ? await response.json() : []) as T;
  };
  return {
    version,
    call,
    post: (body, status) => read(call('/statements', { method: 'POST', body }), status),
    list: (query, headers = {}) => read(call('/statements', { query: query ?? {}, headers })),
    find: (statementId, query = {}, headers = {}) =>
      read(call('/statements', { query: { statementId, ...query }, headers })),
  };
}

export const newIri = (kind = 'thing'): string => `https://school.example/${kind}/${randomUUID()}`;
export const newAgent = (): Json => ({
  objectType: 'Agent',
  name: 'Ada',
  mbox: `mailto:${randomUUID()}@school.example`,
});
export const activityOf = (id: string, more: Json = {}): Json => ({ objectType: 'Activity', id, ...more });

/** A statement that is right, and differs from all others. */
export const statement = (more: Json = {}): Json => ({
  actor: newAgent(),
  verb: { id: 'https://school.example/verbs/finished', display: { 'en-GB': 'finished', de: 'beendete' } },
  object: activityOf(newIri('activity')),
  ...more,
});

export const reference = (id: string): Json => ({ objectType: 'StatementRef', id });

export const voiding = (id: string): Json =>
  statement({ verb: { id: 'http://adlnet.gov/expapi/verbs/voided' }, object: reference(id) });

/** Of a multipart/mixed body. */
export interface Part {
  headers: Record<string, string>;
  body: string | Buffer;
}

export const boundary = 'a-boundary';
export const mixedHeaders = { 'content-type': `multipart/mixed; boundary=${boundary}` };

export const mixed = (parts: readonly Part[]): Buffer =>
  Buffer.concat([
    ...parts.flatMap(({ headers, body }) => [
      Buffer.from(
        `--${boundary}\r\n${Object.entries(headers)
          .map(([name, value]) => `${name}: ${value}\r\n`)
          .join('')}\r\n`,
      ),
      Buffer.from(body),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);

export const signatureUsage = 'http://adlnet.gov/expapi/attachments/signature';

/** Who signs statements: an RSA key, and its certificate as a JWS names it. */
export interface Signer {
  privateKey: string;
  x5c: string[];
}

export async function newSigner(): Promise<Signer> {
  const pems = await generate([{ name: 'commonName', value: 'school.example' }], { keySize: 2048 });
  return { privateKey: pems.private, x5c: [pems.cert.replace(/-----[A-Z ]+-----|\s/g, '')] };
}

const base64 = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A JWS in its compact form. */
export function signatureOf(
  payload: unknown,
  { privateKey, x5c }: Partial<Signer>,
  alg = 'RS256',
  header: Json = {},
): Buffer {
  const content = `${base64({ alg, ...(x5c ? { x5c } : {}), ...header })}.${base64(payload)}`;
  const proof = createSign(`RSA-SHA${alg.slice(2)}`)
    .update(content)
    .sign(privateKey!, 'base64url');
  return Buffer.from(`${content}.${proof}`);
}
