import { type ErrorDetail, isAppError } from '../errors';
import { readDate } from '../http/dates';
import type { EnrollmentDates } from './program-settings.rules';

const names = ['end_at', 'expires_at'] as const;

/** An enrollment's dates as requests have them: null is none, what is left out stays as it is. */
export type DatesAsText = { [name in (typeof names)[number]]?: string | null };

/** `under` is where they lie in the body, for errors. */
export function readDates(texts: DatesAsText, under = ''): Partial<EnrollmentDates> {
  const dates: Partial<EnrollmentDates> = {};
  for (const name of names) {
    const text = texts[name];
    if (text !== undefined) dates[name] = text === null ? null : readDate(text, `${under}${name}`);
  }
  return dates;
}

/** What is wrong with each of them. */
export const dateProblems = (texts: DatesAsText): ErrorDetail[] =>
  names.flatMap((name) => {
    try {
      readDates({ [name]: texts[name] });
      return [];
    } catch (error) {
      if (isAppError(error)) return error.details;
      throw error;
    }
  });
