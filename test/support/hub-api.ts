import type { Delivery, DeliveryWithAttempts } from '../../src/deliveries/deliveries.schemas';
import type { Endpoint, EndpointWithSecret } from '../../src/deliveries/endpoints.schemas';
import type { TestHub, TestKey } from './hub';

export type ShownEndpoint = Endpoint;
export type ShownDelivery = Delivery;
export type ShownDeliveryWithAttempts = DeliveryWithAttempts;

/** What a refusal says (RFC 9457). */
export interface Problem {
  code: string;
  detail: string;
  errors: { index?: number; path: string; message: string }[];
}

/** The hub API as one key's holder uses it. */
export interface HubApi {
  call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>;
  /** The answer's status and JSON, whatever they are. */
  send: (method: string, path: string, body?: unknown) => Promise<{ status: number; body: Problem }>;
  /** The answer's JSON, where its status is the expected one. */
  get: <T>(path: string) => Promise<T>;
  post: <T>(path: string, body?: unknown, status?: number) => Promise<T>;
  newEndpoint: (url: string, more?: object) => Promise<EndpointWithSecret>;
}

export function hubApi(hub: TestHub, key: TestKey | string): HubApi {
  const call: HubApi['call'] = (method, path, body, headers = {}) =>
    hub.fetch(`/hub/v1${path}`, {
      method,
      key,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const read = async <T>(status: number, answer: Promise<Response>): Promise<T> => {
    const response = await answer;
    if (response.status !== status) throw new Error(`${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  const post: HubApi['post'] = (path, body, status = 200) => read(status, call('POST', path, body));
  return {
    call,
    send: async (method, path, body) => {
      const answer = await call(method, path, body);
      const text = await answer.text();
      return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as Problem };
    },
    get: (path) => read(200, call('GET', path)),
    post,
    newEndpoint: (url, more = {}) => post('/endpoints', { url, dialect: 'postback', ...more }, 201),
  };
}
