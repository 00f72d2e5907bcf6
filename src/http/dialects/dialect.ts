import type { IncomingHttpHeaders } from 'node:http';
import type { Config } from '../../config';
import type { AppError, ErrorKind } from '../../errors';

/** How one API words its errors. Chosen by path, before authentication, so that a 401, 404 and 405 speak it too. */
export interface Dialect {
  contentType: string;
  /** A string goes out as it is, anything else as JSON. */
  body(error: AppError, requestId: string): unknown;
  /** Where the API's own document has another status than the hub's other APIs. */
  statuses?: Partial<Record<ErrorKind, number>>;
  /** What every answer of the API has, whatever it is; of a request's headers. */
  headers?: (request: IncomingHttpHeaders, config: Config) => Readonly<Record<string, string>>;
  /** The body's JSON Schema, for the documentation. */
  schema: object;
}

/** The status of each kind of error, in every dialect that has none of its own for it. */
const statuses: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  gone: 410,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-media': 415,
  unprocessable: 422,
  'rate-limited': 429,
  internal: 500,
  unavailable: 503,
};

export const statusOf = (kind: ErrorKind, dialect?: Dialect): number => dialect?.statuses?.[kind] ?? statuses[kind];

/** One sentence that holds the details too, for dialects whose body is a single message. */
export const sentenceOf = ({ message, details }: AppError): string =>
  details.length === 0
    ? message
    : `${message} ${details.map(({ path, message: problem }) => `${path || 'It'} ${problem}`).join('; ')}.`;
