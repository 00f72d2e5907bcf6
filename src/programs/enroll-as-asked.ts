import { AppError, type ErrorDetail, invalid, isAppError } from '../errors';
import { refuseNul } from '../http/body';
import { assertValid, findProblems } from '../http/validation';
import type { LearnerToEnroll } from './enroll-learners';
import { dateProblems, type DatesAsText, readDates } from './enrollment-dates.rules';
import { EnrollLists, NewEnrollments } from './enrollments.schemas';
import { refused } from './missing-record';

/** What learners' ids are called in each of the lists that a request may have. */
const idNames = { enrollments: 'user_id', learners: 'id' } as const;
type ListName = keyof typeof idNames;

interface Entry extends DatesAsText {
  user_id?: number;
  id?: number;
  email?: string;
  uid?: string;
}

/** A request's learners, as they came. */
interface Asked {
  list: ListName;
  entries: readonly unknown[];
}

/**
 * Enrolls those whom `{enrollments: […]}`, or its alias `{learners: […]}`, names. Whatever is wrong with some of them, also
 * what `enroll` finds, is told by the request's own words: the member, and the learner.
 */
export async function enrollAsAsked(
  body: unknown,
  enroll: (learners: LearnerToEnroll[]) => Promise<void>,
): Promise<void> {
  const asked = readLists(body);
  try {
    await enroll(readLearners(asked));
  } catch (error) {
    throw isAppError(error) ? inItsWords(error, asked) : error;
  }
}

function readLists(body: unknown): Asked {
  refuseNul(body);
  assertValid(EnrollLists, body, 'body');
  const { enrollments, learners } = body as { enrollments?: unknown[]; learners?: unknown[] };
  if (enrollments && learners) throw notOneList('learners', 'must be left out where enrollments are given');
  if (enrollments) return { list: 'enrollments', entries: enrollments.map((entry) => withNumber(entry, 'user_id')) };
  if (learners) return { list: 'learners', entries: learners.map((entry) => withNumber(entry, 'id')) };
  throw notOneList('enrollments', 'is required');
}

/** Clients that have their ids of a table or a form send them as texts. */
function withNumber(entry: unknown, name: 'user_id' | 'id'): unknown {
  const id = (entry as Record<string, unknown> | null)?.[name];
  return typeof id === 'string' && /^\d{1,15}$/.test(id) ? { ...(entry as object), [name]: Number(id) } : entry;
}

const notOneList = (path: ListName, message: string): AppError =>
  invalid('The body is not as it should be.', { details: [{ path, message }] });

function readLearners({ list, entries }: Asked): LearnerToEnroll[] {
  const problems = entries.flatMap((entry, index) =>
    problemsOf(entry, list).map((problem): ErrorDetail => ({ index, ...problem })),
  );
  if (problems.length > 0) throw refused(problems);
  return (entries as Entry[]).map((entry) => {
    const { [idNames[list]]: id, email, uid } = entry;
    return {
      ...(id !== undefined && { id }),
      ...(email !== undefined && { email }),
      ...(uid !== undefined && { uid }),
      ...readDates(entry),
    };
  });
}

function problemsOf(entry: unknown, list: ListName): ErrorDetail[] {
  const problems = findProblems(NewEnrollments[list], entry);
  if (problems.length > 0) return problems;
  const isNamed = namesOf(entry, list).length > 0;
  const unnamed = { path: idNames[list], message: 'is required, or email, or uid' };
  return [...(isNamed ? [] : [unnamed]), ...dateProblems(entry as Entry)];
}

const namesOf = (entry: unknown, list: ListName): [name: string, value: unknown][] =>
  [idNames[list], 'email', 'uid'].flatMap((name): [string, unknown][] => {
    const value = (entry as Record<string, unknown> | null)?.[name];
    return value === undefined ? [] : [[name, value]];
  });

/** `enrollments.3.user_id there is no such learner in this application (user_id 99)` */
function inItsWords({ kind, code, message, details, cause }: AppError, { list, entries }: Asked): AppError {
  const named = details.map(({ index, path, message: problem, ...rest }): ErrorDetail => {
    if (index === undefined) return { path, message: problem, ...rest };
    const member = path === 'id' ? idNames[list] : path;
    const [name] = namesOf(entries[index], list);
    return {
      path: [list, index, member].filter((part) => part !== '').join('.'),
      message: name ? `${problem} (${name[0]} ${shown(name[1])})` : problem,
      ...rest,
    };
  });
  return new AppError(kind, message, { code, details: named, cause });
}

const shown = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 255);
