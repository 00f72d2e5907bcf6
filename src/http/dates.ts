import { invalid } from '../errors';

/** A date, or a date and time with or without a zone; any number of fraction digits. */
const pattern = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Years of four digits, in UTC: what Postgres reads as it is written. */
const earliest = new Date('0001-01-01T00:00:00Z');
const latest = new Date('9999-12-31T23:59:59.999Z');

/** Reads a date as clients write them: RFC 3339, a space for the T, no zone (then UTC), or a day. `name` goes into the error. */
export function readDate(text: string, name: string): Date {
  const date = pattern.test(text) ? new Date(normalised(text)) : undefined;
  if (date === undefined || !(date >= earliest && date <= latest) || !isDay(text)) {
    throw invalid('A date cannot be read.', {
      details: [{ path: name, message: 'must be a date and time such as 2026-01-31T12:00:00Z' }],
    });
  }
  return date;
}

/** The 30th of February is a day in March to JavaScript. */
const isDay = (text: string): boolean => {
  const day = text.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
};

function normalised(text: string): string {
  const iso = text.replace(' ', 'T').replace(',', '.').replace(/\s+/g, '').toUpperCase();
  // A plus sign that was not escaped in a query arrives as a space: "…00:00 02:00".
  return /T/.test(iso) && !/(Z|[+-]\d{2}:?\d{2})$/.test(iso) ? `${iso}Z` : iso;
}
