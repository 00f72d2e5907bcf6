import { setTimeout as delay } from 'node:timers/promises';
import { isDatabaseUnavailable } from '../database/postgres-errors';
import { type Outcome, recordOutcomes, type Recorder, type Written } from './record-attempts';

interface Waiting {
  outcome: Outcome;
  settle: { resolve: (written: Written) => void; reject: (error: unknown) => void };
}

/** How many attempts one transaction writes. */
const batchSize = 500;
const retryMs = 500;

/**
 * Writes the attempts of all drains of a process. What comes while one transaction is under way goes into the next, so
 * that an idle process writes at once and a busy one commits hundreds together.
 */
export class AttemptWriter {
  private waiting: Waiting[] = [];
  private busy = false;

  constructor(private readonly recorder: Recorder) {}

  /** Resolves when the attempt is committed, or was not taken because another came before it. */
  write(outcome: Outcome): Promise<Written> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ outcome, settle: { resolve, reject } });
      if (!this.busy) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.busy = true;
    while (this.waiting.length > 0) await this.record(this.waiting.splice(0, batchSize));
    this.busy = false;
  }

  /** Keeps what was learnt until the database is back; one bad row does not take the others with it. */
  private async record(batch: Waiting[]): Promise<void> {
    try {
      const written = await recordOutcomes(
        batch.map(({ outcome }) => outcome),
        this.recorder,
      );
      batch.forEach(({ settle }, index) => settle.resolve(written[index]!)); // One for each.
    } catch (error) {
      if (isDatabaseUnavailable(error)) {
        this.recorder.log.warn({ event: 'delivery.unwritten', attempts: batch.length, error }, 'trying again');
        await delay(retryMs);
        await this.record(batch);
      } else if (batch.length > 1) {
        for (const one of batch) await this.record([one]);
      } else {
        batch.forEach(({ settle }) => settle.reject(error));
      }
    }
  }
}
