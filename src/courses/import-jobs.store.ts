import type { Database, Transaction } from '../database/connection';
import type { CoursePackage, MediaFileMetadata } from './packages/package';

export type ImportSource = 'upload' | 'fetch' | 'media-reference';
export type ImportStatus = 'RUNNING' | 'COMPLETE' | 'ERROR';

export interface ImportJobRow {
  id: string;
  application_id: string;
  course_id: string;
  may_create_new_version: boolean;
  source: ImportSource;
  /** Encrypted. */
  source_url: Buffer | null;
  blob_key: string | null;
  content_type: string | null;
  file_name: string | null;
  media_metadata: MediaFileMetadata | null;
  tags: string[] | null;
  /** Encrypted. */
  postback_url: Buffer | null;
  status: ImportStatus;
  message: string;
  /** The checked package, once it has been read; null for a single file. */
  package_key: string | null;
  /** What reading it found, until the version is published. */
  found: CoursePackage | null;
  /** The job's result as the Course Service shows it (ImportResultSchema), once it is COMPLETE. */
  result: Record<string, unknown> | null;
  created_at: Date;
  updated_at: Date;
  finished_at: Date | null;
}

export type NewImportJob = Pick<
  ImportJobRow,
  | 'id'
  | 'application_id'
  | 'course_id'
  | 'may_create_new_version'
  | 'source'
  | 'source_url'
  | 'blob_key'
  | 'content_type'
  | 'file_name'
  | 'media_metadata'
  | 'tags'
  | 'postback_url'
  | 'message'
>;

/** The unique index that reserves a new course's id while it is imported. */
export const newCourseReservation = 'import_jobs_new_course_key';

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

export async function insertImportJob(tx: Transaction, job: NewImportJob): Promise<void> {
  await tx('import_jobs').insert({ ...job, media_metadata: json(job.media_metadata) });
}

export const findImportJob = (db: Database | Transaction, id: string): Promise<ImportJobRow | undefined> =>
  db<ImportJobRow>('import_jobs').where({ id }).first();

/** The same, locked until the transaction ends: only one process finishes a job. */
export const lockImportJob = (tx: Transaction, id: string): Promise<ImportJobRow | undefined> =>
  tx<ImportJobRow>('import_jobs').where({ id }).forUpdate().first();

/** The import that holds the reservation of a new course's id. */
export const findReservation = (
  db: Database,
  applicationId: string,
  courseId: string,
): Promise<ImportJobRow | undefined> =>
  db<ImportJobRow>('import_jobs')
    .where({ application_id: applicationId, course_id: courseId, status: 'RUNNING', may_create_new_version: false })
    .first();

/** Says what is being done, to whoever asks for the job's status. A finished job keeps its own message. */
export async function setProgress(db: Database, id: string, message: string): Promise<void> {
  await db('import_jobs').where({ id, status: 'RUNNING' }).update({ message, updated_at: db.fn.now() });
}

export async function setFetched(
  tx: Transaction,
  id: string,
  fetched: Pick<ImportJobRow, 'blob_key' | 'content_type' | 'file_name'>,
): Promise<void> {
  await tx('import_jobs')
    .where({ id, status: 'RUNNING' })
    .update({ ...fetched, updated_at: tx.fn.now() });
}

export async function setFound(
  db: Database | Transaction,
  id: string,
  { package_key, found }: { package_key: string | null; found: CoursePackage },
): Promise<void> {
  await db('import_jobs')
    .where({ id, status: 'RUNNING' })
    .update({ package_key, found: json(found), updated_at: db.fn.now() });
}

/** Ends a job and lets go of what it held; the caller has locked it, and releases the blobs. */
export async function finishImportJob(
  tx: Transaction,
  id: string,
  outcome: { status: 'COMPLETE' | 'ERROR'; message: string; result?: unknown },
): Promise<void> {
  await tx('import_jobs')
    .where({ id })
    .update({
      status: outcome.status,
      message: outcome.message,
      result: json(outcome.result ?? null),
      blob_key: null,
      package_key: null,
      found: null,
      finished_at: tx.fn.now(),
      updated_at: tx.fn.now(),
    });
}

/** Removes jobs that ended before the moment, a batch at a time; answers how many. */
export async function deleteFinishedJobs(db: Database, before: Date, limit: number): Promise<number> {
  const ids: string[] = await db('import_jobs').where('finished_at', '<', before).limit(limit).pluck('id');
  return db('import_jobs').whereIn('id', ids).delete();
}

/** Jobs that are said to be running but have shown no sign of life since the moment. */
export const listSilentJobs = (db: Database, before: Date, limit: number): Promise<ImportJobRow[]> =>
  db<ImportJobRow>('import_jobs').where('status', 'RUNNING').where('updated_at', '<', before).limit(limit);
