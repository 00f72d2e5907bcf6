import type { Database } from '../database/connection';
import { listen, type Wake } from '../database/notifications';
import { Bell } from '../deliveries/bell';
import { messageOf } from '../errors';
import type { Logger } from '../log';
import { hubEventsChannel } from './emit-hub-events';
import { feedChannel } from './feed-watch';

const batchSize = 500;
const pollMs = 1000;

/** Moves what was emitted to the feed, a batch in one commit; answers how many there were. */
export async function moveHubEvents(db: Database): Promise<number> {
  const { rows } = await db.raw<{ rows: { moved: number }[] }>('select relay_hub_events(?) as moved', [batchSize]);
  return rows[0]!.moved;
}

export interface HubEventRelay {
  stop(): Promise<void>;
}

/** Moves the hub's own events to the feed as they are committed. Any number of workers may run it: the feed's lock orders them. */
export function startHubEventRelay({
  db,
  databaseUrl,
  wake,
  log,
}: {
  db: Database;
  databaseUrl: string;
  wake: Wake;
  log: Logger;
}): HubEventRelay {
  const bell = new Bell();
  const stop = new AbortController();
  const listener = listen(databaseUrl, [hubEventsChannel], bell.ring, log);

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      const moved = await moveHubEvents(db).catch((error: unknown) => {
        log.warn({ event: 'events.relay', error: messageOf(error) }, 'the hub’s own events wait; trying again');
        return 0;
      });
      if (moved > 0) wake(feedChannel);
      if (moved < batchSize && !stop.signal.aborted) await bell.wait(pollMs);
    }
  }

  const running = run();
  return {
    async stop() {
      stop.abort();
      bell.ring();
      await Promise.all([running, listener.close()]);
    },
  };
}
