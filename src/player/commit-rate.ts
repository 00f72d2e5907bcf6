/** What a session may send at once, and what it regains each second: a course that commits in a loop is slowed down. */
interface Limits {
  burst: number;
  perSecond: number;
}
const maxSessions = 10_000;

interface Bucket {
  left: number;
  at: number;
}

/** Counts the commits of sessions in this process. */
export class CommitRate {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly limits: Limits = { burst: 40, perSecond: 10 }) {}

  /** Whether a session may commit now. */
  take(launchId: string, now: number): boolean {
    const { burst, perSecond } = this.limits;
    const { left, at } = this.buckets.get(launchId) ?? { left: burst, at: now };
    const available = Math.min(burst, left + ((now - at) / 1000) * perSecond);
    this.buckets.delete(launchId);
    this.buckets.set(launchId, { left: Math.max(0, available - 1), at: now });
    if (this.buckets.size > maxSessions) this.buckets.delete(this.buckets.keys().next().value!);
    return available >= 1;
  }
}
