import { isObject, type JsonObject } from './shapes.rules';

/** Members whose entries are joined; of others the newer one counts. */
const joined = ['name', 'description', 'extensions'];

/** What is known of an activity once a statement has said this of it, the newest last (1.0.3 Data 2.4.4.1, Communication 2.5). */
export function mergeDefinitions(known: JsonObject, said: JsonObject): JsonObject {
  const merged: Record<string, unknown> = { ...known, ...said };
  for (const name of joined) {
    const [before, now] = [known[name], said[name]];
    if (isObject(before) && isObject(now)) merged[name] = { ...before, ...now };
  }
  return merged;
}
