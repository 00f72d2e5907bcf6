import type { TestHub, TestKey } from './hub';

/** An answer with its body read. */
export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

/** Sends JSON, or with URLSearchParams a form, and reads what comes back. */
export async function send<T = Record<string, unknown>>(
  hub: TestHub,
  key: TestKey | string | undefined,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer<T>> {
  const isForm = body instanceof URLSearchParams;
  const response = await hub.fetch(path, {
    method,
    ...(key === undefined ? {} : { key }),
    ...(body === undefined
      ? {}
      : {
          body: isForm ? body.toString() : JSON.stringify(body),
          headers: { 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' },
        }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? undefined : JSON.parse(text)) as T,
  };
}

/** Registers a learning object as an application does; answers LOEP's id of it. */
export async function registerObject(hub: TestHub, key: TestKey, lo: object = {}): Promise<number> {
  const { status, body } = await send<{ id: number }>(hub, key, 'POST', '/api/v1/los', {
    lo: { name: 'Golf basics', url: 'https://example.org/golf', id_repository: 'Excursion:83', ...lo },
  });
  expect(status).toBe(200);
  return body.id;
}
