import { hash } from 'node:crypto';

const maxKept = 50_000;
let count = 0;
/** By application and text: most come again. */
const kept = new Map<string, Map<string, bigint>>();

/**
 * What the lists of an application are looked up by, in place of a text of any length: 8 bytes of SHA-256. Two texts of one
 * application have the same once in 2^64.
 */
export function listKey(applicationId: string, text: string): bigint {
  return kept.get(applicationId)?.get(text) ?? keep(applicationId, text);
}

function keep(applicationId: string, text: string): bigint {
  if (count >= maxKept) kept.clear();
  count = kept.size === 0 ? 1 : count + 1;
  const keys = kept.get(applicationId) ?? new Map<string, bigint>();
  kept.set(applicationId, keys);
  const key = Buffer.from(hash('sha256', applicationId + text, 'hex').slice(0, 16), 'hex').readBigInt64BE();
  keys.set(text, key);
  return key;
}
