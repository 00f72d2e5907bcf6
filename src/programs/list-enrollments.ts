import type { Resources } from '../resources';
import {
  type EnrollmentListQuery,
  listName,
  readCursor,
  readEnrollmentFilter,
  writeCursor,
} from './enrollment-list.rules';
import { findEnrollmentPage, findListed, type ListedEnrollment } from './enrollment-list.store';
import { programMissing } from './missing-record';
import { findProgram } from './programs.store';

export interface EnrollmentPage {
  rows: ListedEnrollment[];
  /** The cursor of the next page; undefined after the last. */
  next?: string;
}

/** A page of a program's enrollments. A cursor goes on in the list that gave it, and in no other. */
export async function listEnrollments(
  { applicationId, programId }: { applicationId: string; programId: number },
  query: EnrollmentListQuery,
  { limit, after }: { limit: number; after: string | undefined },
  { db, secrets }: Pick<Resources, 'db' | 'secrets'>,
): Promise<EnrollmentPage> {
  if (!(await findProgram(db, applicationId, programId))) throw programMissing(programId);
  const filter = readEnrollmentFilter(programId, query);
  const list = listName(applicationId, filter);
  const { found, next } = await findEnrollmentPage(db, filter, {
    after: after === undefined ? undefined : readCursor(after, list, secrets),
    limit,
  });
  const rows = await findListed(
    db,
    found.map(({ id }) => id),
  );
  return { rows, ...(next && { next: writeCursor(next, list, secrets) }) };
}
