import type { ServerResponse } from 'node:http';
import { isAppError, type ErrorKind } from '../errors';
import { CommitRate } from './commit-rate';
import { hacpAnswer, type HacpRequest, readHacpRequest } from './hacp.rules';
import { runtimeOf } from './player-seed';
import { readBytes } from './read-json-body';
import { takeHacp } from './take-hacp';
import type { UnitDoor, UnitSession } from './unit-doors';
import type { Visit } from './visit';

const maxBytes = 1024 * 1024;

/** Content may send a request for each answer, many at once when it ends. */
const requests = new CommitRate({ burst: 200, perSecond: 20 });

const statuses: Partial<Record<ErrorKind, number>> = { invalid: 400, 'too-large': 413 };

/** Where AICC content asks and reports (CMI001 v4.0, A.1). What is wrong with a request in HACP's terms is answered with 200. */
export const answerHacp: UnitDoor = async (visit, session) => {
  const { request, response } = visit;
  if (runtimeOf(session.version) !== 'aicc') return send(response, 404, 'There is nothing here.\n');
  if (request.method !== 'POST') {
    response.setHeader('Allow', 'POST');
    return send(response, 405, 'Only POST is possible here.\n');
  }
  if (!requests.take(session.launch.id, Date.now())) {
    response.setHeader('Retry-After', '1');
    return send(response, 429, 'The course asks too often; wait a second.\n');
  }
  try {
    const hacp = readHacpRequest(await readBytes(request, maxBytes));
    return send(response, 200, await answerTo(hacp, session, visit));
  } catch (error) {
    const status = isAppError(error) ? statuses[error.kind] : undefined;
    if (!isAppError(error) || status === undefined) throw error;
    return send(response, status, `${error.message}\n`);
  }
};

async function answerTo(hacp: HacpRequest, session: UnitSession, { origin }: Visit): Promise<string> {
  if (hacp.command === undefined) return hacpAnswer(1);
  if (hacp.sessionId.toLowerCase() !== session.unit.id) return hacpAnswer(3);
  try {
    return hacpAnswer(0, await takeHacp(session, hacp, origin.resources));
  } catch (error) {
    // The session is over, or its course is not there any more.
    if (isAppError(error) && (error.kind === 'forbidden' || error.kind === 'not-found')) return hacpAnswer(3);
    throw error;
  }
}

function send(response: ServerResponse, status: number, text: string): void {
  const headers = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  };
  response.writeHead(status, headers).end(text);
}
