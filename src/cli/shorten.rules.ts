/** In one line and without control characters, which a terminal would obey; the end of a text says less than its beginning. */
export function shorten(text: string | null, length: number): string {
  const line = text?.replace(/[\s\p{Cc}]+/gu, ' ') ?? '';
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}

/** To the second, in UTC, without the year: `11-25 14:03:22`. */
export const shortTime = (time: string | null): string => time?.slice(5, 19).replace('T', ' ') ?? '';
