import { evaluationModels, type EvaluationModel, type ModelName } from './evaluation-models.rules';
import { languageCode } from './language-codes';
import { contentFlags, flagNames } from './learning-objects.rules';
import type { LearningObjectRow } from './learning-objects.store';
import type { ModelQuality, ObjectQuality } from './object-quality.rules';
import { metricNames, roundScore } from './quality-metrics.rules';
import { type ReviewerWords, wordList } from './reviewer-words.rules';

/** A learning object as LOEP writes it. The order of its members is LOEP's. */
export type LoepLearningObject = Record<string, string | number | boolean | string[] | null>;

/** The words of an object's reviewers by model, the newest first. */
export type WordsByModel = ReadonlyMap<ModelName, readonly ReviewerWords[]>;

const twoDigits = (number: number): string => String(number).padStart(2, '0');

/** `15/03/2017 14:05 pm`, UTC: LOEP writes the hour of 24 and am or pm besides. */
export function loepDate(date: Date): string {
  const day = [twoDigits(date.getUTCDate()), twoDigits(date.getUTCMonth() + 1), date.getUTCFullYear()].join('/');
  const hours = date.getUTCHours();
  return `${day} ${twoDigits(hours)}:${twoDigits(date.getUTCMinutes())} ${hours < 12 ? 'am' : 'pm'}`;
}

/**
 * The `lo` of LOEP's API and callbacks (LOEP Callback API, "Learning Object Data"). Of the members that evaluations fill
 * none is ever null or absent: LOEP leaves them empty text.
 */
export function presentLearningObject(
  row: LearningObjectRow,
  { models, scores }: ObjectQuality,
  words: WordsByModel,
): LoepLearningObject {
  return Object.assign(
    columnsOf(row),
    { tag_list: row.tags.join(', '), lanCode: (row.language_id !== null && languageCode(row.language_id)) || null },
    ...evaluationModels.map((model) => membersOf(model, models[model.name], words.get(model.name) ?? [])),
    ...metricNames.map((name) => ({ [`Metric Score: ${name}`]: scores[name] ?? '' })),
  ) as LoepLearningObject;
}

const columnsOf = (row: LearningObjectRow): LoepLearningObject => ({
  id: row.id,
  url: row.url,
  name: row.name,
  description: row.description,
  lotype: row.lotype,
  repository: row.repository,
  technology: row.technology,
  language_id: row.language_id,
  ...Object.fromEntries(flagNames.map((name) => [name, row[contentFlags[name]]])),
  created_at: loepDate(row.created_at),
  updated_at: loepDate(row.updated_at),
  scope: row.scope,
  owner_id: null,
  app_id: row.application_number,
  id_repository: row.id_repository,
  metadata_url: row.metadata_url,
});

function membersOf(
  { name, items, texts }: EvaluationModel,
  quality: ModelQuality,
  words: readonly ReviewerWords[],
): LoepLearningObject {
  const item = items.type === 'integer' ? 'item' : 'ditem';
  const { pending, completed, rejected } = quality;
  return {
    [`Assignments with ${name}`]: pending + completed + rejected,
    [`Completed assignments with ${name}`]: completed,
    [`Pending assignments with ${name}`]: pending,
    [`Rejected assignments with ${name}`]: rejected,
    [`Evaluations with ${name}`]: quality.evaluations,
    [`Completed Evaluations with ${name}`]: quality.completed_evaluations,
    ...numbered(
      `${name} ${item}`,
      quality.means.map((mean) => (mean === null ? '' : roundScore(mean))),
    ),
    ...numbered(
      `${name} titem`,
      Array.from({ length: texts }, (_, index) => listOrEmpty(words, index)),
    ),
    [`${name} comments`]: orEmpty(wordList(words.map(({ comments }) => comments))),
  };
}

const numbered = <T>(prefix: string, values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.map((value, index) => [`${prefix}${index + 1}`, value]));

const orEmpty = (list: string[]): string[] | '' => (list.length === 0 ? '' : list);

const listOrEmpty = (words: readonly ReviewerWords[], index: number): string[] | '' =>
  orEmpty(wordList(words.map(({ texts }) => texts[index])));
