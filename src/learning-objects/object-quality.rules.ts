import { evaluationModels, type EvaluationModel, modelNames, type ModelName } from './evaluation-models.rules';
import type { InteractionQuality } from './interaction-quality.rules';
import type { LearningObjectFields } from './learning-objects.rules';
import { metadataQuality } from './metadata-quality.rules';
import { meansOf, type ModelTotals, noTotals } from './model-totals.rules';
import { type ItemMeans, type MetricName, scoresOf } from './quality-metrics.rules';

/** What the evaluations of an object by one model come to. */
export interface ModelQuality extends ModelTotals {
  /** Of each item, unrounded. */
  means: (number | null)[];
}

export interface ObjectQuality {
  models: Record<ModelName, ModelQuality>;
  scores: Record<MetricName, number | null>;
}

/** An automatic model has one evaluation, a complete one, as soon as its values are known. */
function automaticQuality(model: EvaluationModel, values: readonly number[] | undefined): ModelQuality {
  const count = values === undefined ? 0 : 1;
  return {
    ...noTotals(model),
    evaluations: count,
    completed_evaluations: count,
    means: [...(values ?? Array<null>(model.items.count).fill(null))],
  };
}

/**
 * An object's means and scores, of its totals by model and, for the automatic models, of what it says of itself and how it
 * was used.
 */
export function qualityOf(
  object: LearningObjectFields,
  totals: ReadonlyMap<ModelName, ModelTotals>,
  interaction?: InteractionQuality,
): ObjectQuality {
  const automatic: Partial<Record<ModelName, readonly number[]>> = {
    'Metadata Quality': metadataQuality(object),
    ...(interaction && { 'Interaction Quality': interaction }),
  };
  const of = (model: EvaluationModel & { name: ModelName }): ModelQuality => {
    if (model.automatic) return automaticQuality(model, automatic[model.name]);
    const counted = totals.get(model.name) ?? noTotals(model);
    return { ...counted, means: meansOf(counted) };
  };
  const models = Object.fromEntries(
    evaluationModels.map((model) => [model.name, of(model)]),
  ) as ObjectQuality['models'];
  const means = Object.fromEntries(modelNames.map((name) => [name, models[name].means])) as unknown as ItemMeans;
  return { models, scores: scoresOf(means) };
}
