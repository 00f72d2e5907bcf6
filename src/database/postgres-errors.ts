import { isError } from '../errors';

interface PostgresError {
  code: string;
  constraint?: string;
}

const isPostgresError = (error: unknown): error is PostgresError =>
  isError(error) && 'code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code);

/** Whether a write failed on the named unique constraint or index (SQLSTATE 23505). */
export const violatesUnique = (error: unknown, constraint: string): boolean =>
  isPostgresError(error) && error.code === '23505' && error.constraint === constraint;

/** Whether something still refers to the row, or the row referred to is gone (SQLSTATE 23503). */
export const violatesReference = (error: unknown): boolean => isPostgresError(error) && error.code === '23503';

/** SQLSTATE classes that pass by themselves: connection, resources, operator intervention, deadlock, serialization. */
const transientCodes = /^(08|53|57|40|55P03)/;

/** Codes of sockets and of the pool that mean "no connection now". */
const socketCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);

/** Whether the database is out of reach or busy, so that the same call can succeed later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!isError(error)) return false;
  if (isPostgresError(error)) return transientCodes.test(error.code);
  if ('code' in error && typeof error.code === 'string') return socketCodes.has(error.code);
  return error.name === 'KnexTimeoutError' || /Connection terminated|connection error/i.test(error.message);
}
