import { type Static, Type } from '@sinclair/typebox';
import { dateTime, modelName, orNull, reviewer, rowId } from './learning-objects.schemas';
import { maxWordsLength } from './reviewer-words.rules';

const words = (description: string) =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: maxWordsLength, description });

const answers = {
  items: Type.Array(orNull('integer'), {
    maxItems: 50,
    description: 'One for each item of the model: on its scale, -1 (not applicable) or null (unanswered)',
  }),
  texts: Type.Optional(
    Type.Array(words('Empty or null: none'), { maxItems: 10, description: 'One for each text item of the model' }),
  ),
  comments: Type.Optional(words('Empty or null: none')),
};

export const NewEvaluation = Type.Object({ model: modelName, reviewer, ...answers }, { additionalProperties: false });

/** Replaces all answers; model and reviewer stay. */
export const EvaluationAnswers = Type.Object(answers, { additionalProperties: false });

export const Evaluation = Type.Object({
  id: rowId,
  learning_object_id: rowId,
  model: modelName,
  reviewer: Type.String(),
  items: Type.Array(orNull('integer')),
  texts: Type.Array(orNull('string')),
  comments: orNull('string'),
  created_at: dateTime,
  updated_at: dateTime,
});
export type Evaluation = Static<typeof Evaluation>;

export const EvaluationList = Type.Object({ evaluations: Type.Array(Evaluation), next: Type.Optional(Type.String()) });
