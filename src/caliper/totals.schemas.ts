import { type Static, Type } from '@sinclair/typebox';
import { pageQuery } from '../http/hub-paging';
import { maxIriLength } from './formats.rules';

/** What totals can be kept apart by, in the order in which they are sorted. */
export const groupings = ['learner', 'course', 'day'] as const;
export type Grouping = (typeof groupings)[number];

const day = (description: string) => Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description }));

export const TotalsQuery = Type.Object({
  ...pageQuery,
  learner: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: maxIriLength,
      pattern: '\\S',
      description: 'Email in any case, or the actor’s id where it has none',
    }),
  ),
  course_id: Type.Optional(Type.String({ minLength: 1, maxLength: 10_000, description: 'As the events name it' })),
  from: day('The first day, UTC: 2026-01-31'),
  to: day('The last day, UTC'),
  group_by: Type.Optional(
    Type.Array(Type.Unsafe<Grouping>(Type.String({ enum: [...groupings] })), {
      minItems: 1,
      maxItems: groupings.length,
      uniqueItems: true,
      default: [...groupings],
      description: 'A row for each of these, separated by commas; what is not named is summed up',
    }),
  ),
});

const sum = (description?: string) => Type.Number(description === undefined ? {} : { description });

export const Totals = Type.Object({
  learner: Type.Optional(Type.String({ description: 'Email in lower case, else the actor’s id' })),
  course_id: Type.Optional(
    Type.Union([Type.String(), Type.Null()], { description: 'As the events name it; null: they name none' }),
  ),
  day: Type.Optional(Type.String({ format: 'date', description: 'Of the events’ time, UTC' })),
  xp: sum('Corrections included'),
  questions: Type.Object({ total: sum(), correct: sum() }),
  mastered_units: sum(),
  seconds: Type.Object(
    { active: sum(), inactive: sum(), waste: sum(), unknown: sum(), anti_pattern: sum() },
    { description: 'Time spent, by kind' },
  ),
});
export type Totals = Static<typeof Totals>;

export const TotalsList = Type.Object({ totals: Type.Array(Totals), next: Type.Optional(Type.String()) });
export type TotalsList = Static<typeof TotalsList>;
