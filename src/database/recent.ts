/** How long something that was read may be taken for what is there, in ms. */
const freshMs = 1000;
const maxEntries = 10_000;

interface Entry<V> {
  value: Promise<V | undefined>;
  /** When reading it began: what was changed later is not in it. */
  since: number;
}

/**
 * What was read a moment ago, for what is asked on every request and seldom changes: at most a second old. This process
 * forgets what it changes itself at once; others notice within that second. What is not there is asked for each time.
 */
export class Recent<V> {
  private readonly entries = new Map<string, Entry<V>>();

  constructor(private readonly read: (key: string) => Promise<V | undefined>) {}

  /** Requests that come at the same time share one reading. */
  get(key: string): Promise<V | undefined> {
    const known = this.entries.get(key);
    const now = performance.now();
    if (known && now - known.since < freshMs) return known.value;
    // A query of knex's is asked again by each who awaits it: a promise of it is not.
    const entry: Entry<V> = { value: Promise.resolve(this.read(key)), since: now };
    this.entries.delete(key);
    this.entries.set(key, entry);
    if (this.entries.size > maxEntries) this.entries.delete(this.entries.keys().next().value!);
    const drop = (): void => {
      if (this.entries.get(key) === entry) this.entries.delete(key);
    };
    entry.value.then((value) => value === undefined && drop(), drop);
    return entry.value;
  }

  /** To be called after a change is committed; a reading that is under way is not used by those who ask from now on. */
  forget(key: string): void {
    this.entries.delete(key);
  }
}
