import { type Static, Type } from '@sinclair/typebox';
import { pageQuery } from '../http/hub-paging';
import { modelNames } from './evaluation-models.rules';
import { maxId } from './loep-server.schemas';
import { metricNames } from './quality-metrics.rules';

export const dateTime = Type.String({ format: 'date-time' });
export const orNull = <T extends 'string' | 'boolean' | 'number' | 'integer'>(type: T) =>
  Type.Unsafe<{ string: string; boolean: boolean; number: number; integer: number }[T] | null>({
    type: [type, 'null'],
  });

const oneOf = <const T extends string>(values: readonly T[], description: string) =>
  Type.Unsafe<T>(Type.String({ enum: [...values], description }));

export const modelName = oneOf(modelNames, 'The evaluation model');
export const reviewer = Type.String({
  minLength: 1,
  maxLength: 255,
  description: 'Who evaluates, as the caller names them',
});
export const rowId = Type.Integer({ minimum: 1, maximum: maxId });
const count = Type.Integer({ minimum: 0 });

export const IdPath = Type.Object({ id: rowId });

const ModelSummary = Type.Object({
  model: modelName,
  assignments: Type.Object({ pending: count, completed: count, rejected: count }),
  evaluations: count,
  completed_evaluations: Type.Integer({ minimum: 0, description: 'With a valid value for every item' }),
  means: Type.Array(orNull('number'), { description: 'Of the valid values of each item, two decimals' }),
});

export const LearningObject = Type.Object({
  id: rowId,
  repository: Type.String(),
  id_repository: orNull('string'),
  course_id: orNull('string'),
  name: Type.String(),
  url: Type.String(),
  description: orNull('string'),
  lotype: Type.String(),
  technology: Type.String(),
  language: orNull('string'),
  scope: Type.String(),
  metadata_url: orNull('string'),
  tags: Type.Array(Type.String()),
  contents: Type.Record(Type.String(), orNull('boolean'), { description: 'hasText, hasImages …' }),
  created_at: dateTime,
  updated_at: dateTime,
  models: Type.Array(ModelSummary),
  scores: Type.Record(Type.String(), orNull('number'), {
    description: `From 0 to 10, two decimals; null until every item has a mean: ${metricNames.join(', ')}`,
  }),
});
export type LearningObject = Static<typeof LearningObject>;

export const LearningObjectList = Type.Object({
  learning_objects: Type.Array(LearningObject),
  next: Type.Optional(Type.String()),
});

const filter = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 255, description }));

export const LearningObjectQuery = Type.Object({
  ...pageQuery,
  repository: filter('Objects of this repository'),
  id_repository: filter('Objects of this id'),
  course_id: filter('Objects that are tied to this course'),
});

export const LearningObjectPatch = Type.Object(
  {
    course_id: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      minLength: 1,
      maxLength: 255,
      description: 'The caller’s id of a course of this application; null: none',
    }),
  },
  { additionalProperties: false },
);
