import { createHash } from 'node:crypto';

/**
 * SHA-256 over an item's canonical form: two that differ in nothing but the order of their members have the same. Values
 * count as they are written: `Z` is not `+00:00`. For items that `checkItem` found no structural fault in, as it goes as
 * deep as the item does.
 */
export const contentHash = (item: unknown): Buffer => createHash('sha256').update(canonical(item)).digest();

/** JSON with the members of every object in the order of their names, without spaces. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const object = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(object).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(object[name])}`).join(',')}}`;
}
