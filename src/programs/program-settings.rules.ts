import type { ErrorDetail } from '../errors';

const dayMs = 24 * 3600 * 1000;

/** A program's settings, by Bridge's names. Enrollments keep those that were there when they were made. */
export interface ProgramSettings {
  /** Days from the enrollment; at most one of this and `default_due_on_date` is set. */
  default_days_until_due: number | null;
  /** ISO 8601, UTC. */
  default_due_on_date: string | null;
  expires: boolean;
  /** Days from the enrollment; needed where it expires. */
  default_days_until_expiration: number | null;
  auto_re_enroll: boolean;
  /** Days before the expiration. */
  re_enrollment_period: number | null;
  /** Items may be done in any order. */
  non_linear: boolean;
  /** Days before the due date. */
  reminder_days: number[];
}

export const defaultSettings: Readonly<ProgramSettings> = {
  default_days_until_due: null,
  default_due_on_date: null,
  expires: false,
  default_days_until_expiration: null,
  auto_re_enroll: false,
  re_enrollment_period: null,
  non_linear: false,
  reminder_days: [],
};

export const maxReminders = 5;
export const maxProgramItems = 200;
/** Of any setting: a hundred years. */
export const maxDays = 36_500;

/** What is wrong with settings beyond the type of each: members that contradict each other. */
export function settingsProblems(settings: ProgramSettings): ErrorDetail[] {
  const problems: ErrorDetail[] = [];
  const say = (path: keyof ProgramSettings, message: string): void => void problems.push({ path, message });
  const { default_days_until_expiration: lasts, re_enrollment_period: period } = settings;
  if (settings.default_days_until_due !== null && settings.default_due_on_date !== null)
    say('default_due_on_date', 'must be null where default_days_until_due is set');
  if (settings.expires && lasts === null) say('default_days_until_expiration', 'must be set where the program expires');
  if (settings.auto_re_enroll && !settings.expires)
    say('auto_re_enroll', 'must be false where the program does not expire');
  // Otherwise an enrollment would be renewed the moment it is made, for ever.
  if (lasts !== null && period !== null && period >= lasts)
    say('re_enrollment_period', 'must be less than default_days_until_expiration');
  if (new Set(settings.reminder_days).size < settings.reminder_days.length)
    say('reminder_days', 'must name each day once');
  return problems;
}

export interface EnrollmentDates {
  end_at: Date | null;
  expires_at: Date | null;
}

export const addDays = (moment: Date, days: number): Date => new Date(moment.getTime() + days * dayMs);

/** The dates of an enrollment that is made at a moment, unless told otherwise. */
export function datesOf(settings: ProgramSettings, at: Date): EnrollmentDates {
  const { default_days_until_due: days, default_due_on_date: date, default_days_until_expiration: lasts } = settings;
  const due = days === null ? (date === null ? null : new Date(date)) : addDays(at, days);
  return { end_at: due, expires_at: settings.expires && lasts !== null ? addDays(at, lasts) : null };
}

/** Whole days until a moment, negative when it has passed; null where there is none. */
export const daysUntil = (moment: Date | null, now: Date): number | null =>
  moment === null ? null : Math.ceil((moment.getTime() - now.getTime()) / dayMs);
