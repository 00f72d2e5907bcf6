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
import type { UnitDoor, UnitSession } from './unit-doors';
import { unitReach } from './unit-reach';

/** Content sends a statement for each answer, many at once when it ends. */
const rate = { burst: 200, perSecond: 20 };

/** The operations of `/xapi`, for a unit's content: they are the same, but for who calls and what it reaches. */
export function createXapiDoor(resources: Resources): UnitDoor {
  const operations = [...statementOperations, ...agentAndActivityOperations, ...documentOperations, ...aboutOperations];
  const askers = new WeakMap<ServerResponse, UnitSession>();
  const requests = new CommitRate(rate);
  const identify = async ({ headers }: IncomingMessage, response: ServerResponse): Promise<Caller> => {
    const session = askers.get(response)!;
    if (!areUnitCredentials(headers.authorization, session.unit.id, resources.secrets)) {
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
