import type { Database } from '../database/connection';
import { type CourseListFilter, type CourseListPosition, substringPattern } from './course-list.rules';
import type { CourseRow } from './courses.store';

const columns = 'id, application_id, course_id, title, tags, latest_version, next_version, created_at, updated_at';

/**
 * How many rows in the list's order are looked through for matches before the search indexes are asked. What matches often
 * is found here at once; what matches seldom has few rows to sort there. Neither cost grows with the table.
 */
const nearRows = 2000;

interface Bindings {
  [name: string]: string | number | Date | readonly string[];
}

interface Conditions {
  sql: string;
  bindings: Bindings;
}

interface Order {
  column: 'created_at' | 'updated_at' | 'title';
  direction: 'asc' | 'desc';
}

function orderOf({ orderBy }: CourseListFilter): Order {
  const [field, direction] = orderBy.split('_') as ['created' | 'updated' | 'title', Order['direction']];
  return { column: field === 'title' ? 'title' : `${field}_at`, direction };
}

/** What a row is remembered by in a `more` token. */
export function positionOf(row: CourseRow, filter: CourseListFilter): CourseListPosition {
  const value = row[orderOf(filter).column];
  return { key: value instanceof Date ? value.toISOString() : value, id: row.id };
}

function searchConditions({ since, until, datetimeFilter, filter, filterBy, tags }: CourseListFilter): Conditions {
  const sql: string[] = [];
  const bindings: Bindings = {};
  if (since !== undefined) {
    sql.push(`${datetimeFilter}_at >= :since`);
    bindings['since'] = since;
  }
  if (until !== undefined) {
    sql.push(`${datetimeFilter}_at <= :until`);
    bindings['until'] = until;
  }
  if (filter !== undefined) {
    sql.push(`${filterBy === 'tags' ? 'tags_text' : filterBy} ilike :pattern`);
    bindings['pattern'] = substringPattern(filter);
  }
  if (tags.length > 0) {
    sql.push('tags && :tags::text[]');
    bindings['tags'] = tags;
  }
  return { sql: sql.join(' and '), bindings };
}

function rangeConditions(applicationId: string, order: Order, after: CourseListPosition | undefined): Conditions {
  const sql = 'application_id = :applicationId and deleted_at is null';
  if (after === undefined) return { sql, bindings: { applicationId } };
  const type = order.column === 'title' ? 'text' : 'timestamptz';
  return {
    sql: `${sql} and (${order.column}, id) ${order.direction === 'asc' ? '>' : '<'} (:afterKey::${type}, :afterId::uuid)`,
    bindings: { applicationId, afterKey: after.key, afterId: after.id },
  };
}

/** A page of an application's courses. */
export async function listCourses(
  db: Database,
  applicationId: string,
  filter: CourseListFilter,
  { after, limit }: { after: CourseListPosition | undefined; limit: number },
): Promise<CourseRow[]> {
  const order = orderOf(filter);
  const range = rangeConditions(applicationId, order, after);
  const search = searchConditions(filter);
  const by = `order by ${order.column} ${order.direction}, id ${order.direction}`;
  const bindings = { ...range.bindings, ...search.bindings, limit, nearRows };
  const run = async (sql: string): Promise<CourseRow[]> => (await db.raw<{ rows: CourseRow[] }>(sql, bindings)).rows;
  if (search.sql === '') return run(`select ${columns} from courses where ${range.sql} ${by} limit :limit`);
  const near = await run(
    `select ${columns} from (select * from courses where ${range.sql} ${by} limit :nearRows) as near
     where ${search.sql} ${by} limit :limit`,
  );
  if (near.length === limit) return near;
  // Materialized, so that the limit does not tempt the planner into walking the whole order for a rare match.
  return run(
    `with matching as materialized (
       select id, ${order.column} from courses where ${range.sql} and ${search.sql}
     ), page as (select id from matching ${by} limit :limit)
     select ${columns} from courses where id in (select id from page) ${by}`,
  );
}

/** How many courses the filter lets through. */
export async function countCourses(db: Database, applicationId: string, filter: CourseListFilter): Promise<number> {
  const range = rangeConditions(applicationId, orderOf(filter), undefined);
  const search = searchConditions(filter);
  const { rows } = await db.raw<{ rows: { count: number }[] }>(
    `select count(*) as count from courses where ${[range.sql, search.sql].filter(Boolean).join(' and ')}`,
    { ...range.bindings, ...search.bindings },
  );
  return rows[0]!.count;
}
