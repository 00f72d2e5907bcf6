import { createHash } from 'node:crypto';

/**
 * SHA-256 over an item's canonical form: two that differ in nothing but the order of their members have the same. Values
 * count as they are written: `Z` is not `+00:00`. For items that `checkItem` found no structural fault in, as it goes as
 * deep as the item does.
 */
export const contentHash = (item: unknown): Buffer =>
  createHash('sha256')
    .update(JSON.stringify(ordered(item)))
    .digest();

/** A copy with the members of every object in one order. Writing it at once is quicker than piece by piece. */
function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(ordered);
  const object = value as Readonly<Record<string, unknown>>;
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(object).sort()) {
    // Set like the others, this one would become the copy's prototype.
    if (name === '__proto__') Object.defineProperty(copy, name, { value: ordered(object[name]), enumerable: true });
    else copy[name] = ordered(object[name]);
  }
  return copy;
}
