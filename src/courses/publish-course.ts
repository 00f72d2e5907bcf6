import { v7 as uuid } from 'uuid';
import { conflict, internal } from '../errors';
import type { Transaction } from '../database/connection';
import { queuePostback } from '../deliveries/queue-postback';
import { emitHubEvents, type HubEvent, hubEventsChannel } from '../events/emit-hub-events';
import { countByCourse } from '../player/registration-counts.store';
import type { Resources } from '../resources';
import {
  addVersionNumber,
  type CourseRow,
  type CourseStructure,
  type CourseWithVersion,
  insertCourse,
  insertVersion,
  lockCourse,
} from './courses.store';
import { completeMessage } from './import-jobs.rules';
import { finishImportJob, type ImportJobRow, lockImportJob } from './import-jobs.store';
import type { CoursePackage } from './packages/package';
import { presentActivities, presentCourse } from './present-course';
import { presentImportJob } from './present-import-job';

type Needs = Pick<Resources, 'db' | 'wake' | 'secrets' | 'config'>;

/**
 * Publishes what was found as the course's next version, and ends the job with its postback: one transaction, so that the
 * version is there exactly when the job says COMPLETE. Returns at once when the job has ended.
 */
export async function publishCourse(jobId: string, needs: Needs): Promise<void> {
  const channels = await needs.db.transaction(async (tx) => {
    const job = await lockImportJob(tx, jobId);
    if (!job || job.status !== 'RUNNING') return [];
    if (job.found === null) throw internal(`Import job ${jobId} has nothing to publish.`);
    const published = await insertPublished(tx, job, job.found, needs);
    return endJob(tx, job, published, job.found, needs);
  });
  for (const channel of channels) needs.wake(channel);
}

async function insertPublished(
  tx: Transaction,
  job: ImportJobRow,
  found: CoursePackage,
  { config }: Needs,
): Promise<CourseWithVersion> {
  const { course, version: number } = await takeVersionNumber(tx, job, found.title);
  const version = await insertVersion(
    tx,
    {
      id: uuid(),
      course_id: course.id,
      version: number,
      title: found.title,
      learning_standard: found.learningStandard,
      // A package that gives itself no IRI is known to statements by its address in this hub.
      xapi_activity_id: found.xapiActivityId ?? `${config.publicUrl}/xapi/activities/${course.id}`,
      identifier: found.identifier,
      metadata: found.metadata,
      languages: found.languages,
      structure: structureOf(found),
    },
    {
      package_key: job.package_key,
      file_key: job.package_key === null ? job.blob_key : null,
      file_name: job.package_key === null ? job.file_name : null,
      file_type: job.package_key === null ? (found.mediaType ?? job.content_type) : null,
    },
  );
  return { course, version };
}

function structureOf({
  learningStandard: _standard,
  title: _title,
  identifier: _identifier,
  xapiActivityId: _iri,
  metadata: _metadata,
  languages: _languages,
  ...structure
}: CoursePackage): CourseStructure {
  return structure;
}

async function takeVersionNumber(
  tx: Transaction,
  job: ImportJobRow,
  title: string,
): Promise<{ course: CourseRow; version: number }> {
  const existing = await lockCourse(tx, job.application_id, job.course_id);
  if (existing) return nextVersion(tx, existing, job, title);
  const created = await insertCourse(tx, {
    id: uuid(),
    application_id: job.application_id,
    course_id: job.course_id,
    title,
    tags: job.tags ?? [],
  });
  if (created) return { course: created, version: 0 };
  // Another import of this id was published while this one waited for it.
  const other = await lockCourse(tx, job.application_id, job.course_id);
  if (!other) throw internal(`The course of import job ${job.id} appeared and vanished.`);
  return nextVersion(tx, other, job, title);
}

async function nextVersion(
  tx: Transaction,
  course: CourseRow,
  job: ImportJobRow,
  title: string,
): Promise<{ course: CourseRow; version: number }> {
  if (!job.may_create_new_version) {
    throw conflict(
      `The course "${job.course_id}" was created by another import meanwhile; send mayCreateNewVersion=true to add a version.`,
      { code: 'course_exists' },
    );
  }
  const updated = await addVersionNumber(tx, course, { title, tags: job.tags });
  return { course: updated, version: updated.latest_version };
}

async function endJob(
  tx: Transaction,
  job: ImportJobRow,
  published: CourseWithVersion,
  found: CoursePackage,
  { secrets }: Needs,
): Promise<string[]> {
  const { course, version } = published;
  const counts = await countByCourse(tx, [course.id]);
  const result = {
    webPathToCourse: `/courses/${course.application_id}/${encodeURIComponent(course.course_id)}/${version.version}`,
    parserWarnings: found.parserWarnings,
    courseLanguages: found.languages,
    course: {
      ...presentCourse(course, version, { metadata: true, registrationCount: counts.get(course.id) ?? 0 }),
      ...presentActivities(version),
    },
  };
  const message = completeMessage(version.version, found.parserWarnings.length);
  await finishImportJob(tx, job.id, { status: 'COMPLETE', message, result });
  return queueResult(tx, { ...job, status: 'COMPLETE', message, result }, secrets);
}

/**
 * Tells of a job that has ended: the hub's own event, and postbacks, which show its status, to where its caller asked for and
 * to the application's own endpoints. Answers the channels to wake.
 */
export async function queueResult(
  tx: Transaction,
  job: ImportJobRow,
  secrets: Resources['secrets'],
): Promise<string[]> {
  await emitHubEvents(tx, [importEnded(job)]);
  const channels = await queuePostback(
    tx,
    {
      applicationId: job.application_id,
      subject: { kind: 'import-job', id: job.id },
      payload: presentImportJob(job),
      url: job.postback_url === null ? undefined : secrets.decrypt(job.postback_url),
    },
    secrets,
  );
  return [...channels, hubEventsChannel];
}

const importEnded = ({ id, application_id, course_id, status, message }: ImportJobRow): HubEvent => ({
  applicationId: application_id,
  type: status === 'COMPLETE' ? 'HUB_IMPORT_COMPLETED' : 'HUB_IMPORT_FAILED',
  data: { jobId: id, courseId: course_id, status, message },
  at: new Date(),
});
