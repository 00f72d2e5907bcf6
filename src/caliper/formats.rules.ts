/** How Caliper writes identifiers, times and durations. Every pattern runs in linear time: the texts are anybody's. */

/** Longer ones are refused: they are keys of indexes, which Postgres limits to 2.7 kB. */
export const maxIriLength = 2048;

/** Nearly every IRI that is sent; found without asking Unicode for the class of each character. */
const plainIri = /^[A-Za-z][A-Za-z\d+.-]*:[\w!#$&'()*+,\-./:;=?@[\]~%]+$/;

/** A scheme, then no character that RFC 3987 §2.2 keeps out of an IRI (spaces, controls, quotes, brackets…). */
const iri = /^[A-Za-z][A-Za-z\d+.-]*:[^\s\p{Cc}\p{Surrogate}<>"{}|\\^`]+$/u;

/** With `http` there has to be a host, or the identifier is relative to nothing. */
const hostless = /^https?:(?!\/\/[^/?#])/i;
const brokenEscape = /%(?![\da-f]{2})/i;

/** An absolute IRI (Caliper 1.2 §4.2). */
export const isIri = (text: string): boolean =>
  text.length <= maxIriLength &&
  (plainIri.test(text) || iri.test(text)) &&
  !hostless.test(text) &&
  !(text.includes('%') && brokenEscape.test(text));

/** A blank node names an entity that has no IRI; it means something inside its own document only (Caliper 1.2 §4.2). */
const blankNode = /^_:[^\s\p{Cc}\p{Surrogate}]{1,255}$/u;

/** What an entity inside an event may be called. */
export const isEntityId = (text: string): boolean => isIri(text) || blankNode.test(text);

const eventId = /^urn:uuid:[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** RFC 4122, any version of UUID: version 4 is only recommended. */
export const isEventId = (text: string): boolean => eventId.test(text);

const time = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,12})?(?:Z|[+-]00:00)$/;

/**
 * ISO 8601 in UTC. The specification wants three digits of a second; clients send none, six or seven, and are understood.
 */
export function isTime(text: string): boolean {
  const parts = time.exec(text);
  if (parts === null) return false;
  const [, year, month, day] = parts.map(Number) as [number, number, number, number];
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const duration =
  /^P(?=\d|T\d)(?:\d{1,9}Y)?(?:\d{1,9}M)?(?:\d{1,9}W)?(?:\d{1,9}D)?(?:T(?=\d)(?:\d{1,9}H)?(?:\d{1,9}M)?(?:\d{1,9}(?:[.,]\d{1,9})?S)?)?$/;

/** ISO 8601, such as `PT1H12M27S`. */
export const isDuration = (text: string): boolean => duration.test(text);

const email = /^[^\s@\p{Cc}\p{Surrogate}]{1,64}@[^\s@\p{Cc}\p{Surrogate}]{1,255}$/u;

export const isEmail = (text: string): boolean => email.test(text);
