import type { DataFolder } from './data-folder';
import { LogFile } from './log-file';

/** The levels of a line (`log.ts`) that somebody should see at once. */
const shownLevels = new Set<unknown>(['error', 'fatal']);

/** Postgres and Temporal log errors in the course of ordinary work; the hub's processes do not. */
const shownOnError = new Set(['api', 'worker']);

/** Keeps what each process prints in a file of its own, and shows on the terminal what somebody should see now. */
export class ProcessLogs {
  readonly folder: string;
  private readonly files = new Map<string, LogFile>();

  constructor(
    data: DataFolder,
    private readonly say: (line: string) => void,
    private readonly verbose: boolean,
  ) {
    this.folder = data.folder('logs');
  }

  take(name: string, line: string): void {
    this.fileOf(name).write(line);
    if (this.verbose) this.say(`${name}: ${line}`);
    else if (shownOnError.has(name)) this.showError(name, line);
  }

  private fileOf(name: string): LogFile {
    const known = this.files.get(name);
    if (known) return known;
    const file = new LogFile(`${this.folder}/${name.toLowerCase()}.log`);
    this.files.set(name, file);
    return file;
  }

  private showError(name: string, line: string): void {
    const text = errorIn(line);
    if (text !== undefined) this.say(`${name}: ${text}`);
  }
}

/** Most lines: told without reading all of them. */
const isOrdinary = /^\{"level":"(?:trace|debug|info|warn)"/;

/** What an error line says, in short; a line that is not JSON is a crash's own words. */
function errorIn(line: string): string | undefined {
  if (isOrdinary.test(line)) return undefined;
  try {
    const { level, msg, event, error } = JSON.parse(line) as LogLine;
    if (!shownLevels.has(level)) return undefined;
    return [msg ?? event, error?.message].filter(Boolean).join(': ') || line;
  } catch {
    return line.trim() === '' ? undefined : line;
  }
}

interface LogLine {
  level?: unknown;
  msg?: string;
  event?: string;
  error?: { message?: string };
}
