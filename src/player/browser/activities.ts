import type { ActivityState, PlayerSeed, Result, SeedActivity } from './player-seed';

/** An activity and all below it, in the course's order. */
export const walk = (activity: SeedActivity): SeedActivity[] => [activity, ...activity.children.flatMap(walk)];

/** The course's activities with what the learner has done in them. */
export class Activities {
  readonly all: readonly SeedActivity[];
  /** What can be opened. */
  readonly units: readonly SeedActivity[];

  constructor(private readonly seed: PlayerSeed) {
    this.all = walk(seed.root);
    this.units = this.all.filter(({ href }) => href !== undefined);
  }

  find(id: string | undefined): SeedActivity | undefined {
    return this.all.find((activity) => activity.id === id);
  }

  /** The unit before (-1) or behind (1) another. */
  beside(unit: SeedActivity | undefined, step: -1 | 1): SeedActivity | undefined {
    if (!unit) return step === 1 ? this.units[0] : undefined;
    return this.units[this.units.indexOf(unit) + step];
  }

  stateOf(id: string): ActivityState | undefined {
    return this.seed.states[id];
  }

  /** Remembers what a session left, for the next session of the activity. */
  keep(id: string, state: Pick<ActivityState, 'cmi' | 'seconds' | 'attempts' | 'sessionOpen'>): void {
    const before = this.seed.states[id];
    const unknown: Result = { completion: 'unknown', success: 'unknown', score: null, progress: null };
    this.seed.states[id] = { ...unknown, ...before, ...state };
  }

  /** Takes what the server makes of run-time data. */
  judge(results: Readonly<Record<string, Result>>): void {
    for (const [id, result] of Object.entries(results)) {
      const state = (this.seed.states[id] ??= { ...result, cmi: {}, seconds: 0, attempts: 0, sessionOpen: false });
      Object.assign(state, result);
    }
  }
}
