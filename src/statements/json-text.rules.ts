import { isStorableText, notText } from '../events/json-limits.rules';
import { type Fault, fault, within } from './shapes.rules';

/** Deeper than a statement's own members can be, with room for what extensions hold. */
export const maxDepth = 40;

const quote = 34;
const backslash = 92;
const colon = 58;

/** How many members the objects of a JSON text have, those included that a second of the same name hides once it is parsed. */
export function countMembers(json: string): number {
  let count = 0;
  for (let at = json.indexOf('"'); at >= 0; at = json.indexOf('"', at)) {
    at = endOfString(json, at);
    while (isBlank(json.charCodeAt(at))) at += 1;
    if (json.charCodeAt(at) === colon) count += 1;
  }
  return count;
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const code = json.charCodeAt(at);
    if (code === quote || Number.isNaN(code)) return at + 1;
    at += code === backslash ? 2 : 1;
  }
}

const isBlank = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;

/**
 * What of parsed JSON cannot be kept, first; else the number of its objects' members. No deeper than `maxDepth`, so it may call
 * itself.
 */
export function surveyJson(value: unknown): { found: Fault } | { members: number } {
  const tally = { members: 0 };
  const found = look(value, 0, tally);
  return found ? { found } : tally;
}

function look(value: unknown, depth: number, tally: { members: number }): Fault | undefined {
  if (typeof value === 'string') return isStorableText(value) ? undefined : fault(notText);
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : fault('must not be beyond the range of a double');
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === maxDepth) return fault(`must not be nested more than ${maxDepth} deep`);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const found = look(value[index], depth + 1, tally);
      if (found) return within(index, found);
    }
    return undefined;
  }
  for (const [name, member] of Object.entries(value)) {
    tally.members += 1;
    const found = isStorableText(name) ? look(member, depth + 1, tally) : fault(notText);
    if (found) return within(isStorableText(name) ? name : '', found);
  }
  return undefined;
}
