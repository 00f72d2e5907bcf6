/** What is wrong with a value, and where in it. */
export interface Fault {
  /** From the value on: `actor.mbox`, `attachments[2].sha2`; empty for the value itself. */
  path: string;
  message: string;
}

/** Says what is wrong first; undefined: nothing. */
export type Check = (value: unknown) => Fault | undefined;

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const fault = (message: string, path = ''): Fault => ({ path, message });

const maxShown = 60;
const shown = (name: string): string => (name.length > maxShown ? `${name.slice(0, maxShown)}…` : name);

/** A fault of a member is a fault of what has it. */
export function within(name: string | number, inner: Fault): Fault {
  const step = typeof name === 'number' ? `[${name}]` : shown(name);
  const joint = inner.path === '' || inner.path.startsWith('[') ? '' : '.';
  return { path: `${step}${joint}${inner.path}`, message: inner.message };
}

export interface Shape {
  /** Members and what is to be true of each; others are refused. */
  members: Readonly<Record<string, Check>>;
  required?: readonly string[];
  mayBeEmpty?: boolean;
  /** What is to be true of the whole, once every member is right. */
  also?: (object: JsonObject) => Fault | undefined;
}

/**
 * An object with these members and no others, one of them at least unless it may be empty. Null is a wrong value for each (xAPI 1.0.3
 * Data 2.2).
 */
export function shape({ members, required = [], mayBeEmpty = false, also }: Shape): Check {
  const checks = new Map(Object.entries(members));
  return (value) => {
    if (!isObject(value)) return fault('must be an object');
    for (const name of required) if (!Object.hasOwn(value, name)) return fault('is required', name);
    let count = 0;
    for (const name in value) {
      count += 1;
      const check = checks.get(name);
      if (!check) return within(name, fault('is not known here'));
      const found = check(value[name]);
      if (found) return within(name, found);
    }
    return count === 0 && !mayBeEmpty ? fault('must not be empty') : also?.(value);
  };
}

export const listOf =
  (check: Check, { min = 0, max = 1000 } = {}): Check =>
  (value) => {
    if (!Array.isArray(value)) return fault('must be a list');
    if (value.length < min) return fault(min === 1 ? 'must not be empty' : `must have ${min} items at least`);
    if (value.length > max) return fault(`may have up to ${max} items`);
    for (let index = 0; index < value.length; index += 1) {
      const found = check(value[index]);
      if (found) return within(index, found);
    }
    return undefined;
  };

/** A text of a format; `message` says which. */
export const textOf =
  (isRight: (text: string) => boolean, message: string): Check =>
  (value) =>
    typeof value === 'string' && isRight(value) ? undefined : fault(message);

export const text: Check = (value) => (typeof value === 'string' ? undefined : fault('must be a text'));
export const boolean: Check = (value) => (typeof value === 'boolean' ? undefined : fault('must be true or false'));
export const number: Check = (value) => (typeof value === 'number' ? undefined : fault('must be a number'));
export const wholeNumber: Check = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? undefined : fault('must be a whole number');
export const oneOf = (...values: readonly string[]): Check =>
  textOf((value) => values.includes(value), `must be ${values.join(' or ')}`);
