import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { v7 as uuid } from 'uuid';
import { insertApplication } from '../../src/applications/applications.store';
import type { Scope } from '../../src/applications/caller';
import { createKey } from '../../src/applications/create-key';
import { type Config, readConfig } from '../../src/config';
import { createApp } from '../../src/http/app';
import { directServer } from '../../src/http/serve-directly';
import { createHubServer } from '../../src/http/server';
import { freePort } from '../../src/local/ports';
import { operations } from '../../src/operations';
import { closeResources, openResources, type Resources } from '../../src/resources';
import { createContentOrigin } from '../../src/player/content-origin';
import { createDatabase } from './database';
import { setting } from './setting';

export interface TestKey {
  id: string;
  secret: string;
  applicationId: string;
  /** The Authorization header. */
  basic: string;
}

export interface TestHub {
  url: string;
  /** The environment that a process of the hub needs to work on the same records. */
  env: Record<string, string>;
  config: Config;
  resources: Resources;
  contentFolder: string;
  /** A new application with a key. */
  newKey: (options?: NewKeyOptions) => Promise<TestKey>;
  adminKey: () => Promise<string>;
  fetch: (path: string, init?: RequestInit & { key?: TestKey | string }) => Promise<Response>;
  close: () => Promise<void>;
}

export interface NewKeyOptions {
  scopes?: Scope[];
  /** Event-store programs that it may publish for. */
  programs?: string[];
  /** A further key of an application, in place of a new one. */
  applicationId?: string;
}

export interface HubOptions {
  env?: Record<string, string>;
}

/** The api in this process, on a database of its own and real HTTP; replies are checked against their schemas. */
export async function startHub({ env: extra = {} }: HubOptions = {}): Promise<TestHub> {
  const database = await createDatabase();
  const contentFolder = mkdtempSync(path.join(tmpdir(), 'learning-hub-content-'));
  const port = await freePort();
  const playerPort = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    NODE_ENV: 'test',
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent',
    DATABASE_URL: database.url,
    HUB_SECRET: Buffer.alloc(32, 7).toString('base64'),
    CONTENT_STORE: contentFolder,
    PUBLIC_URL: url,
    PLAYER_URL: `http://127.0.0.1:${playerPort}`,
    PLAYER_FILES: setting('PLAYER_FILES'),
    OUTGOING_ALLOW_PRIVATE: '127.0.0.0/8',
    ...extra,
  };
  const config = readConfig(env);
  const resources = openResources(config, 'test');
  const server = createHubServer(
    createApp(operations, resources, { required: {}, optional: {} }),
    directServer(operations, resources),
  );
  const player = createContentOrigin(resources);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => player.listen(playerPort, '127.0.0.1', resolve));
  return {
    url,
    env,
    config,
    resources,
    contentFolder,
    newKey: (options = {}) => newKey(resources, options),
    adminKey: async () => {
      const { key, secret } = await createKey({ scopes: ['admin'] }, resources);
      return basic(key.id, secret);
    },
    fetch: (target, { key, ...init } = {}) => {
      const headers = new Headers(init.headers);
      if (key !== undefined) headers.set('authorization', typeof key === 'string' ? key : key.basic);
      return fetch(`${url}${target}`, { ...init, headers });
    },
    async close() {
      for (const one of [server, player]) {
        one.closeAllConnections();
        await new Promise((resolve) => one.close(resolve));
      }
      await closeResources(resources);
      await database.drop();
      rmSync(contentFolder, { recursive: true, force: true });
    },
  };
}

const basic = (id: string, secret: string): string => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

async function newKey(resources: Resources, { applicationId: given, ...wanted }: NewKeyOptions): Promise<TestKey> {
  const applicationId = given ?? (await insertApplication(resources.db, uuid(), `application ${uuid()}`)).id;
  const { key, secret } = await createKey({ applicationId, ...wanted }, resources);
  return { id: key.id, secret, applicationId, basic: basic(key.id, secret) };
}
