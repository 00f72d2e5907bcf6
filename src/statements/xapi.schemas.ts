import { Type } from '@sinclair/typebox';

/** For the documentation: what a statement has to be is in statement.rules.ts. */
export const Statement = Type.Object(
  {
    id: Type.Optional(Type.String({ format: 'uuid' })),
    actor: Type.Object({}, { additionalProperties: true }),
    verb: Type.Object({ id: Type.String() }, { additionalProperties: true }),
    object: Type.Object({}, { additionalProperties: true }),
    stored: Type.Optional(Type.String()),
    timestamp: Type.Optional(Type.String()),
  },
  { additionalProperties: true },
);

const StatementResult = Type.Object({
  statements: Type.Array(Statement),
  more: Type.String({ description: 'Where the next page is, relative to this server; empty on the last' }),
});

/** With an id one statement, without one a page of them. */
export const StatementAnswer = Type.Union([StatementResult, Statement]);

export const StatementIds = Type.Array(Type.String({ format: 'uuid' }));

const agent = { agent: Type.String({ description: 'An Agent or Identified Group, as JSON' }) };
const activityId = { activityId: Type.String({ description: 'An IRI' }) };
const since = { since: Type.Optional(Type.String({ description: 'Changed after this time' })) };

export const PutStatementQuery = Type.Object({ statementId: Type.String({ format: 'uuid' }) });

export const StatementsQuery = Type.Object({
  statementId: Type.Optional(Type.String({ description: 'One statement; with format and attachments alone' })),
  voidedStatementId: Type.Optional(Type.String({ description: 'One voided statement' })),
  agent: Type.Optional(agent.agent),
  verb: Type.Optional(Type.String({ description: 'An IRI' })),
  activity: Type.Optional(Type.String({ description: 'An IRI' })),
  registration: Type.Optional(Type.String({ description: 'A UUID' })),
  related_activities: Type.Optional(Type.String({ description: '`true`: activities of context and SubStatement too' })),
  related_agents: Type.Optional(Type.String({ description: '`true`: authority, context and SubStatement too' })),
  since: Type.Optional(Type.String({ description: 'Stored after this time' })),
  until: Type.Optional(Type.String({ description: 'Stored at this time or before' })),
  limit: Type.Optional(Type.String({ description: 'Statements of a page; 0 or none: as many as there may be' })),
  format: Type.Optional(Type.String({ description: '`exact`, `ids` or `canonical`' })),
  attachments: Type.Optional(Type.String({ description: '`true`: multipart/mixed with what is attached' })),
  ascending: Type.Optional(Type.String({ description: '`true`: what was stored first comes first' })),
  more: Type.Optional(Type.String({ description: 'Of a page’s `more`; alone' })),
});

export const AgentQuery = Type.Object(agent);
export const ActivityQuery = Type.Object(activityId);

const registration = { registration: Type.Optional(Type.String({ description: 'A UUID' })) };
const stateScope = { ...activityId, ...agent, ...registration };
export const StateQuery = Type.Object({ ...stateScope, stateId: Type.String() });
export const StatesQuery = Type.Object({ ...stateScope, stateId: Type.Optional(Type.String()), ...since });
export const DeleteStatesQuery = Type.Object({ ...stateScope, stateId: Type.Optional(Type.String()) });

const profileId = { profileId: Type.String() };
export const AgentProfileQuery = Type.Object({ ...agent, ...profileId });
export const AgentProfilesQuery = Type.Object({ ...agent, profileId: Type.Optional(Type.String()), ...since });
export const ActivityProfileQuery = Type.Object({ ...activityId, ...profileId });
export const ActivityProfilesQuery = Type.Object({ ...activityId, profileId: Type.Optional(Type.String()), ...since });

export const About = Type.Object({
  version: Type.Array(Type.String()),
  extensions: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});

export const Person = Type.Object({
  objectType: Type.Literal('Person'),
  name: Type.Optional(Type.Array(Type.String())),
  mbox: Type.Optional(Type.Array(Type.String())),
  mbox_sha1sum: Type.Optional(Type.Array(Type.String())),
  openid: Type.Optional(Type.Array(Type.String())),
  account: Type.Optional(Type.Array(Type.Object({ homePage: Type.String(), name: Type.String() }))),
});

export const Activity = Type.Object({
  objectType: Type.Literal('Activity'),
  id: Type.String(),
  definition: Type.Optional(Type.Object({}, { additionalProperties: true })),
});
