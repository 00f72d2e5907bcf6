import pino, { type Logger } from 'pino';

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

/** One JSON line per event on standard output; `name` says which process speaks. */
export function createLogger(name: string, level: string): Logger {
  return pino({
    name,
    level,
    redact: { paths: secretPaths, censor: '[secret]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { error: pino.stdSerializers.err, cause: pino.stdSerializers.err },
  });
}
