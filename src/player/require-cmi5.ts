import type { CourseVersionRow } from '../courses/courses.store';
import { conflict } from '../errors';
import { runtimeOf } from './player-seed';

/** Refuses what is asked of AUs where a course has none. */
export function requireCmi5(version: CourseVersionRow, courseId: string): void {
  if (runtimeOf(version) === 'cmi5') return;
  throw conflict(`The course "${courseId}" is no cmi5 course: it has no assignable units.`, { code: 'not_cmi5' });
}
