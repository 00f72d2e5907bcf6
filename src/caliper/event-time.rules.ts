const seconds = '2026-01-31T12:00:00'.length;

/** Microseconds since 1970 of a time that `isTime` took; further digits are rounded. */
export function microsecondsOf(time: string): bigint {
  const whole = BigInt(Date.parse(`${time.slice(0, seconds)}Z`)) * 1000n;
  const fraction = time[seconds] === '.' ? Math.round(Number.parseFloat(`0${time.slice(seconds)}`) * 1e6) : 0;
  return whole + BigInt(fraction);
}
