/** Half of a surrogate pair without the other: no text, and Postgres refuses it. */
const loneSurrogate = /\p{Surrogate}/u;

export const isStorableText = (text: string): boolean => !text.includes('\u0000') && !loneSurrogate.test(text);

/**
 * What of parsed JSON cannot be kept as it is, as the end of a sentence; undefined when all can. Not recursive: what comes in
 * may be nested a million deep.
 */
export function whyNotStorable(value: unknown, maxDepth: number): string | undefined {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return `must not be nested more than ${maxDepth} deep`;
    const below: unknown[] = [];
    for (const item of level) {
      if (typeof item === 'string' && !isStorableText(item)) return 'must not hold U+0000 or half a surrogate pair';
      if (typeof item === 'number' && !Number.isFinite(item))
        return 'must not hold numbers beyond the range of a double';
      if (typeof item !== 'object' || item === null) continue;
      for (const member of Array.isArray(item) ? item : Object.entries(item).flat()) below.push(member);
    }
    level = below;
  }
  return undefined;
}
