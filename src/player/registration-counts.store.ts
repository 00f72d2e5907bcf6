import type { Database, Transaction } from '../database/connection';

/** How many learners' registrations there are; previews are nobody's. */
const enrolled = (db: Database | Transaction) => db('registrations').where({ kind: 'enrolled' });

/** Of each of these courses (rows); of one that is not in the answer there are none. */
export async function countByCourse(
  db: Database | Transaction,
  courses: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await enrolled(db)
    .whereIn('course_id', [...courses])
    .groupBy('course_id')
    .select<{ course_id: string; count: number }[]>('course_id', db.raw('count(*) as count'));
  return new Map(rows.map(({ course_id, count }) => [course_id, count]));
}

/** Of each version (row) of a course; of one that is not in the answer there are none. */
export async function countByVersion(db: Database, course: string): Promise<ReadonlyMap<string, number>> {
  const rows = await enrolled(db)
    .where({ course_id: course })
    .groupBy('version_id')
    .select<{ version_id: string; count: number }[]>('version_id', db.raw('count(*) as count'));
  return new Map(rows.map(({ version_id, count }) => [version_id, count]));
}
