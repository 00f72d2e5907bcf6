import type { TestHub, TestKey } from './hub';

export type Form = Record<string, string> | string;

/** Asks the standard's token endpoint; `key` goes into the Authorization header. */
export const askToken = (hub: TestHub, form: Form, key?: TestKey | string): Promise<Response> =>
  hub.fetch('/oauth/token', {
    method: 'POST',
    body: new URLSearchParams(form),
    ...(key === undefined ? {} : { key }),
  });

/** The Authorization header of a new token. */
export async function bearerOf(hub: TestHub, key: TestKey | string, scope?: string): Promise<string> {
  const form = { grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) };
  const answer = await askToken(hub, form, key);
  if (answer.status !== 200) throw new Error(`no token: ${answer.status} ${await answer.text()}`);
  return `Bearer ${((await answer.json()) as { access_token: string }).access_token}`;
}
