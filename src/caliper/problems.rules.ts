/** What is wrong with an item of an envelope. */
export interface Problem {
  /** Of the item in `data`. */
  index: number;
  /** The member at fault, from the item on: `actor.id`, `generated.items[2].value`; empty for the item itself. */
  path: string;
  /** What is wrong, and what to send instead. */
  reason: string;
}

export type Report = (path: string, reason: string) => void;

/** More of one level are not listed: an item can be made to have thousands. */
export const maxProblems = 20;

/** A list of problems, and what adds to it. */
export function collectProblems(index: number): { problems: Problem[]; report: Report } {
  const problems: Problem[] = [];
  const report: Report = (path, reason) => {
    if (problems.length < maxProblems) problems.push({ index, path, reason });
  };
  return { problems, report };
}

const maxQuoted = 60;

/** A piece of what was sent, for a message. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, maxQuoted + 1)) : nameOf(value);
  return text.length > maxQuoted + 2 ? `${text.slice(0, maxQuoted)}…"` : text;
}

/** What a JSON value is. Numbers and booleans are short enough to be shown. */
function nameOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : JSON.stringify(value);
}

/** The path of a member. Names come from outside, so they are cut. */
export const memberPath = (path: string, name: string): string => {
  const short = name.length > maxQuoted ? `${name.slice(0, maxQuoted)}…` : name;
  return path === '' ? short : `${path}.${short}`;
};

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The specification asks senders to leave empty members out (§2.1); many write null, which says as much. */
export const isAbsent = (value: unknown): value is null | undefined => value === undefined || value === null;
