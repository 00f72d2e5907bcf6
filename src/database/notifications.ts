import { Client, escapeIdentifier } from 'pg';
import type { Logger } from '../log';
import type { Database } from './connection';

/** Wakes whoever listens on a channel. A lost notification costs its listener one poll interval, nothing else. */
export interface Wake {
  (channel: string): void;
}

/** The first wake goes out at once; those that follow are joined: at most one NOTIFY per channel in this many ms. */
const burstMs = 5;

/**
 * Sends NOTIFY outside any transaction: inside a writing one it takes a database-wide lock at commit and ends group
 * commit, so callers wake after their transaction has committed.
 */
export function createWake(db: Database, log: Logger): Wake {
  const resting = new Set<string>();
  const again = new Set<string>();
  const send = (channel: string): void => {
    resting.add(channel);
    setTimeout(() => {
      resting.delete(channel);
      if (again.delete(channel)) send(channel);
    }, burstMs);
    db.raw('select pg_notify(?, ?)', [channel, '']).catch((error: unknown) => {
      log.warn({ event: 'notify.failed', channel, error }, 'listeners will find the work when they poll');
    });
  };
  return (channel) => {
    if (resting.has(channel)) again.add(channel);
    else send(channel);
  };
}

export interface Listener {
  close(): Promise<void>;
}

const reconnectMs = 1000;

/**
 * Listens on a session connection of its own (a pooler in transaction mode would lose LISTEN), and reconnects for ever.
 * `onWake` is also called after each reconnect, because something may have been missed.
 */
export function listen(
  url: string,
  channels: readonly string[],
  onWake: (channel: string) => void,
  log: Logger,
): Listener {
  let closed = false;
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  const retry = (failed: Client, error?: unknown): void => {
    if (closed || client !== failed) return;
    client = undefined;
    log.warn({ event: 'listen.lost', error }, 'the notification connection was lost and is opened again');
    failed.end().catch(() => undefined); // It is broken already; only its socket is to be freed.
    timer = setTimeout(connect, reconnectMs);
  };

  function connect(): void {
    const session = new Client({ connectionString: url, application_name: 'learning-hub listen', keepAlive: true });
    client = session;
    session.on('notification', ({ channel }) => onWake(channel));
    session.on('error', (error) => retry(session, error));
    session.on('end', () => retry(session));
    session
      .connect()
      .then(() => session.query(channels.map((channel) => `listen ${escapeIdentifier(channel)}`).join(';')))
      .then(() => channels.forEach(onWake))
      .catch((error: unknown) => retry(session, error));
  }

  connect();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
