import { readDate } from '../http/dates';

export const datetimeFilters = ['created', 'updated'] as const;
export const filterFields = ['course_id', 'title', 'tags'] as const;
export const courseOrders = [
  'created_desc',
  'created_asc',
  'updated_asc',
  'updated_desc',
  'title_asc',
  'title_desc',
] as const;
export type CourseOrder = (typeof courseOrders)[number];

/** What a list of courses is asked for, apart from where it goes on. */
export interface CourseListFilter {
  since?: Date;
  until?: Date;
  datetimeFilter: (typeof datetimeFilters)[number];
  /** A substring, in either case. */
  filter?: string;
  filterBy: (typeof filterFields)[number];
  orderBy: CourseOrder;
  /** Courses with any of these; empty for all. */
  tags: string[];
}

/** The last row of the page before: its sort key and id. */
export interface CourseListPosition {
  key: string;
  id: string;
}

/** The list's own parameters, as they came. */
export interface CourseListQuery {
  since?: string;
  until?: string;
  datetimeFilter?: CourseListFilter['datetimeFilter'];
  filter?: string;
  filterBy?: CourseListFilter['filterBy'];
  orderBy?: CourseOrder;
  tags?: string[];
}

export const readFilter = (query: CourseListQuery): CourseListFilter => ({
  ...(query.since === undefined ? {} : { since: readDate(query.since, 'since') }),
  ...(query.until === undefined ? {} : { until: readDate(query.until, 'until') }),
  datetimeFilter: query.datetimeFilter ?? 'updated',
  ...(query.filter === undefined ? {} : { filter: query.filter }),
  filterBy: query.filterBy ?? 'course_id',
  orderBy: query.orderBy ?? 'created_desc',
  tags: query.tags ?? [],
});

/** A LIKE pattern for a substring in which `%`, `_` and `\` mean themselves. */
export const substringPattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
