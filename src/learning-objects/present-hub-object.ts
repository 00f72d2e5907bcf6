import { modelNames } from './evaluation-models.rules';
import { languageCode } from './language-codes';
import { contentFlags, flagNames } from './learning-objects.rules';
import type { LearningObject } from './learning-objects.schemas';
import type { LearningObjectRow } from './learning-objects.store';
import type { ObjectQuality } from './object-quality.rules';
import { roundScore } from './quality-metrics.rules';

/** A learning object in the hub's own shape: what is not known is null. */
export const presentHubObject = (row: LearningObjectRow, { models, scores }: ObjectQuality): LearningObject => ({
  id: row.id,
  repository: row.repository,
  id_repository: row.id_repository,
  course_id: row.course_id,
  name: row.name,
  url: row.url,
  description: row.description,
  lotype: row.lotype,
  technology: row.technology,
  language: (row.language_id !== null && languageCode(row.language_id)) || null,
  scope: row.scope,
  metadata_url: row.metadata_url,
  tags: row.tags,
  contents: Object.fromEntries(flagNames.map((name) => [name, row[contentFlags[name]]])),
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
  models: modelNames.map((name) => {
    const { pending, completed, rejected, evaluations, completed_evaluations, means } = models[name];
    return {
      model: name,
      assignments: { pending, completed, rejected },
      evaluations,
      completed_evaluations,
      means: means.map((mean) => (mean === null ? null : roundScore(mean))),
    };
  }),
  scores,
});
