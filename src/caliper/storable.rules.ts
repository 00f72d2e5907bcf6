import { memberPath } from './problems.rules';

/** Real events are under ten levels deep; an LTI launch's parameters may add a few. */
export const maxDepth = 32;

/** Members and list items of one item of an envelope. A large real event has some hundred. */
export const maxValues = 10_000;

/** A NUL, or half of a surrogate pair: Postgres keeps neither in its JSON. */
const unstorable = /[\0\p{Surrogate}]/u;

/** What can hold one, in much less time: few texts have to be looked at again. */
const suspicious = /[\0\ud800-\udfff]/;

const isUnstorable = (text: string): boolean => suspicious.test(text) && unstorable.test(text);

export interface Unstorable {
  path: string;
  reason: string;
}

/** Found somewhere below; its path is made on the way back, as most items have nothing to name. */
interface Found {
  steps: (string | number)[];
  reason: string;
}

const found = (reason: string): Found => ({ steps: [], reason });

/**
 * Whether a text of a value that was read from this JSON can be unstorable: in valid JSON a NUL and half of a character are
 * written as escapes. Most JSON has none, and its texts need not be looked at one by one.
 */
export const hasEscapes = (json: Buffer): boolean => json.includes('\\u');

/**
 * The first thing in a JSON value that cannot be kept: too deep, too much, or text and numbers that Postgres refuses. Texts are
 * not looked at where the JSON was found to have no escapes.
 */
export function findUnstorable(item: unknown, withTexts = true): Unstorable | undefined {
  const visited = { left: maxValues, withTexts };
  const fault = visit(item, 0, visited);
  if (fault === undefined) return undefined;
  return { path: visited.left < 0 ? '' : pathOf(fault.steps), reason: fault.reason };
}

interface Visited {
  /** How many more values there may be. */
  left: number;
  withTexts: boolean;
}

const badText = 'holds a NUL or half of a character, which cannot be kept: send valid Unicode without \\u0000';

function visit(value: unknown, depth: number, visited: Visited): Found | undefined {
  visited.left -= 1;
  if (visited.left < 0) return found(`has more than ${maxValues} values: send less in one item`);
  if (typeof value === 'string') return visited.withTexts && isUnstorable(value) ? found(badText) : undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : found('is too large a number');
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === maxDepth) return found(`is nested deeper than ${maxDepth} levels: send it flatter`);
  return Array.isArray(value) ? visitList(value, depth, visited) : visitMembers(value, depth, visited);
}

function visitList(list: readonly unknown[], depth: number, visited: Visited): Found | undefined {
  for (let i = 0; i < list.length; i++) {
    const fault = visit(list[i], depth + 1, visited);
    if (fault) return { ...fault, steps: [i, ...fault.steps] };
  }
  return undefined;
}

function visitMembers(object: object, depth: number, visited: Visited): Found | undefined {
  const members = object as Readonly<Record<string, unknown>>;
  for (const name in members) {
    if (visited.withTexts && isUnstorable(name)) return found(`has a member whose name ${badText}`);
    const fault = visit(members[name], depth + 1, visited);
    if (fault) return { ...fault, steps: [name, ...fault.steps] };
  }
  return undefined;
}

const pathOf = (steps: readonly (string | number)[]): string =>
  steps.reduce<string>((path, step) => (typeof step === 'number' ? `${path}[${step}]` : memberPath(path, step)), '');
