import { rememberLastCommit } from './last-commit';
import type { ActivityCommit, Cmi, Commit, CommitAnswer, PlayerSeed, Result } from './player-seed';

/** An activity as it is now, with all its run-time data. */
export interface ActivitySnapshot {
  id: string;
  session: number;
  ended: boolean;
  cmi: Cmi;
  seconds: number;
}

/** What is sent beside an activity's data. */
export interface Whereabouts {
  current: string | null;
  sequencing?: string;
  course?: Result;
}

/**
 * How a commit goes out. `now`: content waits for the answer. `later`: nobody does. `leaving`: the page is going away, and what
 * browsers let it send then is tried in turn.
 */
export type Urgency = 'now' | 'later' | 'leaving';

/** A beacon, and a request that outlives its page, carry this many bytes at most (Fetch Standard 4.5). */
export const maxBeaconBytes = 63 * 1024;
const retryMs = 3000;
/** Between two commits of one activity that nobody waits for. */
const pauseMs = 200;
/** Content that commits more often than this within a second does not wait for the answers. */
const waitsASecond = 5;

interface Hooks {
  whereabouts: () => Whereabouts;
  answered: (answer: CommitAnswer) => void;
  /** Whether the learner should know that nothing can be saved. */
  trouble: (isThere: boolean) => void;
}

/**
 * Brings what happens in the course to the server. What was not answered yet stays here and is sent again, so that a network
 * that is away for a while loses nothing; the server tells repeats by their number.
 */
export class Communication {
  private number = 0;
  private failed = 0;
  private sending = false;
  private over = false;
  private retry: number | undefined;
  private waited: number[] = [];
  /** Snapshots that the server has not answered, oldest first. */
  private readonly pending = new Map<string, ActivitySnapshot>();
  /** What the server has of each activity's present session. */
  private readonly known = new Map<string, ActivitySnapshot>();

  constructor(
    private readonly seed: PlayerSeed,
    private readonly hooks: Hooks,
  ) {}

  /** Whether something would be lost if the page went away without a word. */
  get hasUnsaved(): boolean {
    return this.failed > 0 && this.pending.size > 0;
  }

  /** Takes an activity's state; it is sent with the next `send`. Nothing that the server has is sent again. */
  note(snapshot: ActivitySnapshot): void {
    if (!this.seed.tracking) return;
    if (isSame(this.known.get(snapshot.id), snapshot)) this.pending.delete(snapshot.id);
    else this.pending.set(snapshot.id, snapshot);
  }

  get isDirty(): boolean {
    return this.pending.size > 0;
  }

  /** Answers whether the server has everything now; `later` says true for what is on its way. */
  send(urgency: Urgency): boolean {
    if (this.over) return false;
    if (urgency === 'leaving') return this.sendLeaving();
    if (urgency === 'now' && this.mayWait()) return this.sendNow();
    void this.sendLater();
    return this.failed === 0;
  }

  /** The learner leaves: everything, and that. Resolves when the server knows, or cannot be reached. */
  async leave(): Promise<void> {
    await this.untilIdle();
    await this.sendAll();
    await this.post({ ...this.next(undefined), leaves: true });
    this.over = true;
    window.clearTimeout(this.retry);
  }

  /** A sign of life: the server finishes launches of which it hears nothing. Its answer says how the learner stands. */
  async alive(): Promise<CommitAnswer | undefined> {
    return this.sending || this.over ? undefined : this.post(this.next(undefined));
  }

  private mayWait(): boolean {
    const now = performance.now();
    this.waited = [...this.waited.filter((at) => now - at < 1000), now];
    return this.waited.length <= waitsASecond;
  }

  private next(snapshot: ActivitySnapshot | undefined): Commit {
    this.number += 1;
    return {
      opening: this.seed.opening,
      number: this.number,
      ...this.hooks.whereabouts(),
      ...(snapshot ? { activity: changesOf(snapshot, this.known.get(snapshot.id)) } : {}),
    };
  }

  private get address(): string {
    return new URL('commit', location.href).href;
  }

  private sendNow(): boolean {
    for (const snapshot of this.pending.values()) {
      const answer = this.request(this.next(snapshot));
      if (!answer) {
        // While content is taken away browsers refuse requests that wait, and take others.
        void this.sendLater();
        return false;
      }
      this.took(snapshot, answer);
    }
    return true;
  }

  /** Waits: content's Commit answers whether its data were stored (SCORM 1.2 RTE 3.4.3.5). */
  private request(commit: Commit): CommitAnswer | undefined {
    const request = new XMLHttpRequest();
    request.open('POST', this.address, false);
    request.setRequestHeader('Content-Type', 'text/plain');
    try {
      request.send(JSON.stringify(commit));
    } catch {
      return undefined; // No network, or a page that is going away.
    }
    return request.status === 200 ? (JSON.parse(request.responseText) as CommitAnswer) : undefined;
  }

  private async sendLater(): Promise<void> {
    if (this.sending) return;
    await this.sendAll();
  }

  private async sendAll(): Promise<void> {
    this.sending = true;
    try {
      for (let snapshot = this.oldest(); snapshot; snapshot = this.oldest()) {
        const answer = await this.post(this.next(snapshot));
        if (answer === undefined) return;
        this.took(snapshot, answer);
        // What changed meanwhile goes next: content may change something all the time.
        if (this.pending.has(snapshot.id)) await pause(pauseMs);
      }
    } finally {
      this.sending = false;
    }
  }

  private oldest(): ActivitySnapshot | undefined {
    return this.pending.values().next().value;
  }

  private async untilIdle(): Promise<void> {
    while (this.sending) await pause(20);
  }

  private async post(commit: Commit): Promise<CommitAnswer | undefined> {
    try {
      const response = await fetch(this.address, {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain' },
        body: JSON.stringify(commit),
      });
      if (response.ok) {
        const answer = (await response.json()) as CommitAnswer;
        this.succeeded();
        this.hooks.answered(answer);
        return answer;
      }
    } catch {
      // No network: it is tried again.
    }
    this.noteFailure();
    return undefined;
  }

  private sendLeaving(): boolean {
    for (const snapshot of this.pending.values()) {
      const commit = this.next(snapshot);
      const answer = this.request(commit);
      if (answer) this.took(snapshot, answer);
      else this.sendBlind(JSON.stringify(commit));
    }
    if (this.number > 0) rememberLastCommit(this.seed.opening, this.number);
    return true;
  }

  /** Nobody will see the answer. */
  private sendBlind(body: string): void {
    if (body.length <= maxBeaconBytes && navigator.sendBeacon(this.address, body)) return;
    void fetch(this.address, { method: 'POST', body, headers: { 'Content-Type': 'text/plain' } }).catch(
      () => undefined,
    );
  }

  private took(snapshot: ActivitySnapshot, answer: CommitAnswer): void {
    this.known.set(snapshot.id, snapshot);
    if (this.pending.get(snapshot.id) === snapshot) this.pending.delete(snapshot.id);
    this.succeeded();
    this.hooks.answered(answer);
  }

  private succeeded(): void {
    if (this.failed > 0) this.hooks.trouble(false);
    this.failed = 0;
  }

  private noteFailure(): void {
    this.failed += 1;
    if (this.failed > this.seed.settings.maxFailedCommits) this.hooks.trouble(true);
    window.clearTimeout(this.retry);
    this.retry = window.setTimeout(() => void this.sendLater(), retryMs);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => window.setTimeout(resolve, ms));

const isSame = (known: ActivitySnapshot | undefined, now: ActivitySnapshot): boolean =>
  known !== undefined &&
  known.session === now.session &&
  known.ended === now.ended &&
  Object.keys(changed(now.cmi, known.cmi)).length === 0;

function changesOf(
  { id, session, ended, cmi, seconds }: ActivitySnapshot,
  known: ActivitySnapshot | undefined,
): ActivityCommit {
  return { id, session, ended, seconds, values: changed(cmi, known?.session === session ? known.cmi : {}) };
}

const changed = (now: Cmi, before: Cmi): Cmi =>
  Object.fromEntries(Object.entries(now).filter(([element, value]) => before[element] !== value));
