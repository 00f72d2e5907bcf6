import { messageOf } from '../errors';

/** Tells whoever watches the terminal what takes its time. */
export interface Progress {
  /** Names a step while it runs, and how long it took. */
  step<T>(what: string, work: () => Promise<T> | T): Promise<T>;
  say(line: string): void;
}

/** Progress as lines of text: `Postgres: creating its folder… 1.2 s`. Steps may overlap. */
export class TextProgress implements Progress {
  /** The step whose line waits for its end. */
  private open: string | undefined;

  constructor(private readonly write: (text: string) => void) {}

  async step<T>(what: string, work: () => Promise<T> | T): Promise<T> {
    this.closeLine();
    this.write(`${what}… `);
    this.open = what;
    const start = performance.now();
    try {
      const result = await work();
      this.finish(what, seconds(start));
      return result;
    } catch (error) {
      this.finish(what, `failed after ${seconds(start)}: ${messageOf(error)}`);
      throw error;
    }
  }

  say(line: string): void {
    this.closeLine();
    this.write(`${line}\n`);
  }

  private finish(what: string, outcome: string): void {
    if (this.open !== what) return this.say(`${what}: ${outcome}`);
    this.write(`${outcome}\n`);
    this.open = undefined;
  }

  private closeLine(): void {
    if (this.open !== undefined) this.write('\n');
    this.open = undefined;
  }
}

const seconds = (start: number): string => `${((performance.now() - start) / 1000).toFixed(1)} s`;
