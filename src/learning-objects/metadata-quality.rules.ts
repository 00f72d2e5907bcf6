import { contentFlags, flagNames, type LearningObjectFields } from './learning-objects.rules';
import { roundScore } from './quality-metrics.rules';

/**
 * The items of the model Metadata Quality, each from 0 to 10 with two decimals: completeness, conformance, consistency,
 * coherence, findability. The rule is the hub's own; docs/learning-objects.md tells it to its users.
 */
export const metadataQuality = (object: LearningObjectFields): number[] =>
  [completeness, conformance, consistency, coherence, findability].map((item) => roundScore(item(object)));

const share = (facts: readonly boolean[]): number => (10 * facts.filter(Boolean).length) / facts.length;

/** What is said at all. */
const completeness = (object: LearningObjectFields): number =>
  share([
    object.name !== '',
    object.url !== '',
    object.description !== null,
    object.lotype !== 'unspecified',
    object.technology !== 'unspecified',
    object.language_id !== null,
    object.tags.length > 0,
    object.metadata_url !== null,
    flagNames.some((name) => object[contentFlags[name]] !== null),
  ]);

const within = (text: string | null, min: number, max: number): boolean =>
  text !== null && text.length >= min && text.length <= max;

/** Whether it is said as a catalogue wants it. */
const conformance = ({ name, description, tags, url }: LearningObjectFields): number =>
  share([
    within(name, 5, 150),
    within(description, 40, 2000),
    tags.length >= 3 && tags.length <= 20,
    tags.length > 0 && tags.every((tag) => tag.length <= 50),
    /^https:/i.test(url),
  ]);

/** The content that a type, or a technology, cannot be without. */
const contentOfType: Partial<Record<LearningObjectFields['lotype'], keyof typeof contentFlags>> = {
  text: 'hasText',
  image: 'hasImages',
  video: 'hasVideos',
  audio: 'hasAudios',
  web: 'hasWebs',
  quiz: 'hasQuizzes',
  document: 'hasDocuments',
  flashcard: 'hasFlashcards',
  vtour: 'hasVirtualTours',
  evideo: 'hasEnrichedVideos',
};
const contentOfTechnology: Partial<Record<LearningObjectFields['technology'], keyof typeof contentFlags>> = {
  flash: 'hasFlashObjects',
  japplet: 'hasApplets',
};

/** Whether one statement contradicts, or merely repeats, another: a quarter less for each of four ways to. */
function consistency(object: LearningObjectFields): number {
  const lacks = (content: keyof typeof contentFlags | undefined): boolean =>
    content !== undefined && object[contentFlags[content]] === false;
  return share([
    !lacks(contentOfType[object.lotype]),
    !lacks(contentOfTechnology[object.technology]),
    object.description?.trim().toLowerCase() !== object.name.trim().toLowerCase(),
    new Set(object.tags.map((tag) => tag.toLowerCase())).size === object.tags.length,
  ]);
}

/** Words that carry a meaning: of four letters or more, each once. */
const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu));

/** Whether it speaks of one thing: the share of the name's words that the description or the tags have too. */
function coherence({ name, description, tags }: LearningObjectFields): number {
  const named = wordsOf(name);
  const said = wordsOf(`${description ?? ''} ${tags.join(' ')}`);
  return named.size === 0 ? 0 : share([...named].map((word) => said.has(word)));
}

/** What a search can go by: five tags and twenty words of description count four each, language and being public one. */
const findability = ({ tags, description, language_id, scope }: LearningObjectFields): number =>
  (4 * Math.min(tags.length, 5)) / 5 +
  (4 * Math.min(wordsOf(description ?? '').size, 20)) / 20 +
  (language_id === null ? 0 : 1) +
  (scope === 'Public' ? 1 : 0);
