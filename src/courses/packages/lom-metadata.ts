import { distinctLanguages, oneLine, shorten } from './descriptor-text';
import { descriptorLimits } from './descriptor-limits';
import type { CourseMetadata } from './package';
import { present } from './present';
import type { XmlElement } from './xml';

/** What Learning Object Metadata says of a course, in either binding: IMS MD 1.2 (`langstring`) or IEEE LOM (`string`). */
export interface LomMetadata {
  /** `general`, `technical/duration` and `educational/typicalLearningTime`. */
  course: Partial<CourseMetadata> & Pick<CourseMetadata, 'keywords'>;
  languages: string[];
}

/** Reads a `<lom>` (or SCORM 1.1's `<record>`) element; unknown parts are left alone. */
export function readLom(lom: XmlElement): LomMetadata {
  const general = lom.find('general');
  const title = languageTexts(general?.find('title'))[0];
  const description = languageTexts(general?.find('description'))[0];
  const course = present({
    title: title && shorten(oneLine(title.text), descriptorLimits.title),
    titleLanguage: title?.language,
    description: description && shorten(description.text, descriptorLimits.description),
    descriptionLanguage: description?.language,
    duration: durationOf(lom.find('technical')?.find('duration')),
    typicalTime: durationOf(lom.find('educational')?.find('typicallearningtime')),
    keywords: general ? readKeywords(general) : [],
  });
  return { course, languages: general ? readLanguages(general) : [] };
}

interface LanguageText {
  text: string;
  language?: string;
}

/** `<langstring xml:lang="en">` of 1.2, `<string language="en">` of 2004; some tools write the bare text. */
function languageTexts(element: XmlElement | undefined): LanguageText[] {
  if (!element) return [];
  const strings = [...element.findAll('langstring'), ...element.findAll('string')];
  return (strings.length > 0 ? strings : [element])
    .map((string) => present({ text: string.text.trim(), language: languageOf(string) }))
    .filter(({ text }) => text !== '');
}

function languageOf(element: XmlElement): string | undefined {
  const language = element.attribute('language') ?? element.attribute('lang');
  return language && !isNoLanguage(language) ? shorten(language, 50) : undefined;
}

/** `x-none` and `none` say that there is no language. */
const isNoLanguage = (tag: string): boolean => /^(x-)?none$/i.test(tag);

const readKeywords = (general: XmlElement): string[] => {
  const texts = general.findAll('keyword').flatMap(languageTexts);
  const words = texts.map(({ text }) => shorten(oneLine(text), descriptorLimits.keyword));
  return [...new Set(words)].slice(0, descriptorLimits.keywords);
};

function readLanguages(general: XmlElement): string[] {
  const declared = general.findAll('language').map((element) => element.text.trim());
  const used = [...general.findAll('title'), ...general.findAll('description')].flatMap(languageTexts);
  const all = [...declared, ...used.map(({ language }) => language)];
  return distinctLanguages(all.filter((language) => language && !isNoLanguage(language)));
}

/** `<datetime>` in 1.2, `<duration>` in 2004. */
const durationOf = (element: XmlElement | undefined): string | undefined => {
  const written = element?.textOf('datetime') ?? element?.textOf('duration');
  return written && shorten(written, 100);
};
