import { createHash } from 'node:crypto';

/** With two keys and a tenant an index entry stays under the 2.7 kB that Postgres takes. */
const maxKeyBytes = 500;
const prefixLength = 120;

/** A text as an index keeps it: itself, or where it is long its beginning and a hash, so that different texts differ. */
export function searchKey(text: string): string {
  if (text.length * 3 <= maxKeyBytes || Buffer.byteLength(text) <= maxKeyBytes) return text;
  const prefix = text.slice(0, prefixLength).replace(/[\ud800-\udbff]$/, '');
  return `${prefix}…${createHash('sha256').update(text).digest('hex')}`;
}
