import type { Activity } from '../courses/packages/package';
import type { CourseVersionRow } from '../courses/courses.store';
import type { JsonObject } from '../statements/shapes.rules';
import type { LaunchRow } from './launches.store';
import type { Configuration } from './player-settings';
import type { RegistrationRow } from './registrations.store';
import type { Result } from './results.rules';
import type { ActivityRows } from './settle-registration';
import type { UnitSessionRow } from './unit-sessions.store';

/** What a unit's content reports, with all that judging it may need. Rows are locked, and as they are now. */
export interface UnitReport {
  /** Well formed, none of them stored yet, in the order in which they were sent. */
  statements: readonly JsonObject[];
  unit: UnitSessionRow;
  activity: Activity;
  launch: LaunchRow;
  registration: RegistrationRow;
  activities: ActivityRows;
  version: CourseVersionRow;
  settings: Configuration;
  now: Date;
  /** Ids of what the hub says of it. */
  newId: () => string;
}

/** What becomes of it. */
export interface UnitJudgement {
  /** Of the unit; absent: nothing changed. */
  result?: Result;
  /** Seconds in all of the unit's sessions. */
  seconds?: number;
  /** The unit session's notes from now on; absent: as they were. */
  notes?: Record<string, unknown>;
  /** The session is over. */
  ends?: boolean;
  /** What the hub says of it itself, stored behind what was reported. Each has an id. */
  statements?: readonly JsonObject[];
}

/** Judges a report by the rules of a standard. Throws forbidden or invalid where it may not be: nothing of it is stored then. */
export type UnitRules = (report: UnitReport) => UnitJudgement;
