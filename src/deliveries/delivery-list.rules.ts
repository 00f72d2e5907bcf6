/** Version 7 ids begin with the milliseconds of their time (RFC 9562 5.7). */
const idAt = (ms: number, rest: string): string => {
  const hex = Math.min(Math.max(ms, 0), 2 ** 48 - 1)
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-${rest}`;
};

/** By how much the clock that made an id may differ from the database's, which says when the row was written. */
const slackMs = 60_000;

/** No version 7 id of a row written at this time or later is smaller. */
export const leastIdSince = (time: Date): string => idAt(time.getTime() - slackMs, '0000-0000-000000000000');

/** No version 7 id of a row written until this time is larger. */
export const greatestIdUntil = (time: Date): string => idAt(time.getTime() + slackMs, 'ffff-ffff-ffffffffffff');
