const seconds = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/** A time as people type it: `90m`, `2h`, `3d` or `1w` before now; anything else is for the hub to read. */
export function readSince(text: string, now: Date): string {
  const [, count, unit] = /^(\d{1,6})([smhdw])$/.exec(text.trim()) ?? [];
  if (count === undefined || unit === undefined) return text;
  return new Date(now.getTime() - Number(count) * seconds[unit as keyof typeof seconds] * 1000).toISOString();
}
