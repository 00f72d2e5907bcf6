import type { ServerResponse } from 'node:http';
import { isAppError, type ErrorKind } from '../errors';
import { sendJson } from './send';

const statuses: Partial<Record<ErrorKind, number>> = {
  invalid: 400,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
};

/** Tells the player's page why something was refused. What is no refusal is thrown on. */
export function sendRefusal(response: ServerResponse, error: unknown): void {
  const status = isAppError(error) ? statuses[error.kind] : undefined;
  if (!isAppError(error) || status === undefined) throw error;
  return sendJson(response, status, { message: error.message, details: error.details });
}
