import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../applications/caller';
import { rateLimited, unauthenticated } from '../errors';
import { createSideDoor } from '../http/app';
import { unitCredentialsWanted } from '../http/challenge';
import type { Resources } from '../resources';
import { agentAndActivityOperations } from '../statements/agents.routes';
import { documentOperations } from '../statements/documents.routes';
import { aboutOperations, statementOperations } from '../statements/statements.routes';
import { CommitRate } from './commit-rate';
import { areUnitCredentials } from './launch-tokens';
import { runtimeOf } from './player-seed';
import type { UnitDoor, UnitSession } from './unit-doors';
import { isTooLate } from './unit-lateness.rules';
import { unitReach } from './unit-reach';

/** Content sends a statement for each answer, many at once when it ends. */
const rate = { burst: 200, perSecond: 20 };

/** The operations of `/xapi`, for a unit's content: they are the same, but for who calls and what it reaches. */
export function createXapiDoor(resources: Resources): UnitDoor {
  const operations = [...statementOperations, ...agentAndActivityOperations, ...documentOperations, ...aboutOperations];
  const askers = new WeakMap<ServerResponse, UnitSession>();
  const requests = new CommitRate(rate);
  const identify = async (request: IncomingMessage, response: ServerResponse): Promise<Caller> => {
    const session = askers.get(response)!;
    const isKnown = areUnitCredentials(request.headers.authorization, session.unit.id, resources.secrets);
    if (!isKnown || !isGoodYet(session, request)) {
      const message =
        'Send the credentials that belong to this address: Basic, as the unit was told when it was opened.';
      throw unauthenticated(message, { code: unitCredentialsWanted });
    }
    if (!requests.take(session.launch.id, Date.now())) throw rateLimited('The course asks too often; wait a second.');
    return callerOf(session, resources);
  };
  const answer = createSideDoor(operations, resources, identify).callback();
  return async ({ request, response }, session, rest) => {
    askers.set(response, session);
    // Its own address holds the unit's token, which nobody is to log. Content joins addresses with a slash too many.
    request.url = `/xapi/${rest.replace(/^\/+/, '')}${/\?.*$/s.exec(request.url ?? '')?.[0] ?? ''}`;
    await answer(request, response);
  };
}

const callerOf = (session: UnitSession, resources: Resources): Caller => ({
  keyId: `unit/${session.unit.id}`,
  keyExpiresAt: undefined,
  applicationId: session.registration.application_id,
  scopes: ['read', 'write', 'delete'],
  programs: [],
  reach: unitReach(session, resources),
});

/**
 * Credentials of cmi5 content are good from when it fetched them until its session is over (cmi5 8.1.2). Statements that come later
 * are refused where they are taken, for the last one may come twice.
 */
function isGoodYet({ version, launch, unit }: UnitSession, { method, url = '' }: IncomingMessage): boolean {
  if (runtimeOf(version) !== 'cmi5') return true;
  if (unit.fetched_at === null) return false;
  const isStatement = (method === 'PUT' || method === 'POST') && /^\/xapi\/statements(\?(?!.*\bmethod=)|$)/.test(url);
  return isStatement || !isTooLate(launch, unit, new Date());
}
