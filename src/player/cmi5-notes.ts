import type { LaunchMode, UnitVerb } from './cmi5-terms.rules';
import type { UnitSessionRow } from './unit-sessions.store';

/** What the rules of cmi5 know of a session: the notes of its row. */
export interface Cmi5Notes {
  launchMode: LaunchMode;
  masteryScore?: number;
  /** Seconds of earlier sessions of the unit. */
  secondsBefore: number;
  /** The unit has asked for the learner's preferences (cmi5 11). */
  preferences?: boolean;
  /** Ids of the "cmi5 defined" statements that were taken, by verb. */
  said: Partial<Record<UnitVerb, string>>;
}

/** Of a session that `cmi5-launch.ts` opened. */
export const cmi5NotesOf = ({ notes }: Pick<UnitSessionRow, 'notes'>): Cmi5Notes => notes as unknown as Cmi5Notes;
