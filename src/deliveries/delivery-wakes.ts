import { listen, type Listener } from '../database/notifications';
import type { Resources } from '../resources';

/** Fixed: each endpoint belongs to one shard for ever, and the database computes which. */
export const shardCount = 8;
export const shards: readonly number[] = Array.from({ length: shardCount }, (_, shard) => shard);

/** The channel on which the drain of a shard is woken. */
export const deliveriesChannel = (shard: number): string => `deliveries_${shard}`;

/** One notification connection for all the drains of a process, open while any of them runs. */
export class DeliveryWakes {
  private readonly drains = new Map<string, Set<() => void>>();
  private listener: Listener | undefined;

  constructor(private readonly resources: Pick<Resources, 'config' | 'log'>) {}

  /** Calls `onWake` when something may be due in the shard, until the function that it answers is called. */
  subscribe(shard: number, onWake: () => void): () => Promise<void> {
    const channel = deliveriesChannel(shard);
    const those = this.drains.get(channel) ?? new Set();
    this.drains.set(channel, those.add(onWake));
    this.listener ??= listen(
      this.resources.config.database.url,
      shards.map(deliveriesChannel),
      (woken) => this.drains.get(woken)?.forEach((wake) => wake()),
      this.resources.log,
    );
    return async () => {
      those.delete(onWake);
      if ([...this.drains.values()].every(({ size }) => size === 0)) await this.close();
    };
  }

  private async close(): Promise<void> {
    const { listener } = this;
    this.listener = undefined;
    await listener?.close();
  }
}
