import { type ApiKeyRow, findKey } from './applications/api-keys.store';
import type { Config } from './config';
import { connectDatabase, type Database } from './database/connection';
import { createWake, type Wake } from './database/notifications';
import { Recent } from './database/recent';
import { type EventProgramRow, findProgram } from './events/event-programs.store';
import { type EventTypeRow, findEventType } from './events/event-types.store';
import { EventWriter } from './events/event-writer';
import { feedChannel, FeedWatch } from './events/feed-watch';
import { createLogger, type Logger } from './log';
import { createGuardedClient, type GuardedClient } from './net/guarded-client';
import { createSecrets, type Secrets } from './secrets';
import { findConsistentThrough } from './statements/statements.store';
import { StatementWriter } from './statements/statement-writer';
import { type ContentStore, createContentStore, parseContentStore } from './storage/content-store';
import { version } from './version';

/** What a process holds open while it runs. Each function says which of it it needs. */
export interface Resources {
  config: Config;
  log: Logger;
  /** For the line of each request, which has no member that could be a secret: looking for one would cost as much as writing it. */
  requestLog: Logger;
  db: Database;
  wake: Wake;
  secrets: Secrets;
  content: ContentStore;
  outgoing: GuardedClient;
  /** What most requests ask for, at most a second old. */
  keys: Recent<ApiKeyRow>;
  programs: Recent<EventProgramRow>;
  eventTypes: Recent<EventTypeRow>;
  /** Writes what partners publish. */
  events: EventWriter;
  /** Tells readers that something was published. */
  feed: FeedWatch;
  /** Writes xAPI statements. */
  statements: StatementWriter;
  /** A moment before which all of an application's statements are there. */
  consistentThrough: Recent<Date>;
}

export function openResources(config: Config, name: string): Resources {
  const log = createLogger(name, config.logLevel);
  const db = connectDatabase(config.database.url, config.database.poolSize, log);
  const wake = createWake(db, log);
  const feed = new FeedWatch(config.database.url, log);
  const content = createContentStore(parseContentStore(config.contentStore, config.contentCache));
  return {
    config,
    log,
    requestLog: log.child({}, { redact: [] }),
    db,
    wake,
    keys: new Recent((id) => findKey(db, id)),
    programs: new Recent((id) => findProgram(db, id)),
    eventTypes: new Recent((type) => findEventType(db, type)),
    events: new EventWriter(db, () => {
      feed.ring();
      wake(feedChannel);
    }),
    feed,
    statements: new StatementWriter({ db, log, content }),
    consistentThrough: new Recent((applicationId) => findConsistentThrough(db, applicationId)),
    secrets: createSecrets(config.masterKey),
    content,
    outgoing: createGuardedClient({
      allowPrivateNetworks: config.outgoing.allowPrivate,
      connectTimeoutMs: 10_000,
      // Slots per endpoint bound it already; many applications may post to one origin.
      connectionsPerOrigin: 200,
      userAgent: `Learning-Hub/${version}`,
    }),
  };
}

export async function closeResources({ db, outgoing, feed }: Resources): Promise<void> {
  await feed.close();
  await outgoing.close();
  await db.destroy();
}
