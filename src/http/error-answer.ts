import { isDatabaseUnavailable } from '../database/postgres-errors';
import { type AppError, internal, invalid, isAppError, unavailable } from '../errors';
import { challenge } from './challenge';
import { dialectOf, statusOf } from './dialects';
import type { Exchange } from './exchange';

export interface ErrorAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  body: string;
}

/** What a caller is told of something that was thrown, in the words of the path's API; what is not its fault is logged. */
export function errorAnswer(thrown: unknown, exchange: Exchange): ErrorAnswer {
  const error = asAppError(thrown);
  const dialect = dialectOf(exchange.path);
  if (error.kind === 'internal') exchange.log.error({ event: 'http.failed', error: thrown });
  if (error.kind === 'unavailable') exchange.log.warn({ event: 'http.unavailable', error: thrown });
  const body = dialect.body(error, exchange.id);
  return {
    status: statusOf(error.kind, dialect),
    headers: {
      ...challenge(exchange, error),
      ...(error.kind === 'unavailable' ? { 'Retry-After': '5' } : {}),
      'Content-Type': dialect.contentType,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** Faults that were not foreseen are told apart only as "try again" or "ours"; their texts stay in the log. */
function asAppError(thrown: unknown): AppError {
  if (isAppError(thrown)) {
    return thrown.kind === 'internal'
      ? internal('Something went wrong in the hub; the request id leads to its log.')
      : thrown;
  }
  if (isDatabaseUnavailable(thrown)) {
    return unavailable('The database cannot be reached at the moment; nothing was changed. Try again.', {
      cause: thrown,
    });
  }
  if (thrown instanceof URIError) return invalid('The path holds a percent sign that is not the start of an escape.');
  return internal('Something went wrong in the hub; the request id leads to its log.', { cause: thrown });
}
