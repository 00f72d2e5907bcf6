import { v7 } from 'uuid';

/*
 * Ids are UUIDs of version 7, which begin with the time in ms (RFC 9562 5.7). So what is kept by id is in the order of time,
 * and a time is a place in it.
 */

const idAt = (moment: Date, rest: string): string => {
  const ms = Math.min(Math.max(moment.getTime(), 0), 2 ** 48 - 1);
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-${rest}`;
};

/** No id that was made at this moment or later is smaller. */
export const firstIdAt = (moment: Date): string => idAt(moment, '7000-8000-000000000000');

/** No id that was made until this moment is larger. */
export const lastIdAt = (moment: Date): string => idAt(moment, '7fff-bfff-ffffffffffff');

/**
 * An id that other systems read in statements, of one or of its registration. It begins with the time as the others do, and says
 * version 4: xAPI asks for UUIDs of RFC 4122, which ends at version 5, and clients of its time refuse what says more.
 */
export const newXapiId = (): string => {
  const id = v7();
  return `${id.slice(0, 14)}4${id.slice(15)}`;
};
