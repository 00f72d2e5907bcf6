import { type Static, Type } from '@sinclair/typebox';

const oneOf = <const T extends string>(...values: T[]) => Type.Unsafe<T>(Type.String({ enum: values }));

const auId = Type.String({ minLength: 1, maxLength: 4000, description: 'The AU, by its id in the course structure' });
const reason = Type.String({
  minLength: 1,
  maxLength: 255,
  pattern: '\\S',
  description: 'Tested Out, Equivalent AU, Equivalent Outside Activity, Administrative, or another (cmi5 9.5.5.2)',
});

export const UnitWaiver = Type.Object({ au_id: auId, reason }, { additionalProperties: false });
export type UnitWaiver = Static<typeof UnitWaiver>;

export const WaivedUnit = Type.Object({
  au_id: auId,
  reason,
  waived_at: Type.String({ format: 'date-time' }),
  registration: Type.Object({
    id: Type.String({ format: 'uuid', description: 'The registration of its statements' }),
    completion: oneOf('unknown', 'incomplete', 'completed'),
    success: oneOf('unknown', 'passed', 'failed'),
    progress: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
      description: 'The share of the course’s AUs that are satisfied',
    }),
  }),
});
export type WaivedUnit = Static<typeof WaivedUnit>;

export const AbandonedUnits = Type.Object({
  abandoned: Type.Array(
    Type.Object({
      session_id: Type.String({ format: 'uuid', description: 'The session id of its statements' }),
      au_id: auId,
    }),
  ),
});
export type AbandonedUnits = Static<typeof AbandonedUnits>;
