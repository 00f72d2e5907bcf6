import { setTimeout as delay } from 'node:timers/promises';
import type { Database, Transaction } from '../database/connection';
import { listen, type Wake } from '../database/notifications';
import { Bell } from '../deliveries/bell';
import { queueDelivery } from '../deliveries/queue-delivery';
import { messageOf } from '../errors';
import type { Logger } from '../log';
import { readFeed } from './event-feed.store';
import { listReadableProgramIds } from './event-programs.store';
import { wants } from './event-subscriptions.rules';
import {
  feedHead,
  listBehind,
  type LockedSubscription,
  lockSubscription,
  skipIdle,
  updateSubscription,
} from './event-subscriptions.store';
import type { EventRow } from './events.store';
import { feedChannel } from './feed-watch';
import { presentEntry } from './present-event';

/** Of one subscription, this many deliveries are queued at the most: what does not fit stays in the feed, and costs nothing. */
const backlogLimit = 2000;
/** Entries that one transaction looks at. */
const pageSize = 500;
const subscriptionsAtOnce = 1000;
/** What no notification told of is found this often. */
const pollMs = 1000;
/** Between two rounds over all subscriptions. */
const restMs = 50;

export interface FanOutNeeds {
  db: Database;
  databaseUrl: string;
  wake: Wake;
  log: Logger;
}

export interface FanOut {
  stop(): Promise<void>;
}

/** What one look at a subscription did. */
interface Step {
  channels: string[];
  /** There is more in the feed, and room for it. */
  more: boolean;
}

/**
 * Queues for each subscription what has come into the feed since its position, and moves the position, in one transaction:
 * each change once. Any number of workers may do it, a subscription is held by one at a time.
 */
export async function fanOut(endpointId: string, { db, wake }: Pick<FanOutNeeds, 'db' | 'wake'>): Promise<boolean> {
  const { channels, more } = await db.transaction((tx) => advance(tx, endpointId));
  for (const channel of new Set(channels)) wake(channel);
  return more;
}

async function advance(tx: Transaction, endpointId: string): Promise<Step> {
  const subscription = await lockSubscription(tx, endpointId, backlogLimit);
  if (!subscription || subscription.unfinished >= backlogLimit) return { channels: [], more: false };
  const readable = await listReadableProgramIds(tx, subscription.application_id);
  const programs = subscription.programs?.filter((id) => readable.includes(id)) ?? readable;
  const limit = Math.min(pageSize, backlogLimit - subscription.unfinished);
  const everything = { type: undefined, memberId: undefined, referenceId: undefined, from: undefined, to: undefined };
  const slice = await readFeed(tx, { programs, ...everything }, subscription.position, limit);
  const channels: string[] = [];
  for (const row of slice.rows) {
    if (wants(subscription, presentEntry(row))) channels.push(await queue(tx, subscription, row));
  }
  if (slice.upTo > subscription.position) await updateSubscription(tx, endpointId, { position: slice.upTo });
  return { channels, more: !slice.isEnd };
}

/** In order for each member of a program. */
async function queue(tx: Transaction, subscription: LockedSubscription, row: EventRow): Promise<string> {
  const { channel } = await queueDelivery(tx, {
    applicationId: subscription.application_id,
    endpoint: { id: subscription.endpoint_id, shard: subscription.shard },
    subject: { kind: 'event-member', id: `${row.program_id}/${row.member_id}` },
    payload: JSON.stringify(presentEntry(row)),
  });
  return channel;
}

/** Keeps all subscriptions up with the feed until it is stopped. */
export function startFanOut({ db, databaseUrl, wake, log }: FanOutNeeds): FanOut {
  const bell = new Bell();
  const stop = new AbortController();
  const listener = listen(databaseUrl, [feedChannel], bell.ring, log);

  /** Answers whether any has more to queue. */
  async function round(): Promise<boolean> {
    let more = false;
    const head = await feedHead(db);
    await skipIdle(db, head, subscriptionsAtOnce);
    for (const endpointId of await listBehind(db, head, subscriptionsAtOnce)) {
      if (stop.signal.aborted) return false;
      more = (await fanOut(endpointId, { db, wake })) || more;
    }
    return more;
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      const more = await round().catch((error: unknown) => {
        log.warn({ event: 'events.fan_out', error: messageOf(error) }, 'subscriptions wait; trying again');
        return false;
      });
      // A busy feed rings all the time.
      await delay(restMs);
      if (!more && !stop.signal.aborted) await bell.wait(pollMs);
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
