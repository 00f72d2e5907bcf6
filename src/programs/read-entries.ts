import type { Static, TSchema } from '@sinclair/typebox';
import { type ErrorDetail, isAppError } from '../errors';
import { refuseNul } from '../http/body';
import { findProblems } from '../http/validation';
import { refused } from './missing-record';

/** Problems of a request that are named. */
const maxProblems = 10_000;

/**
 * The entries of a list, each of which has to fit the schema, as `read` makes them; what that refuses is a problem of its
 * entry. Refuses the list whole, naming what is wrong with each.
 */
export function readEntries<S extends TSchema, T>(
  schema: S,
  entries: readonly unknown[],
  read: (entry: Static<S>) => T,
): T[] {
  refuseNul(entries);
  const problems: ErrorDetail[] = [];
  const values = entries.flatMap((entry, index) => {
    const outcome = tryEntry(schema, entry, read);
    problems.push(...outcome.problems.map((problem) => ({ index, ...problem })));
    return outcome.values;
  });
  if (problems.length > 0) throw refused(problems.slice(0, maxProblems));
  return values;
}

function tryEntry<S extends TSchema, T>(
  schema: S,
  entry: unknown,
  read: (entry: Static<S>) => T,
): { problems: ErrorDetail[]; values: T[] } {
  const problems = findProblems(schema, entry);
  if (problems.length > 0) return { problems, values: [] };
  try {
    return { problems, values: [read(entry)] };
  } catch (error) {
    if (isAppError(error) && error.kind === 'invalid') return { problems: error.details, values: [] };
    throw error;
  }
}
