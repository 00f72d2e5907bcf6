import pino, { type Logger, type LoggerOptions } from 'pino';

export type { Logger };

/** The names under which secrets travel: whatever object is logged, these never show. */
const secretPaths = [
  'authorization',
  'password',
  'secret',
  'token',
  'access_token',
  'client_secret',
  '*.authorization',
  '*.password',
  '*.secret',
  '*.token',
  '*.access_token',
  '*.client_secret',
];

/** How long a line may wait for others, to be written together with them: a write costs as much as all else of a line. */
const gatherMs = 50;
const maxGathered = 64 * 1024;

let gathered = '';
let timer: NodeJS.Timeout | undefined;

function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  const lines = gathered;
  gathered = '';
  if (lines !== '') process.stdout.write(lines);
}

/** Standard output. Whoever ends the process leaves nothing behind; that nobody reads it any more is no reason to end. */
const output = {
  write(line: string): void {
    gathered += line;
    if (gathered.length >= maxGathered) flush();
    else timer ??= setTimeout(flush, gatherMs).unref();
  },
};
let isOpen = false;

function openOutput(): typeof output {
  if (!isOpen) {
    isOpen = true;
    process.stdout.on('error', () => undefined);
    process.on('exit', flush);
  }
  return output;
}

/** One JSON line per event on standard output; `name` says which process speaks. */
export function createLogger(name: string, level: string): Logger {
  const options: LoggerOptions = {
    name,
    level,
    redact: { paths: secretPaths, censor: '[secret]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { error: pino.stdSerializers.err, cause: pino.stdSerializers.err },
  };
  return pino(options, openOutput());
}
