import type { LaunchMode, UnitVerb } from './cmi5-terms.rules';
import type { UnitSessionRow } from './unit-sessions.store';

/** What the rules of cmi5 know of a session: the notes of its row. */
export interface Cmi5Notes {
  launchMode: LaunchMode;
  masteryScore?: number;
  /** Seconds of earlier sessions of the unit, once this one has begun. */
  secondsBefore?: number;
  /** The unit has asked for the learner's preferences (cmi5 11). */
  preferences?: boolean;
  /** Ids of the "cmi5 defined" statements that were taken, by verb. */
  said: Partial<Record<UnitVerb, string>>;
}

/** Whether an AU has said its last word (cmi5 9.3.8). Content of other standards has none. */
export const hasTerminated = ({ notes }: Pick<UnitSessionRow, 'notes'>): boolean =>
  (notes as Partial<Cmi5Notes>).said?.terminated !== undefined;

/** Of a session that `cmi5-launch.ts` opened. */
export const cmi5NotesOf = ({ notes }: Pick<UnitSessionRow, 'notes'>): Cmi5Notes => notes as unknown as Cmi5Notes;
