import { setTimeout as delay } from 'node:timers/promises';
import { Batcher, Failure } from '../database/batcher';
import { isDatabaseUnavailable } from '../database/postgres-errors';
import { type Outcome, recordOutcomes, type Recorder, type Written } from './record-attempts';

/** How many attempts one transaction writes. */
const limits = { size: 500, gapMs: 10 };
const retryMs = 500;

/** Writes the attempts of all drains of a process. */
export class AttemptWriter {
  private readonly batches = new Batcher((batch: readonly Outcome[]) => this.record(batch), limits);

  constructor(private readonly recorder: Recorder) {}

  /** Resolves when the attempt is committed, or was not taken because another came before it. */
  write(outcome: Outcome): Promise<Written> {
    return this.batches.do(outcome);
  }

  /** Keeps what was learnt until the database is back; one bad row does not take the others with it. */
  private async record(batch: readonly Outcome[]): Promise<(Written | Failure)[]> {
    try {
      return await recordOutcomes(batch, this.recorder);
    } catch (error) {
      if (isDatabaseUnavailable(error)) {
        this.recorder.log.warn({ event: 'delivery.unwritten', attempts: batch.length, error }, 'trying again');
        await delay(retryMs);
        return this.record(batch);
      }
      if (batch.length === 1) return [new Failure(error)];
      const written: (Written | Failure)[] = [];
      for (const one of batch) written.push(...(await this.record([one])));
      return written;
    }
  }
}
