import { type ErrorDetail, invalid } from '../errors';
import { type EvaluationModel, isValid, type ModelName, modelOf, notApplicable } from './evaluation-models.rules';

/** What a reviewer answers. */
export interface Answers {
  /** One for each item of the model: on its scale, -1 (not applicable) or null (unanswered). */
  items: readonly (number | null)[];
  /** One for each text item of the model; none at all is none of them. */
  texts?: readonly (string | null)[] | undefined;
  comments?: string | null | undefined;
}

/** Answers as they are kept: every text has its place, and empty ones are null. */
export interface CheckedAnswers {
  items: (number | null)[];
  texts: (string | null)[];
  comments: string | null;
}

/** A model by which people evaluate. Throws for one that the hub fills itself. */
export function askedModel(name: ModelName): EvaluationModel {
  const model = modelOf(name);
  if (!model.automatic) return model;
  throw invalid('This model cannot be used here.', {
    details: [{ path: 'model', message: `${name} is automatic: the hub evaluates by it, nobody else does` }],
  });
}

const wordsOrNull = (text: string | null | undefined): string | null => (text?.trim() ? text : null);

/** Throws an invalid error that names each answer at fault: `items.3`. */
export function checkAnswers(model: EvaluationModel, { items, texts = [], comments }: Answers): CheckedAnswers {
  const problems = [...problemsOfItems(model, items), ...problemsOfTexts(model, texts)];
  if (problems.length > 0) throw invalid('The evaluation is not as it should be.', { details: problems });
  return {
    items: [...items],
    texts: Array.from({ length: model.texts }, (_, index) => wordsOrNull(texts[index])),
    comments: wordsOrNull(comments),
  };
}

function problemsOfItems(model: EvaluationModel, items: Answers['items']): ErrorDetail[] {
  const { name, min, max } = model;
  const { count } = model.items;
  if (items.length !== count) {
    return [{ path: 'items', message: `must have ${count} members, one for each item of ${name}` }];
  }
  return items.flatMap((value, index) =>
    value === null || value === notApplicable || isValid(model, value)
      ? []
      : { path: `items.${index}`, message: `must be from ${min} to ${max}, -1 (not applicable) or null (unanswered)` },
  );
}

function problemsOfTexts({ name, texts: count }: EvaluationModel, texts: readonly unknown[]): ErrorDetail[] {
  if (texts.length === 0 || texts.length === count) return [];
  const wanted = count === 0 ? 'none' : `${count}, one for each text item, or none`;
  return [{ path: 'texts', message: `must be as many as ${name} has: ${wanted}` }];
}
