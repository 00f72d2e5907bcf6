import { type ErrorDetail, invalid } from '../errors';
import { languageCode, languageCodes, languageNumber } from './language-codes';

export const lotypes = [
  'unspecified',
  'text',
  'image',
  'video',
  'audio',
  'web',
  'quiz',
  'document',
  'slideshow',
  'veslideshow',
  'flashcard',
  'vtour',
  'evideo',
  'egame',
  'aegame',
  'oilo',
  'oslo',
] as const;
export const technologies = ['unspecified', 'html', 'flash', 'japplet', 'file', 'analog'] as const;
export const visibilities = ['Private', 'Protected', 'Public'] as const;

/** What an object may hold: LOEP's names and the columns, in LOEP's order. */
export const contentFlags = {
  hasText: 'has_text',
  hasImages: 'has_images',
  hasVideos: 'has_videos',
  hasAudios: 'has_audios',
  hasQuizzes: 'has_quizzes',
  hasWebs: 'has_webs',
  hasFlashObjects: 'has_flash_objects',
  hasApplets: 'has_applets',
  hasDocuments: 'has_documents',
  hasFlashcards: 'has_flashcards',
  hasVirtualTours: 'has_virtual_tours',
  hasEnrichedVideos: 'has_enriched_videos',
} as const;
export type ContentFlag = keyof typeof contentFlags;
type FlagColumn = (typeof contentFlags)[ContentFlag];

export const flagNames = Object.keys(contentFlags) as ContentFlag[];

/** What an application says of a learning object, as columns. */
export interface LearningObjectFields extends Record<FlagColumn, boolean | null> {
  repository: string;
  id_repository: string | null;
  url: string;
  name: string;
  description: string | null;
  lotype: (typeof lotypes)[number];
  technology: (typeof technologies)[number];
  /** Place in the list of languages, from 1. */
  language_id: number | null;
  scope: (typeof visibilities)[number];
  metadata_url: string | null;
  tags: string[];
}

/** The members of a request's `lo`. What comes from a form is text. */
export interface LearningObjectInput extends Partial<Record<ContentFlag, boolean | number | string | null>> {
  repository?: string | null;
  id_repository?: string | number | null;
  url?: string | null;
  name?: string | null;
  description?: string | null;
  lotype?: LearningObjectFields['lotype'];
  technology?: LearningObjectFields['technology'];
  language_id?: string | number | null;
  lanCode?: string | null;
  scope?: LearningObjectFields['scope'];
  metadata_url?: string | null;
  tag_list?: string | readonly string[] | null;
}

export const maxTags = 100;
export const maxTagLength = 255;

/**
 * A request's members as columns; those that are absent stay so. Throws an invalid error that names every member at fault.
 * Empty text counts as nothing, since forms cannot say null.
 */
export function readFields(input: LearningObjectInput): Partial<LearningObjectFields> {
  const problems: ErrorDetail[] = [];
  const refuse = (member: string, message: string): undefined => {
    problems.push({ path: `lo.${member}`, message });
    return undefined;
  };
  const { lotype, technology, scope } = input;
  const fields = {
    repository: readRequired(input.repository, 'repository', refuse),
    id_repository: readOptional(input.id_repository),
    url: readUrl(readRequired(input.url, 'url', refuse), 'url', refuse),
    name: readRequired(input.name, 'name', refuse),
    description: readOptional(input.description),
    lotype,
    technology,
    language_id: readLanguage(input, refuse),
    ...Object.fromEntries(flagNames.map((name) => [contentFlags[name], readFlag(input[name], name, refuse)])),
    scope,
    metadata_url: readUrl(readOptional(input.metadata_url), 'metadata_url', refuse),
    tags: readTags(input.tag_list, refuse),
  };
  if (problems.length > 0) throw invalid('The learning object is not as it should be.', { details: problems });
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

type Refuse = (member: string, message: string) => undefined;

const isBlank = (value: unknown): boolean => value === null || (typeof value === 'string' && value.trim() === '');

function readRequired(value: string | null | undefined, member: string, refuse: Refuse): string | undefined {
  if (value === undefined) return undefined;
  return value === null || isBlank(value) ? refuse(member, 'must not be empty') : value;
}

function readOptional(value: string | number | null | undefined): string | null | undefined {
  if (value === undefined) return undefined;
  return isBlank(value) ? null : String(value);
}

function readUrl<T extends string | null | undefined>(text: T, member: string, refuse: Refuse): T | undefined {
  if (typeof text !== 'string' || (/^https?:\/\//i.test(text) && URL.canParse(text))) return text;
  return refuse(member, 'must be an absolute URL that begins with http:// or https://');
}

const flagValues = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  ['1', true],
  [1, true],
  [false, false],
  ['false', false],
  ['0', false],
  [0, false],
]);

function readFlag(value: unknown, member: string, refuse: Refuse): boolean | null | undefined {
  if (value === undefined) return undefined;
  if (isBlank(value)) return null;
  return flagValues.get(value) ?? refuse(member, 'must be true, false, 1 or 0');
}

function readLanguage({ language_id, lanCode }: LearningObjectInput, refuse: Refuse): number | null | undefined {
  const byCode = readLanguageCode(lanCode, refuse);
  const byNumber = readLanguageNumber(language_id, refuse);
  if (byCode && byNumber && byCode !== byNumber) {
    return refuse('language_id', `is another language than lanCode: ${languageCode(byNumber)} is not ${lanCode}`);
  }
  return byCode === undefined ? byNumber : (byCode ?? byNumber ?? null);
}

function readLanguageCode(code: string | null | undefined, refuse: Refuse): number | null | undefined {
  if (code === undefined) return undefined;
  if (code === null || isBlank(code)) return null;
  return languageNumber(code) ?? refuse('lanCode', 'must be a code of two letters as ISO 639-1 has them');
}

function readLanguageNumber(value: string | number | null | undefined, refuse: Refuse): number | null | undefined {
  if (value === undefined) return undefined;
  if (isBlank(value)) return null;
  const number = Number(value);
  if (languageCode(number) !== undefined) return number;
  return refuse('language_id', `must be the number of a language, from 1 to ${languageCodes.length}`);
}

/** `a, b` or a list. Tags that differ in nothing are one. */
function readTags(value: LearningObjectInput['tag_list'], refuse: Refuse): string[] | undefined {
  if (value === undefined) return undefined;
  const parts = typeof value === 'string' ? value.split(',') : (value ?? []);
  const tags = [...new Set(parts.map((tag) => tag.trim()).filter((tag) => tag !== ''))];
  if (tags.length > maxTags) return refuse('tag_list', `may have up to ${maxTags} tags`);
  if (tags.some((tag) => tag.length > maxTagLength)) {
    return refuse('tag_list', `may have tags of up to ${maxTagLength} characters`);
  }
  return tags;
}

/** What is asked of a new object. */
export function requireNew(fields: Partial<LearningObjectFields>): asserts fields is NewFields {
  const missing = (['name', 'url'] as const).filter((member) => fields[member] === undefined);
  if (missing.length === 0) return;
  throw invalid('The learning object is not complete.', {
    details: missing.map((member) => ({ path: `lo.${member}`, message: 'is required' })),
  });
}

export type NewFields = Partial<LearningObjectFields> & Pick<LearningObjectFields, 'name' | 'url'>;

/** Those of the wanted columns that are not as they are wanted. */
export const changedFields = (
  row: LearningObjectFields,
  wanted: Partial<LearningObjectFields>,
): Partial<LearningObjectFields> =>
  Object.fromEntries(
    Object.entries(wanted).filter(
      ([column, value]) => JSON.stringify(row[column as keyof LearningObjectFields]) !== JSON.stringify(value),
    ),
  );
