import { Type } from '@sinclair/typebox';
import type { Commit } from './browser/player-seed';

const oneOf = <const T extends string>(...values: T[]) => Type.Unsafe<T>({ type: 'string', enum: values });
const counter = Type.Integer({ minimum: 0, maximum: 2_147_483_647 });
const activityId = Type.String({ minLength: 1, maxLength: 4000 });
const nullable = (minimum: number) => Type.Union([Type.Number({ minimum, maximum: 1 }), Type.Null()]);

const CourseResult = Type.Object(
  {
    completion: oneOf('unknown', 'incomplete', 'completed'),
    success: oneOf('unknown', 'passed', 'failed'),
    score: nullable(-1),
    progress: nullable(0),
  },
  { additionalProperties: false },
);

/** Ten years: more than that is no time that somebody learned. */
const maxSeconds = 10 * 365 * 24 * 3600;

/** What the player's page sends. Content can send it as well, so nothing in it is taken on trust. */
export const CommitBody = Type.Unsafe<Commit>(
  Type.Object(
    {
      opening: counter,
      number: counter,
      activity: Type.Optional(
        Type.Object(
          {
            id: activityId,
            session: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
            ended: Type.Boolean(),
            values: Type.Record(
              Type.String({ pattern: '^(cmi|adl)\\.[A-Za-z0-9_.]{1,250}$' }),
              Type.String({ maxLength: 1_000_000 }),
              { additionalProperties: false, maxProperties: 20_000 },
            ),
            seconds: Type.Number({ minimum: 0, maximum: maxSeconds }),
          },
          { additionalProperties: false },
        ),
      ),
      current: Type.Union([activityId, Type.Null()]),
      sequencing: Type.Optional(Type.String({ maxLength: 2_000_000 })),
      course: Type.Optional(CourseResult),
      leaves: Type.Optional(Type.Boolean()),
    },
    { additionalProperties: false },
  ),
);
