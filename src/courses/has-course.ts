import type { Database, Transaction } from '../database/connection';
import { findCourse } from './courses.store';

/** Whether an application has a course of that id. */
export const hasCourse = async (
  db: Database | Transaction,
  applicationId: string,
  courseId: string,
): Promise<boolean> => (await findCourse(db, applicationId, courseId)) !== undefined;
