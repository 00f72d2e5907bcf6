import type { Operation } from '../http/operation';
import { findDefinitions } from './activity-definitions.store';
import { readAgent, readIri } from './parameters.rules';
import { personOf } from './person.rules';
import { identityOf, keyOf } from './statement-keys.rules';
import { requiredParameter } from './statement-query';
import { checkAgent } from './statement.rules';
import { listNames } from './statements.store';
import { readScopes, xapiOperation } from './xapi-operation';
import { Activity, ActivityQuery, AgentQuery, Person } from './xapi.schemas';

/** xAPI 1.0.3 Communication 2.4 and 2.5; IEEE 9274.1.1 4.1.6.3 and .4. */
export const agentAndActivityOperations: readonly Operation[] = [
  xapiOperation({
    id: 'getPerson',
    summary: 'What is known of an agent: its identifier, and the names it had in its latest statements',
    method: 'get',
    path: '/agents',
    scopes: readScopes,
    query: AgentQuery,
    status: 200,
    response: Person,
    handle: async ({ applicationId, reach, parameters }, { db }) => {
      const agent = requiredParameter(parameters, 'agent', (text) => readAgent(text, checkAgent));
      const identity = identityOf(agent)!;
      reach.admitAgent(identity);
      const names = await listNames(db, applicationId, keyOf(applicationId, 'agent', identity));
      return personOf(agent, names);
    },
  }),
  xapiOperation({
    id: 'getActivity',
    summary: 'An activity with all that statements have said of what it is',
    method: 'get',
    path: '/activities',
    scopes: readScopes,
    query: ActivityQuery,
    status: 200,
    response: Activity,
    handle: async ({ applicationId, parameters }, { db }) => {
      const id = requiredParameter(parameters, 'activityId', readIri);
      const [definition] = (await findDefinitions(db, [keyOf(applicationId, 'activity', id)])).values();
      return { objectType: 'Activity' as const, id, ...(definition ? { definition } : {}) };
    },
  }),
];
