import { v7 as uuid } from 'uuid';
import { conflict } from '../errors';
import type { Transaction } from '../database/connection';
import { enqueue, outboxChannel } from '../database/outbox';
import { violatesUnique } from '../database/postgres-errors';
import type { Resources } from '../resources';
import { adoptBlob } from '../storage/blobs.store';
import type { StoredBlob } from '../storage/content-store';
import { findCourse } from './courses.store';
import { waitingMessage } from './import-jobs.rules';
import { findReservation, insertImportJob, type NewImportJob, newCourseReservation } from './import-jobs.store';
import { importWork } from './import-work';
import type { MediaFileMetadata } from './packages/package';

/** Where the course's bytes are: uploaded already, still to be fetched, or never copied (the course plays from the URL). */
export type ImportOrigin =
  { kind: 'upload'; blob: StoredBlob } | { kind: 'fetch'; url: string } | { kind: 'media-reference'; url: string };

export interface ImportRequest {
  applicationId: string;
  /** The caller's id of the course. */
  courseId: string;
  mayCreateNewVersion: boolean;
  origin: ImportOrigin;
  postbackUrl?: string;
  contentType?: string;
  fileName?: string;
  mediaMetadata?: MediaFileMetadata;
  tags?: string[];
}

type Needs = Pick<Resources, 'db' | 'wake' | 'secrets' | 'content'>;

/**
 * Accepts an import: job, reservation of the course id and the work for Temporal are one transaction. Answers the job's id.
 * Fails with a conflict when the course is there, or being imported, and no new version may be made.
 */
export async function startImport(request: ImportRequest, needs: Needs): Promise<string> {
  const jobId = uuid();
  let keptKey: string | undefined;
  try {
    keptKey = await needs.db.transaction((tx) => writeImport(tx, jobId, request, needs));
  } catch (error) {
    if (violatesUnique(error, newCourseReservation)) throw await beingImported(request, needs);
    throw error;
  }
  needs.wake(outboxChannel('imports'));
  // Equal content was there already: this copy is not needed.
  if (request.origin.kind === 'upload' && keptKey !== request.origin.blob.key) {
    await needs.content.remove(request.origin.blob.key);
  }
  return jobId;
}

async function writeImport(
  tx: Transaction,
  jobId: string,
  request: ImportRequest,
  { secrets }: Needs,
): Promise<string | undefined> {
  const { applicationId, courseId, origin } = request;
  const url = origin.kind === 'upload' ? undefined : origin.url;
  const blobKey = origin.kind === 'upload' ? await adoptBlob(tx, origin.blob) : undefined;
  const job: NewImportJob = {
    id: jobId,
    application_id: applicationId,
    course_id: courseId,
    may_create_new_version: request.mayCreateNewVersion,
    source: origin.kind,
    source_url: url === undefined ? null : secrets.encrypt(url),
    blob_key: blobKey ?? null,
    content_type: request.contentType ?? null,
    file_name: request.fileName ?? null,
    media_metadata: request.mediaMetadata ?? null,
    tags: request.tags ?? null,
    postback_url: request.postbackUrl === undefined ? null : secrets.encrypt(request.postbackUrl),
    message: waitingMessage(url === undefined ? undefined : new URL(url).host),
  };
  await insertImportJob(tx, job);
  // After the reservation: an import of this course that ends at this moment is either seen here or met there.
  if (!request.mayCreateNewVersion && (await findCourse(tx, applicationId, courseId))) throw alreadyThere(courseId);
  await enqueue(tx, importWork(job));
  return blobKey;
}

/** The same refusal before a large body is read, where it can be known already. */
export async function assertImportable(
  {
    applicationId,
    courseId,
    mayCreateNewVersion,
  }: Pick<ImportRequest, 'applicationId' | 'courseId' | 'mayCreateNewVersion'>,
  { db }: Pick<Resources, 'db'>,
): Promise<void> {
  if (mayCreateNewVersion) return;
  if (await findCourse(db, applicationId, courseId)) throw alreadyThere(courseId);
  if (await findReservation(db, applicationId, courseId))
    throw await beingImported({ applicationId, courseId }, { db });
}

const alreadyThere = (courseId: string) =>
  conflict(
    `The course "${courseId}" exists already; send mayCreateNewVersion=true to import this as its next version.`,
    {
      code: 'course_exists',
    },
  );

async function beingImported(
  { applicationId, courseId }: Pick<ImportRequest, 'applicationId' | 'courseId'>,
  { db }: Pick<Resources, 'db'>,
) {
  const job = await findReservation(db, applicationId, courseId);
  const which = job === undefined ? '' : ` by job ${job.id}`;
  return conflict(`The course "${courseId}" is being imported already${which}; ask for that job's status.`, {
    code: 'course_being_imported',
  });
}
