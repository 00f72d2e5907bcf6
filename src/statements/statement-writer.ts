import { hash } from 'node:crypto';
import { Batcher, Failure } from '../database/batcher';
import { isDatabaseUnavailable, violatesUnique } from '../database/postgres-errors';
import { unavailable } from '../errors';
import type { Resources } from '../resources';
import { describeActivities } from './activity-definitions.store';
import type { Definition, NewStatement } from './new-statement';
import { insertAndRefer } from './insert-and-refer';
import { areReferred, findKnown, insertStatements } from './new-statements.store';
import { type NewStatements, type Outcome, planStatements, type StatementPlan } from './plan-statements.rules';
import { keepAttachments } from './statement-attachments.store';
import { makeMonthsAhead, nextMonth } from './statement-months';

/** Requests that one transaction writes, and the gap in which a busy process finds more for each. */
const limits = { size: 128, gapMs: 2 };

/** More statements together would hold memory, and others up. */
const maxTogether = 1000;

/** Batches under way at once: while Postgres writes one the next are put together. */
const lanes = 3;

/** Another process is first with an id once, seldom twice; after that something else is wrong. */
const maxTries = 8;

const maxDescribed = 20_000;

type Needs = Pick<Resources, 'db' | 'log' | 'content'>;

/** Writes the statements of all requests of a process. */
export class StatementWriter {
  private readonly batchers = Array.from(
    { length: lanes },
    () => new Batcher((batch: readonly NewStatements[]) => this.writeInParts(batch), limits),
  );
  private taken = 0;
  /** Until when partitions are known to be there. */
  private monthsUntil = 0;
  /** By activity, a hash of what this process last added to what is known of it: most statements say the same again. */
  private readonly described = new Map<string, string>();

  constructor(private readonly needs: Needs) {}

  /** Resolves once all is committed, or refused for a conflict. */
  store(request: NewStatements): Promise<Outcome> {
    this.taken += 1;
    return this.batchers[this.taken % lanes]!.do(request);
  }

  private async writeInParts(batch: readonly NewStatements[]): Promise<(Outcome | Failure)[]> {
    await this.prepareMonths(new Date());
    const written: (Outcome | Failure)[] = [];
    for (const part of partsOf(batch)) written.push(...(await this.write(part)));
    return written;
  }

  /** One bad request does not take the others with it. */
  private async write(batch: readonly NewStatements[]): Promise<(Outcome | Failure)[]> {
    try {
      return await this.writeTogether(batch);
    } catch (error) {
      if (batch.length === 1 || isDatabaseUnavailable(error)) return batch.map(() => new Failure(error));
      const written: (Outcome | Failure)[] = [];
      for (const one of batch) written.push(...(await this.write([one])));
      return written;
    }
  }

  private async writeTogether(batch: readonly NewStatements[]): Promise<Outcome[]> {
    const statements = batch.flatMap((request) => request.statements);
    for (let tries = 0; tries < maxTries; tries += 1) {
      const plan = planStatements(batch, await findKnown(this.needs.db, statements));
      try {
        await this.carryOut(plan);
        return plan.outcomes;
      } catch (error) {
        // Another process has stored one of them since it was looked for.
        if (!violatesUnique(error, 'statement_ids_pkey')) throw error;
      }
    }
    throw unavailable('The same statements are being sent by many at once; nothing was stored. Try again.');
  }

  private async carryOut({ statements, attachments }: StatementPlan): Promise<void> {
    if (statements.length === 0 && attachments.length === 0) return;
    const said = this.newDefinitions(statements);
    const isPlain =
      said.length === 0 && attachments.length === 0 && statements.every(({ target }) => target === undefined);
    if (isPlain && (await this.insertAlone(statements))) return;
    const needless = await this.needs.db.transaction(async (tx) => {
      if (statements.length > 0) await insertAndRefer(tx, statements);
      if (said.length > 0) await describeActivities(tx, said);
      return keepAttachments(tx, attachments);
    });
    for (const { key, digest } of said) this.remember(key, digest);
    for (const key of needless) await this.needs.content.remove(key);
  }

  /** As most are, in one round trip; false: others refer to one of them, and nothing was stored. */
  private async insertAlone(statements: readonly NewStatement[]): Promise<boolean> {
    try {
      await insertStatements(this.needs.db, statements, false);
      return true;
    } catch (error) {
      if (areReferred(error)) return false;
      throw error;
    }
  }

  private newDefinitions(
    statements: readonly NewStatement[],
  ): (Definition & { applicationId: string; digest: string })[] {
    return statements.flatMap(({ applicationId, definitions }) =>
      definitions.flatMap((definition) => {
        const digest = hash('sha1', JSON.stringify(definition.definition));
        return this.described.get(definition.key) === digest ? [] : { ...definition, applicationId, digest };
      }),
    );
  }

  private remember(key: string, digest: string): void {
    this.described.delete(key);
    this.described.set(key, digest);
    if (this.described.size > maxDescribed) this.described.delete(this.described.keys().next().value!);
  }

  /** Before the first statements of a month. What has no partition goes to the default one, so nothing waits for it. */
  private async prepareMonths(now: Date): Promise<void> {
    if (now.getTime() < this.monthsUntil) return;
    try {
      await makeMonthsAhead(this.needs.db, now);
      this.monthsUntil = nextMonth(now).getTime();
    } catch (error) {
      this.monthsUntil = now.getTime() + 60_000;
      this.needs.log.warn({ event: 'statements.no_partition', error });
    }
  }
}

function partsOf(batch: readonly NewStatements[]): NewStatements[][] {
  const parts: NewStatements[][] = [];
  let size = Infinity;
  for (const request of batch) {
    if (size + request.statements.length > maxTogether) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)!.push(request);
    size += request.statements.length;
  }
  return parts;
}
