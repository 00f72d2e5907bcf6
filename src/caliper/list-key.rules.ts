import { hash } from 'node:crypto';

const kept = new Map<string, bigint>();
const maxKept = 50_000;

/**
 * What the lists of an application are looked up by, in place of a text of any length: 8 bytes of SHA-256. Two texts of one
 * application have the same once in 2^64.
 */
export function listKey(applicationId: string, text: string): bigint {
  const whole = applicationId + text;
  const known = kept.get(whole);
  if (known !== undefined) return known;
  if (kept.size >= maxKept) kept.clear();
  const key = Buffer.from(hash('sha256', whole, 'hex').slice(0, 16), 'hex').readBigInt64BE();
  kept.set(whole, key);
  return key;
}
