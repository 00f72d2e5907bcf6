import { createHash } from 'node:crypto';
import { invalid } from '../errors';
import { readDate } from '../http/dates';
import type { Secrets } from '../secrets';
import { foldText } from './learner.rules';

/** What a list can be asked to be sorted by, in the document's words. */
export const enrollmentSorts = ['name', 'progress', 'course_due_date', 'due_date', 'renew_date'] as const;
export type SortKey = (typeof enrollmentSorts)[number] | TimeField;

/** Times that filter a list. Superseded enrollments have ended as deleted ones have. */
export type TimeField = 'created' | 'updated' | 'deleted';
export const timeFields: readonly TimeField[] = ['updated', 'created', 'deleted'];

export type Presence = 'live' | 'deleted' | 'superseded';

/** Times beyond which an enrollment has to lie, themselves left out. */
export interface TimeRange {
  after?: Date;
  before?: Date;
}

/** What a list of a program's enrollments is asked for, apart from where it goes on. */
export interface EnrollmentListFilter {
  programId: number;
  presences: readonly Presence[];
  sort: { key: SortKey; descending: boolean };
  times: Partial<Record<TimeField, TimeRange>>;
  /** Each has to be found in a name, the uid or the email: anywhere from three characters on, else at its beginning. */
  words: readonly string[];
  learnerId?: number;
}

/** The list's own parameters, as they came. */
export interface EnrollmentListQuery {
  updated_after?: string;
  created_after?: string;
  deleted_after?: string;
  updated_before?: string;
  created_before?: string;
  deleted_before?: string;
  only_deleted?: boolean;
  with_deleted?: boolean;
  sort?: string;
  search?: string;
  user_id?: number;
}

export function readEnrollmentFilter(programId: number, query: EnrollmentListQuery): EnrollmentListFilter {
  const times = readTimes(query);
  return {
    programId,
    presences: presencesOf(query),
    sort: sortOf(query, times),
    times,
    words: [...new Set(foldText(query.search ?? '').split(/\s+/))].filter((word) => word !== ''),
    ...(query.user_id !== undefined && { learnerId: query.user_id }),
  };
}

function readTimes(query: EnrollmentListQuery): EnrollmentListFilter['times'] {
  const times: EnrollmentListFilter['times'] = {};
  for (const field of timeFields) {
    for (const bound of ['after', 'before'] as const) {
      const name = `${field}_${bound}` as const;
      const text = query[name];
      if (text !== undefined) times[field] = { ...times[field], [bound]: readDate(text, name) };
    }
  }
  return times;
}

/** Whether deleted records are asked for: who filters by the time of deletion means them too. */
export const asksForDeleted = (query: EnrollmentListQuery): boolean =>
  query.with_deleted === true || asksForDeletedOnly(query);

const asksForDeletedOnly = ({ only_deleted, with_deleted, deleted_after, deleted_before }: EnrollmentListQuery) =>
  only_deleted === true || (with_deleted !== true && (deleted_after ?? deleted_before) !== undefined);

const presencesOf = (query: EnrollmentListQuery): Presence[] => {
  if (asksForDeletedOnly(query)) return ['deleted'];
  return query.with_deleted === true ? ['live', 'deleted', 'superseded'] : ['live'];
};

/** Unless told otherwise, in the order of the time that is asked about, or else in the one in which they were made. */
function sortOf({ sort }: EnrollmentListQuery, times: EnrollmentListFilter['times']): EnrollmentListFilter['sort'] {
  if (sort === undefined) return { key: timeFields.find((field) => times[field]) ?? 'created', descending: false };
  return { key: sort.replace(/^-/, '') as SortKey, descending: sort.startsWith('-') };
}

/** A row's place in its list: what it is sorted by, as Postgres writes it, and its id. */
export interface EnrollmentPosition {
  key: string;
  id: number;
}

/** Binds a cursor to its list: the application, and all that the list is asked for. */
export const listName = (applicationId: string, filter: EnrollmentListFilter): string =>
  createHash('sha256')
    .update(JSON.stringify([applicationId, filter]))
    .digest('base64url');

/** An `after`: encrypted, because a name may be what the list is sorted by, and URLs end up in logs. */
export const writeCursor = ({ key, id }: EnrollmentPosition, list: string, secrets: Secrets): string =>
  secrets.encrypt(JSON.stringify([list, key, id])).toString('base64url');

export function readCursor(after: string, list: string, secrets: Secrets): EnrollmentPosition {
  const [of, key, id] = decrypted(after, secrets);
  if (of !== list) throw notOurs();
  return { key, id };
}

function decrypted(after: string, secrets: Secrets): [list: string, key: string, id: number] {
  try {
    return JSON.parse(secrets.decrypt(Buffer.from(after, 'base64url'))) as [string, string, number];
  } catch (cause) {
    throw notOurs(cause);
  }
}

const notOurs = (cause?: unknown) =>
  invalid('The cursor cannot be used.', {
    details: [
      { path: 'after', message: 'must be from the `meta.next` of a page of this list, with its other parameters' },
    ],
    cause,
  });
