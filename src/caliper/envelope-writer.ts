import { Batcher, Failure } from '../database/batcher';
import { isDatabaseUnavailable, violatesUnique } from '../database/postgres-errors';
import { unavailable } from '../errors';
import { findCompleting } from '../programs/completion-mapping.store';
import { completionsChannel } from '../programs/completion-queue.store';
import type { Resources } from '../resources';
import { makeMonthsAhead, monthAt } from './event-months';
import type { NewEnvelope } from './new-events';
import { findKnown, insertBatch } from './new-events.store';
import { type CompletingEvent, completingEvents, type KnownEvent, type Outcome, planBatch } from './plan-batch.rules';

/**
 * Envelopes that one transaction writes: with a hundred events each, a fifth of a second of Postgres' time. The more there are, the
 * more of them change the same totals.
 */
const maxBatch = 64;

/** A statement that Postgres takes is under 1 GiB. */
const maxBatchBytes = 256 * 1024 * 1024;

const gapMs = 2;

/** Batches under way at once: while Postgres writes one the next is put together. More find less to write together. */
const lanes = 2;

/** So long after an event came again, ids are looked up before they are inserted. */
const cautionMs = 1000;

/** The first may find a repeat; another process is first with an id once, seldom twice; after that something else is wrong. */
const maxTries = 8;

type Needs = Pick<Resources, 'db' | 'log' | 'wake'>;

/** Writes the envelopes of all requests of a process. */
export class EnvelopeWriter {
  private readonly batchers: Batcher<NewEnvelope, Outcome>[];
  private taken = 0;
  /** When an event last came again, on the clock of `performance.now`. */
  private lastRepeat = -Infinity;
  /** Applications of whose events completions are made. */
  private readonly tracked = new Set<string>();
  /** Until when partitions are known to be there. */
  private monthsUntil = 0;

  /** `maxPayloadBytes`: of one envelope. */
  constructor(
    private readonly needs: Needs,
    maxPayloadBytes: number,
  ) {
    const size = Math.max(1, Math.min(maxBatch, Math.floor(maxBatchBytes / maxPayloadBytes)));
    this.batchers = Array.from(
      { length: lanes },
      () => new Batcher((batch: readonly NewEnvelope[]) => this.write(batch), { size, gapMs }),
    );
  }

  /** Resolves once the envelope is committed, or refused for its conflicts. */
  store(envelope: NewEnvelope): Promise<Outcome> {
    this.taken += 1;
    return this.batchers[this.taken % lanes]!.do(envelope);
  }

  /** One bad envelope does not take the others with it. */
  private async write(batch: readonly NewEnvelope[]): Promise<(Outcome | Failure)[]> {
    try {
      await this.prepareMonths(new Date());
      return await this.writeTogether(batch);
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      if (batch.length === 1) return [new Failure(error)];
      const written: (Outcome | Failure)[] = [];
      for (const one of batch) written.push(...(await this.write([one])));
      return written;
    }
  }

  private async writeTogether(batch: readonly NewEnvelope[]): Promise<Outcome[]> {
    const { db, wake } = this.needs;
    for (let tries = 0; tries < maxTries; tries += 1) {
      const plan = planBatch(batch, await this.findKnown(batch));
      if (plan.envelopes.length === 0 && plan.entities.length === 0) return plan.outcomes;
      const completing = await this.ofTracked(completingEvents(plan));
      try {
        await insertBatch(db, plan, completing);
        if (completing.length > 0) wake(completionsChannel);
        return plan.outcomes;
      } catch (error) {
        // One of them is stored: it was not looked for, or another process has been first since.
        if (!violatesUnique(error, 'caliper_event_ids_pkey')) throw error;
        this.lastRepeat = performance.now();
      }
    }
    throw unavailable('The same events are being sent by many at once; nothing was stored. Try again.');
  }

  /**
   * Those of applications that have had a learner or a program; the others are spared the rest. One that has, has for good: it is
   * asked of the others each time, after their events came, because their first learner may have been made a moment ago.
   */
  private async ofTracked(events: readonly CompletingEvent[]): Promise<CompletingEvent[]> {
    const others = new Set(events.map(({ applicationId }) => applicationId).filter((id) => !this.tracked.has(id)));
    if (others.size > 0) for (const id of await findCompleting(this.needs.db, [...others])) this.tracked.add(id);
    return events.filter(({ applicationId }) => this.tracked.has(applicationId));
  }

  /** Looks for what is stored already where that is likely: a sender that repeats itself does so for a while. */
  private async findKnown(batch: readonly NewEnvelope[]): Promise<ReadonlyMap<string, KnownEvent>> {
    if (performance.now() - this.lastRepeat > cautionMs) return new Map();
    const known = await findKnown(
      this.needs.db,
      batch.flatMap(({ events }) => events),
    );
    if (known.size > 0) this.lastRepeat = performance.now();
    return known;
  }

  /** Before the first events of a month. What has no partition goes to the default one, so nothing waits for it. */
  private async prepareMonths(now: Date): Promise<void> {
    if (now.getTime() < this.monthsUntil) return;
    try {
      await makeMonthsAhead(this.needs.db, now);
      this.monthsUntil = monthAt(now, 1).getTime();
    } catch (error) {
      this.monthsUntil = now.getTime() + 60_000;
      this.needs.log.warn({ event: 'caliper.no_partition', error });
    }
  }
}

const writers = new WeakMap<Resources['db'], EnvelopeWriter>();

/** The one writer of a process. */
export function writerOf({ db, log, wake, config }: Needs & Pick<Resources, 'config'>): EnvelopeWriter {
  let writer = writers.get(db);
  if (!writer) writers.set(db, (writer = new EnvelopeWriter({ db, log, wake }, config.caliper.maxPayloadBytes)));
  return writer;
}
