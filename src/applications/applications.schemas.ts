import { type Static, Type } from '@sinclair/typebox';
import { ProgramId } from '../events/event-programs.schemas';
import { scopes } from './caller';

const dateTime = Type.String({ format: 'date-time' });
const nullableDateTime = Type.Union([dateTime, Type.Null()]);
const scope = Type.Union(scopes.map((name) => Type.Literal(name)));

export const NewApplication = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 255 }) },
  { additionalProperties: false },
);

export const Application = Type.Object({
  id: Type.String({ format: 'uuid' }),
  name: Type.String(),
  created_at: dateTime,
});
export type Application = Static<typeof Application>;

export const ApplicationList = Type.Object({
  applications: Type.Array(Application),
  next: Type.Optional(Type.String()),
});

export const ApplicationPath = Type.Object({ applicationId: Type.String({ format: 'uuid' }) });

export const NewKey = Type.Object(
  {
    name: Type.Optional(Type.String({ maxLength: 255, description: 'What the key is for' })),
    scopes: Type.Optional(Type.Array(scope, { minItems: 1, maxItems: 20, uniqueItems: true })),
    programs: Type.Optional(Type.Array(ProgramId, { maxItems: 100, uniqueItems: true })),
    expires_at: Type.Optional(dateTime),
  },
  { additionalProperties: false },
);
export type NewKey = Static<typeof NewKey>;

export const Key = Type.Object({
  id: Type.String(),
  application_id: Type.Union([Type.String({ format: 'uuid' }), Type.Null()]),
  name: Type.String(),
  scopes: Type.Array(Type.String()),
  programs: Type.Array(Type.String()),
  created_at: dateTime,
  expires_at: nullableDateTime,
  revoked_at: nullableDateTime,
  last_used_at: nullableDateTime,
});
export type Key = Static<typeof Key>;

export const KeyWithSecret = Type.Intersect([
  Key,
  Type.Object({ secret: Type.String({ description: 'Shown this once; only its hash is kept' }) }),
]);

export const KeyList = Type.Object({ keys: Type.Array(Key), next: Type.Optional(Type.String()) });

export const KeyPath = Type.Object({ keyId: Type.String({ minLength: 1, maxLength: 100 }) });
