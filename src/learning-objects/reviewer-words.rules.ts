/** What a reviewer wrote in one evaluation. */
export interface ReviewerWords {
  /** In the order of the model's text items. */
  texts: readonly (string | null)[];
  comments: string | null;
}

/** An evaluation's text, and its comments, may be this long. */
export const maxWordsLength = 2000;

/** LOEP tells of the newest evaluations with words, at most so many of a model… */
export const newestWords = 100;
/** …and of each list at most so many characters: all lists of an object stay well below the 1 MiB that receivers take. */
export const maxListLength = 10_000;

/** The newest that fit, in the order in which they were written. `newestFirst` are the words of one member. */
export function wordList(newestFirst: readonly (string | null | undefined)[]): string[] {
  const list: string[] = [];
  let length = 0;
  for (const words of newestFirst) {
    if (words === null || words === undefined) continue;
    length += words.length;
    if (length > maxListLength) break;
    list.unshift(words);
  }
  return list;
}
