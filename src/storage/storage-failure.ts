import { getSystemErrorMap, types } from 'node:util';
import { type AppError, unavailable } from '../errors';

/** An error of the operating system, as Node's file functions throw it. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException & { code: string; errno: number } =>
  types.isNativeError(error) && 'errno' in error && 'code' in error && typeof error.code === 'string';

export const isMissing = (error: unknown): boolean => isSystemError(error) && error.code === 'ENOENT';

/**
 * A full, broken or unreachable disk is told apart from a bug: it passes, so that the work is worth trying again. Node's
 * own message names the file, which is the operator's business: it stays in the cause.
 */
export function diskFailure(what: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  const reason = getSystemErrorMap().get(error.errno)?.[1] ?? 'unknown error';
  return unavailable(`${what}: ${reason} (${error.code}).`, { code: 'storage_failed', cause: error });
}

/** `diskFailure` for a promise's `catch`. */
export const failAs =
  (what: string) =>
  (error: unknown): never => {
    throw diskFailure(what, error);
  };

export const bucketFailure = (what: string, error: unknown): AppError =>
  unavailable(`${what}: ${types.isNativeError(error) ? `${error.name}, ${error.message}` : String(error)}.`, {
    code: 'storage_failed',
    cause: error,
  });
