/** Half of a surrogate pair without the other is no text, and Postgres refuses it. */
export const isStorableText = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

export const notText = 'must not hold U+0000 or half a surrogate pair';

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
      if (typeof item === 'string') {
        if (!isStorableText(item)) return notText;
      } else if (typeof item === 'number') {
        if (!Number.isFinite(item)) return 'must not hold numbers beyond the range of a double';
      } else if (Array.isArray(item)) {
        for (const member of item as readonly unknown[]) below.push(member);
      } else if (typeof item === 'object' && item !== null) {
        for (const [name, member] of Object.entries(item)) {
          if (!isStorableText(name)) return notText;
          below.push(member);
        }
      }
    }
    level = below;
  }
  return undefined;
}
