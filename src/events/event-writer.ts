import { Batcher, Failure } from '../database/batcher';
import type { Database } from '../database/connection';
import { isDatabaseUnavailable } from '../database/postgres-errors';
import { appendEvents, type ChangeResult, type EventChange } from './events.store';

/** What one commit takes; the gap lets a busy process find more for each. */
const limits = { size: 200, gapMs: 2 };

/** Takes what concurrent requests bring into one statement and commit after the other. */
export class EventWriter {
  private readonly batches: Batcher<EventChange, ChangeResult>;

  /** `told` is called after each commit that changed something, with how many completions are to be made of it. */
  constructor(
    private readonly db: Database,
    private readonly told: (news: { completions: number }) => void,
  ) {
    this.batches = new Batcher((changes) => this.writeAll(changes), limits);
  }

  /** Resolves once the change is committed. A failure may have come after the commit: writing it again is no change then. */
  write(change: EventChange): Promise<ChangeResult> {
    return this.batches.do(change);
  }

  private async writeAll(changes: readonly EventChange[]): Promise<(ChangeResult | Failure)[]> {
    const results: (ChangeResult | Failure)[] = [];
    for (const round of roundsOf(changes)) {
      const written = await this.writeRound(round.map((index) => changes[index]!));
      round.forEach((index, nth) => (results[index] = written[nth]!));
    }
    return results;
  }

  /** One bad row does not take the others with it. */
  private async writeRound(changes: readonly EventChange[]): Promise<(ChangeResult | Failure)[]> {
    try {
      const { results, completions } = await appendEvents(this.db, changes);
      if (results.some(({ outcome }) => outcome === 'changed')) this.told({ completions });
      return results;
    } catch (error) {
      if (changes.length === 1 || isDatabaseUnavailable(error)) return changes.map(() => new Failure(error));
      const results: (ChangeResult | Failure)[] = [];
      for (const change of changes) results.push(...(await this.writeRound([change])));
      return results;
    }
  }
}

/** Which changes go together: of one event only one, and the others in their order after it. */
function roundsOf(changes: readonly EventChange[]): number[][] {
  const rounds: number[][] = [];
  const counts = new Map<string, number>();
  changes.forEach(({ id }, index) => {
    const nth = counts.get(id) ?? 0;
    counts.set(id, nth + 1);
    (rounds[nth] ??= []).push(index);
  });
  return rounds;
}
