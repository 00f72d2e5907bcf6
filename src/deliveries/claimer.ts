import { Batcher } from '../database/batcher';
import type { Database } from '../database/connection';
import { claimDeliveries, type Claimed, type ShardClaim } from './deliveries.store';

/** Claims for all drains of a process, those of several shards in one statement. */
export class Claimer {
  private readonly batches: Batcher<ShardClaim, Claimed>;

  constructor(db: Database) {
    this.batches = new Batcher((claims: readonly ShardClaim[]) => claimDeliveries(db, claims), { size: 8, gapMs: 12 });
  }

  claim(claim: ShardClaim): Promise<Claimed> {
    return this.batches.do(claim);
  }
}
