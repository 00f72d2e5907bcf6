/** Times of run-time data in seconds, and back. What cannot be read is 0. */

const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');

/** CMITimespan: HHHH:MM:SS.SS (SCORM 1.2 RTE 3.4.2). */
export const timespanOf = (seconds: number): string =>
  `${two(seconds / 3600).padStart(4, '0')}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;

/** timeinterval (second,10,2): PnYnMnDTnHnMnS (SCORM 2004 RTE 4.1.1.7). */
export const intervalOf = (seconds: number): string => `PT${Math.round(seconds * 100) / 100}S`;

const day = 24 * 3600;
const intervalPattern =
  /^P(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$/;
const intervalSeconds = [365 * day, 30 * day, 7 * day, day, 3600, 60, 1];

/** Either form. */
export function secondsOf(text: string): number {
  const span = /^(\d{1,5}):(\d{1,2}):(\d{1,2}(?:\.\d+)?)$/.exec(text);
  if (span) return Number(span[1]) * 3600 + Number(span[2]) * 60 + Number(span[3]);
  const parts = intervalPattern.exec(text)?.slice(1) ?? [];
  return parts.reduce((sum, part, index) => sum + (Number(part ?? 0) || 0) * intervalSeconds[index]!, 0);
}
