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

/**
 * One JSON line per event on standard output; `name` says which process speaks. Lines that come within
 * 50 ms are written together, beside the work; the end of the process waits for what is left.
 */
export function createLogger(name: string, level: string): Logger {
  const options: LoggerOptions = {
    name,
    level,
    redact: { paths: secretPaths, censor: '[secret]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { error: pino.stdSerializers.err, cause: pino.stdSerializers.err },
  };
  return pino(options, pino.destination({ sync: false, minLength: 4096, periodicFlush: 50 }));
}
