import { readUnitToken } from './launch-tokens';
import { sendText } from './send';
import { isOwnOrigin } from './session-origin.rules';
import type { Session } from './sessions';
import { findUnitSession, type UnitSessionRow } from './unit-sessions.store';
import { answerFetch, answerUnknownFetch } from './answer-fetch';
import { answerHacp } from './answer-hacp';
import { answerReturned } from './answer-returned';
import type { Visit } from './visit';

/** Whose content asks. What is in here is as old as a second: doors that change something lock the rows and look again. */
export interface UnitSession extends Session {
  unit: UnitSessionRow;
}

/** `rest`: what the path has after the door's name. */
export type UnitDoor = (visit: Visit, session: UnitSession, rest: string) => Promise<void>;

/** Where a unit's content reports and asks, by the first part of the path behind the token. */
const doors: Readonly<Record<string, UnitDoor>> = {
  fetch: answerFetch,
  hacp: answerHacp,
  returned: answerReturned,
  xapi: (visit, session, rest) => visit.origin.xapi(visit, session, rest),
};

/**
 * Content may lie on a site of its own, so its doors answer to any origin; the token in the path is what opens them, and no cookie
 * takes part.
 */
export const crossOrigin: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

const preflight = {
  ...crossOrigin,
  'Access-Control-Allow-Methods': 'GET, HEAD, PUT, POST, DELETE',
  'Access-Control-Allow-Headers':
    'Authorization, Content-Type, X-Experience-API-Version, If-Match, If-None-Match, Accept-Language',
  'Access-Control-Expose-Headers':
    'ETag, Last-Modified, X-Experience-API-Version, X-Experience-API-Consistent-Through, X-Request-Id',
  'Access-Control-Max-Age': '600',
};

/** Answers below `/u/{token}/`. */
export async function routeUnit(visit: Visit, token: string, rest: string): Promise<void> {
  const { request, response, origin } = visit;
  for (const [header, value] of Object.entries(crossOrigin)) response.setHeader(header, value);
  const [, name = '', path = ''] = /^([^/]*)(?:\/(.*))?$/s.exec(rest) ?? [];
  const door = Object.hasOwn(doors, name) ? doors[name] : undefined;
  if (door && request.method === 'OPTIONS') return void response.writeHead(204, preflight).end();
  const unitId = readUnitToken(token, origin.resources.secrets);
  const unit = door && unitId !== undefined ? await findUnitSession(origin.resources.db, unitId) : undefined;
  const session = unit && (await origin.sessions.findById(unit.launch_id));
  const { url } = origin.resources.config.player;
  if (!door || !session || !isOwnOrigin(url, session.launch.id, request.headers.host)) {
    if (door === answerFetch) return answerUnknownFetch(visit);
    return sendText(response, 404, 'There is nothing here, or not any more.');
  }
  return door(visit, { ...session, unit }, path);
}
