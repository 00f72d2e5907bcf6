/** `text` in at most `max` UTF-16 units, with an ellipsis where it was cut, and never through the middle of a character. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1);
  const endsInHalf = /[\uD800-\uDBFF]$/.test(cut);
  return `${endsInHalf ? cut.slice(0, -1) : cut}…`;
}

/** A title or a name on one line: authoring tools break and indent them. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Language tags without blanks and repeats; case says nothing in them (BCP 47 2.1.1), the first spelling stays. */
export function distinctLanguages(tags: Iterable<string | undefined>): string[] {
  const byLowerCase = new Map<string, string>();
  for (const tag of tags) {
    if (tag && !byLowerCase.has(tag.toLowerCase())) byLowerCase.set(tag.toLowerCase(), shorten(tag, 50));
  }
  return [...byLowerCase.values()];
}

/** The text, or undefined when nothing but white space is in it. */
export const filled = (text: string | undefined): string | undefined => text?.trim() || undefined;
