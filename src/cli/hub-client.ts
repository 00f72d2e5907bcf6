import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientConfig } from '../config';
import { messageOf } from '../errors';

/** A failure that is told to the person at the terminal in one sentence, without a stack. */
export class CommandError extends Error {}

export interface HubClient {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
  put<T>(path: string): Promise<T>;
  delete(path: string): Promise<void>;
}

/** The name of the file in which `npm start` and `bootstrap --local` keep the administrator's key. */
export const adminKeyFile = 'admin-key.json';

/** A client of the hub API. The key: `HUB_KEY` (`id:secret`), else the one that `npm start` keeps in its data folder. */
export async function connectHub(config: ClientConfig): Promise<HubClient> {
  const authorization = `Basic ${Buffer.from(config.key ?? (await localKey(config))).toString('base64')}`;
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${config.hubUrl}${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new CommandError(
        `The hub does not answer at ${config.hubUrl} (${messageOf(error)}). Is it running? HUB_URL says where it is.`,
      );
    });
    if (!response.ok) throw new CommandError(await problemOf(response));
    return (response.status === 204 ? undefined : await response.json()) as T;
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    patch: (path, body) => call('PATCH', path, body),
    put: (path) => call('PUT', path),
    delete: (path) => call('DELETE', path),
  };
}

async function localKey({ dataFolder }: ClientConfig): Promise<string> {
  const file = join(dataFolder ?? 'data', adminKeyFile);
  try {
    const { id, secret } = JSON.parse(await readFile(file, 'utf8')) as { id: string; secret: string };
    return `${id}:${secret}`;
  } catch (error) {
    throw new CommandError(
      `No administrator's key: set HUB_KEY=id:secret, or run where \`npm start\` keeps its data (${file}: ${messageOf(error)}).`,
    );
  }
}

async function problemOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { detail, errors } = JSON.parse(text) as { detail: string; errors?: { path: string; message: string }[] };
    const where = (errors ?? []).map(({ path, message }) => `\n  ${path}: ${message}`).join('');
    return `${detail}${where}`;
  } catch {
    return `The hub answered ${response.status}: ${text.slice(0, 300)}`;
  }
}

/** Every item of a paged list, or as many as are wanted. */
export async function everyPage<Item>(
  client: HubClient,
  path: string,
  itemsOf: (page: Record<string, unknown>) => Item[],
  limit = Infinity,
): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | undefined;
  do {
    const separator = path.includes('?') ? '&' : '?';
    const query = after === undefined ? '' : `${separator}after=${encodeURIComponent(after)}`;
    const page = await client.get<Record<string, unknown>>(`${path}${query}`);
    items.push(...itemsOf(page));
    after = page['next'] as string | undefined;
  } while (after !== undefined && items.length < limit);
  return items.slice(0, limit);
}
