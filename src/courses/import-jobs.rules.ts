/** What a running import does, as the job's status says it. */

const units = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** 12 MB, 1.4 GB: decimal units with one digit under ten. */
export function sizeText(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${power > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}

export const waitingMessage = (host?: string): string =>
  host === undefined ? 'The file was received and waits to be read.' : `Waiting to fetch the file from ${host}.`;

export const fetchingMessage = (host: string, done: number, total?: number): string =>
  `Fetching the file from ${host}: ${sizeText(done)}${total === undefined ? '' : ` of ${sizeText(total)}`}.`;

export const checkingMessage = (done: number, total: number): string =>
  `Checking the package: ${sizeText(done)} of ${sizeText(total)}.`;

export const readingMessage = 'Reading the course’s description.';

export const completeMessage = (version: number, warnings: number): string =>
  `Imported as version ${version}${warnings === 0 ? '.' : `; ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}.`}`;

/** Whether a job that ended can still be asked about. */
export const isExpired = (finishedAt: Date | null, now: Date, retentionSeconds: number): boolean =>
  finishedAt !== null && finishedAt.getTime() + retentionSeconds * 1000 < now.getTime();
