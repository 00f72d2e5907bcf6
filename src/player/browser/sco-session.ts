import type { Activities } from './activities';
import type { Communication } from './communication';
import type { Cmi, PlayerSeed, SeedActivity } from './player-seed';
import { secondsOf } from './time';

/** Interactions and the like that one activity may have: content that counts on for ever is told so. */
const maxIndex = 4999;

/** Elements and codes of the standard that a run-time speaks. */
export interface Dialect {
  suspendData: string;
  totalTime: string;
  /** What a value that is too long is answered. */
  tooLong: number;
}

export const scorm12Dialect: Dialect = {
  suspendData: 'cmi.suspend_data',
  totalTime: 'cmi.core.total_time',
  tooLong: 405,
};
export const scorm2004Dialect: Dialect = { suspendData: 'cmi.suspend_data', totalTime: 'cmi.total_time', tooLong: 351 };

/** From an activity's opening until its run-time ends: keeps its data on their way to the server. */
export class ScoSession {
  private ended = false;
  /** Content has called Initialize. */
  private begun = false;
  private readonly number: number;
  private cmi: Cmi = {};
  private readonly secondsBefore: number;

  constructor(
    readonly activity: SeedActivity,
    private readonly dialect: Dialect,
    private readonly parts: { seed: PlayerSeed; activities: Activities; communication: Communication },
  ) {
    const left = parts.activities.stateOf(activity.id);
    this.number = (left?.attempts ?? 0) + 1;
    this.secondsBefore = left?.seconds ?? 0;
    this.timeInData = 0;
  }

  /** Seconds of earlier sessions that the run-time was told of: a new attempt begins at 0. */
  timeInData: number;

  get isOver(): boolean {
    return this.ended;
  }

  get hasBegun(): boolean {
    return this.begun;
  }

  /** Content began: the server learns of it at once. */
  begin(values: Record<string, unknown>): void {
    this.begun = true;
    this.take(values, false);
    this.parts.communication.send('later');
  }

  /** Takes the run-time's data as they are now. */
  take(values: Record<string, unknown>, ends: boolean): void {
    if (!this.begun || this.ended) return;
    this.ended = ends;
    this.cmi = textsIn(values);
    const { activities, communication } = this.parts;
    const inSession = Math.max(0, secondsOf(this.cmi[this.dialect.totalTime] ?? '') - this.timeInData);
    const seconds = this.secondsBefore + inSession;
    communication.note({ id: this.activity.id, session: this.number, ended: ends, cmi: this.cmi, seconds });
    activities.keep(this.activity.id, { cmi: this.cmi, seconds, attempts: this.number, sessionOpen: !ends });
  }

  /** Why a value is refused before the run-time sees it: a code of the standard. */
  refuses(element: string, value: unknown): number | undefined {
    const { suspendDataMaxLength: most } = this.parts.seed.settings;
    if (element === this.dialect.suspendData && most > 0 && String(value).length > most) return this.dialect.tooLong;
    const index = /^cmi\.\w+\.(\d+)\./.exec(element)?.[1];
    return index !== undefined && Number(index) > maxIndex ? this.dialect.tooLong : undefined;
  }

  element(name: string): string {
    return this.cmi[name] ?? '';
  }
}

/** A run-time renders empty collections as objects. */
const textsIn = (values: Record<string, unknown>): Cmi =>
  Object.fromEntries(
    Object.entries(values).flatMap(([element, value]): [string, string][] => {
      if (typeof value === 'number' || typeof value === 'boolean') return [[element, String(value)]];
      return typeof value === 'string' ? [[element, value]] : [];
    }),
  );
