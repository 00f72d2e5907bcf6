import { assertValid } from '../http/validation';
import type { Commit } from './browser/player-seed';
import { CommitBody } from './commits.schemas';
import { numberOf } from './player-settings';
import { readJsonBody } from './read-json-body';
import { sendJson } from './send';
import { sendRefusal } from './send-refusal';
import type { Session } from './sessions';
import { takeCommit } from './take-commit';
import type { SessionHandler, Visit } from './visit';

/** Whatever a course is set to. */
const maxBytes = 8 * 1024 * 1024;

/** Takes a commit of the player's page, and says why one cannot be taken. */
export const answerCommit: SessionHandler = async (visit, session) => {
  const { response, origin } = visit;
  if (!origin.commitRate.take(session.launch.id, Date.now())) {
    response.setHeader('Retry-After', '1');
    return sendJson(response, 429, { message: 'The course commits too often.' });
  }
  try {
    const commit = await readCommit(visit, session);
    return sendJson(response, 200, await takeCommit(session, commit, origin.resources));
  } catch (error) {
    return sendRefusal(response, error);
  }
};

async function readCommit({ request }: Visit, { settings }: Session): Promise<Commit> {
  const limit = Math.min(maxBytes, numberOf(settings, 'RecordResultsMaxPayloadSizeInBytes', maxBytes) || maxBytes);
  const body = await readJsonBody(request, limit);
  assertValid(CommitBody, body, 'commit');
  return body as Commit;
}
