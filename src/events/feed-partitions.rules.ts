/** A stretch of the feed, a month of UTC, in positions: microseconds since 1970. */
export interface FeedMonth {
  /** The partition's. */
  table: string;
  from: number;
  /** Not in it any more. */
  to: number;
}

/** This month and those after it, as many as are asked for. */
export function monthsFrom(now: Date, count: number): FeedMonth[] {
  return Array.from({ length: count }, (_, index) => {
    const month = now.getUTCMonth() + index;
    const begin = new Date(Date.UTC(now.getUTCFullYear(), month));
    return {
      table: `event_feed_${begin.toISOString().slice(0, 7).replace('-', '_')}`,
      from: positionAt(begin),
      to: positionAt(new Date(Date.UTC(now.getUTCFullYear(), month + 1))),
    };
  });
}

export const positionAt = (moment: Date): number => moment.getTime() * 1000;

/** Of a partition of `monthsFrom`, by its name: where it ends. Undefined for another table. */
export function endOf(table: string): number | undefined {
  const [, year, month] = /^event_feed_(\d{4})_(\d{2})$/.exec(table) ?? [];
  return year === undefined ? undefined : positionAt(new Date(Date.UTC(Number(year), Number(month))));
}
