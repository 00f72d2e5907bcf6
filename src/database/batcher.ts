import { setTimeout as delay } from 'node:timers/promises';

export interface BatchLimits {
  /** How many one batch takes. */
  size: number;
  /**
   * While there is more than one thing to do, batches begin this many ms apart at the least, so that each finds more to do:
   * a transaction costs the database about the same for one row as for ten.
   */
  gapMs: number;
}

interface Waiting<In, Out> {
  item: In;
  resolve: (out: Out) => void;
  reject: (error: unknown) => void;
}

/**
 * Does in one go what many ask for at the same time. What comes while a batch is under way goes into the next, so that an
 * idle process does each thing at once and a busy one does many together.
 */
export class Batcher<In, Out> {
  private waiting: Waiting<In, Out>[] = [];
  private busy = false;

  /** `work` answers for each item, in their order; where it throws, all of the batch fail with that. */
  constructor(
    private readonly work: (items: readonly In[]) => Promise<readonly (Out | Failure)[]>,
    private readonly limits: BatchLimits,
  ) {}

  do(item: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.busy) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.busy = true;
    while (this.waiting.length > 0) {
      const started = performance.now();
      const batch = this.waiting.splice(0, this.limits.size);
      await this.settle(batch);
      const rest = this.limits.gapMs - (performance.now() - started);
      const isBusy = batch.length > 1 || this.waiting.length > 0;
      if (isBusy && rest > 0 && this.waiting.length < this.limits.size) await delay(rest);
    }
    this.busy = false;
  }

  private async settle(batch: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const outs = await this.work(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, index) => {
        const out = outs[index] as Out | Failure; // One for each.
        if (out instanceof Failure) reject(out.error);
        else resolve(out);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

/** In the place of an answer, for one item of a batch that failed while others did not. */
export class Failure {
  constructor(readonly error: unknown) {}
}
