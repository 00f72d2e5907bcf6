import { Type } from '@sinclair/typebox';
import { assertValid } from '../http/validation';
import { openUnit } from './open-unit';
import { readJsonBody } from './read-json-body';
import { sendJson } from './send';
import { sendRefusal } from './send-refusal';
import type { SessionHandler } from './visit';

const OpenBody = Type.Object(
  { activity: Type.String({ minLength: 1, maxLength: 4000 }) },
  { additionalProperties: false },
);
const maxBytes = 32 * 1024;

/** Opens a unit whose content reports to the server itself, for the player's page. */
export const answerOpen: SessionHandler = async (visit, session) => {
  const { request, response, origin } = visit;
  try {
    const body = await readJsonBody(request, maxBytes);
    assertValid(OpenBody, body, 'request');
    return sendJson(response, 200, await openUnit(session, (body as { activity: string }).activity, origin.resources));
  } catch (error) {
    return sendRefusal(response, error);
  }
};
