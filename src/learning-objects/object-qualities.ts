import type { Database, Transaction } from '../database/connection';
import { courseKey, listCourseUse, type NamedCourse } from './course-use.store';
import { interactionQuality } from './interaction-quality.rules';
import type { LearningObjectRow } from './learning-objects.store';
import { listTotals } from './model-totals.store';
import { type ObjectQuality, qualityOf } from './object-quality.rules';

/** Means and scores of objects, in their order: of their evaluations, and of the use of the courses that they are tied to. */
export async function qualitiesOf(
  db: Database | Transaction,
  rows: readonly LearningObjectRow[],
): Promise<ObjectQuality[]> {
  const tied = new Map(rows.filter(isTied).map((row) => [courseKey(row), row]));
  const totals = await listTotals(
    db,
    rows.map(({ id }) => id),
  );
  const uses = tied.size === 0 ? undefined : await listCourseUse(db, [...tied.values()]);
  return rows.map((row) => {
    const use = isTied(row) ? uses?.get(courseKey(row)) : undefined;
    return qualityOf(row, totals.get(row.id) ?? new Map(), use && interactionQuality(use));
  });
}

const isTied = (row: LearningObjectRow): row is LearningObjectRow & NamedCourse => row.course_id !== null;

export async function qualityNow(tx: Transaction, row: LearningObjectRow): Promise<ObjectQuality> {
  const [quality] = await qualitiesOf(tx, [row]);
  return quality!;
}
