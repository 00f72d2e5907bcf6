import { invalid } from '../errors';

/** A date, or a date and time with or without a zone; any number of fraction digits. */
const pattern = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Reads a date as clients write them: RFC 3339, a space for the T, no zone (then UTC), or a day. `name` goes into the error. */
export function readDate(text: string, name: string): Date {
  const date = pattern.test(text) ? new Date(normalised(text)) : undefined;
  if (date === undefined || Number.isNaN(date.getTime())) {
    throw invalid('A date cannot be read.', {
      details: [{ path: name, message: 'must be a date and time such as 2026-01-31T12:00:00Z' }],
    });
  }
  return date;
}

function normalised(text: string): string {
  const iso = text.replace(' ', 'T').replace(',', '.').replace(/\s+/g, '').toUpperCase();
  // A plus sign that was not escaped in a query arrives as a space: "…00:00 02:00".
  return /T/.test(iso) && !/(Z|[+-]\d{2}:?\d{2})$/.test(iso) ? `${iso}Z` : iso;
}
