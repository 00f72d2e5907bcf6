/**
 * The first id that can have been made at a moment: ids are UUIDs of version 7, which begin with the time in ms (RFC 9562
 * 5.7). So lists that are kept by id are in the order of time, and a time is a place in them.
 */
export function firstIdAt(moment: Date): string {
  const hex = Math.max(0, moment.getTime()).toString(16).padStart(12, '0').slice(-12);
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
