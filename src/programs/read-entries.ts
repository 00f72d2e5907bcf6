import type { Static, TSchema } from '@sinclair/typebox';
import { refuseNul } from '../http/body';
import { findProblems } from '../http/validation';
import { refused } from './missing-record';

/** Problems of a request that are named. */
const maxProblems = 10_000;

/** The entries of a list, each of which has to fit the schema. Refuses the list whole, naming what is wrong with each. */
export function readEntries<S extends TSchema>(schema: S, entries: readonly unknown[]): Static<S>[] {
  refuseNul(entries);
  const problems = entries.flatMap((entry, index) =>
    findProblems(schema, entry).map((problem) => ({ index, ...problem })),
  );
  if (problems.length > 0) throw refused(problems.slice(0, maxProblems));
  return entries as Static<S>[];
}
