import type { Resources } from '../resources';
import { unitCredentials } from './launch-tokens';
import { runtimeOf } from './player-seed';
import { sendJson } from './send';
import type { UnitSession } from './unit-doors';
import { isTooLate } from './unit-lateness.rules';
import { lockUnitSession, updateUnitSession } from './unit-sessions.store';
import type { Visit } from './visit';

type FetchAnswer = { 'auth-token': string } | { 'error-code': '1' | '2'; 'error-text': string };

const usedUp: FetchAnswer = { 'error-code': '1', 'error-text': 'The authorization token has been returned already.' };
const expired: FetchAnswer = { 'error-code': '1', 'error-text': 'The session of this content is over.' };
const unknown: FetchAnswer = { 'error-code': '2', 'error-text': 'There is no such session, or not any more.' };

/** Where an AU gets its credentials, once (cmi5 8.2). What is wrong is said in the body of a 200 (cmi5 8.2.2). */
export async function answerFetch({ request, response, origin }: Visit, session: UnitSession): Promise<void> {
  if (request.method !== 'POST') return refuseMethod(response);
  return sendJson(response, 200, await fetchCredentials(session, origin.resources));
}

/** For an address that holds no token of ours. */
export function answerUnknownFetch({ request, response }: Visit): void {
  if (request.method !== 'POST') return refuseMethod(response);
  return sendJson(response, 200, unknown);
}

function refuseMethod(response: Visit['response']): void {
  response.setHeader('Allow', 'POST, OPTIONS');
  return sendJson(response, 405, { message: 'Only POST is answered here.' });
}

const fetchCredentials = (
  { launch, unit: { id }, version }: UnitSession,
  { db, secrets }: Pick<Resources, 'db' | 'secrets'>,
): Promise<FetchAnswer> =>
  db.transaction(async (tx) => {
    // Its launch is not locked: nothing else is written, and whoever ends the session waits for this row.
    const unit = await lockUnitSession(tx, id);
    if (!unit || runtimeOf(version) !== 'cmi5') return unknown;
    if (unit.fetched_at !== null) return usedUp;
    const now = new Date();
    if (isTooLate(launch, unit, now)) return expired;
    await updateUnitSession(tx, id, { fetched_at: now });
    return { 'auth-token': unitCredentials(id, secrets) };
  });
