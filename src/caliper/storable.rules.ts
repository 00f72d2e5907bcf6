import { memberPath } from './problems.rules';

/** Real events are under ten levels deep; an LTI launch's parameters may add a few. */
export const maxDepth = 32;

/** Members and list items of one item of an envelope. A large real event has some hundred. */
export const maxValues = 10_000;

/** A NUL, or half of a surrogate pair: Postgres keeps neither in its JSON. */
const unstorable = /[\0\p{Surrogate}]/u;

export interface Unstorable {
  path: string;
  reason: string;
}

/** The first thing in a JSON value that cannot be kept: too deep, too much, or text and numbers that Postgres refuses. */
export function findUnstorable(item: unknown): Unstorable | undefined {
  let left = maxValues;
  const visit = (value: unknown, path: string, depth: number): Unstorable | undefined => {
    if (--left < 0) return { path: '', reason: `has more than ${maxValues} values: send less in one item` };
    if (typeof value === 'string') return unstorable.test(value) ? { path, reason: badText } : undefined;
    if (typeof value === 'number')
      return Number.isFinite(value) ? undefined : { path, reason: 'is too large a number' };
    if (typeof value !== 'object' || value === null) return undefined;
    if (depth === maxDepth) return { path, reason: `is nested deeper than ${maxDepth} levels: send it flatter` };
    return Array.isArray(value) ? visitList(value, path, depth) : visitMembers(value, path, depth);
  };
  const visitList = (list: readonly unknown[], path: string, depth: number): Unstorable | undefined => {
    for (let i = 0; i < list.length; i++) {
      const found = visit(list[i], `${path}[${i}]`, depth + 1);
      if (found) return found;
    }
    return undefined;
  };
  const visitMembers = (object: object, path: string, depth: number): Unstorable | undefined => {
    for (const [name, value] of Object.entries(object)) {
      if (unstorable.test(name)) return { path, reason: `has a member whose name ${badText}` };
      const found = visit(value, memberPath(path, name), depth + 1);
      if (found) return found;
    }
    return undefined;
  };
  return visit(item, '', 0);
}

const badText = 'holds a NUL or half of a character, which cannot be kept: send valid Unicode without \\u0000';
