import { Type } from '@sinclair/typebox';
import { isAppError, type ErrorKind } from '../errors';
import { assertValid } from '../http/validation';
import { openUnit } from './open-unit';
import { readJsonBody } from './read-json-body';
import { sendJson } from './send';
import type { SessionHandler } from './visit';

const OpenBody = Type.Object(
  { activity: Type.String({ minLength: 1, maxLength: 4000 }) },
  { additionalProperties: false },
);
const maxBytes = 32 * 1024;

const statuses: Partial<Record<ErrorKind, number>> = { invalid: 400, conflict: 409, 'too-large': 413 };

/** Opens a unit whose content reports to the server itself, for the player's page. */
export const answerOpen: SessionHandler = async (visit, session) => {
  const { request, response, origin } = visit;
  try {
    const body = await readJsonBody(request, maxBytes);
    assertValid(OpenBody, body, 'request');
    return sendJson(response, 200, await openUnit(session, (body as { activity: string }).activity, origin.resources));
  } catch (error) {
    const status = isAppError(error) ? statuses[error.kind] : undefined;
    if (!isAppError(error) || status === undefined) throw error;
    return sendJson(response, status, { message: error.message, details: error.details });
  }
};
