import type { Config } from './config';
import { connectDatabase, type Database } from './database/connection';
import { createWake, type Wake } from './database/notifications';
import { createLogger, type Logger } from './log';
import { createGuardedClient, type GuardedClient } from './net/guarded-client';
import { createSecrets, type Secrets } from './secrets';
import { type ContentStore, createContentStore, parseContentStore } from './storage/content-store';
import { version } from './version';

/** What a process holds open while it runs. Each function says which of it it needs. */
export interface Resources {
  config: Config;
  log: Logger;
  db: Database;
  wake: Wake;
  secrets: Secrets;
  content: ContentStore;
  outgoing: GuardedClient;
}

export function openResources(config: Config, name: string): Resources {
  const log = createLogger(name, config.logLevel);
  const db = connectDatabase(config.database.url, config.database.poolSize, log);
  return {
    config,
    log,
    db,
    wake: createWake(db, log),
    secrets: createSecrets(config.masterKey),
    content: createContentStore(parseContentStore(config.contentStore, config.contentCache)),
    outgoing: createGuardedClient({
      allowPrivateNetworks: config.outgoing.allowPrivate,
      connectTimeoutMs: 10_000,
      // Slots per endpoint bound it already; many applications may post to one origin.
      connectionsPerOrigin: 200,
      userAgent: `Learning-Hub/${version}`,
    }),
  };
}

export async function closeResources({ db, outgoing }: Resources): Promise<void> {
  await outgoing.close();
  await db.destroy();
}
