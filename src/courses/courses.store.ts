import type { Database, Transaction } from '../database/connection';
import type { CourseMetadata, CoursePackage, LearningStandard } from './packages/package';

export interface CourseRow {
  id: string;
  application_id: string;
  course_id: string;
  title: string;
  tags: string[];
  latest_version: number;
  next_version: number;
  created_at: Date;
  updated_at: Date;
}

/** What of a package a launch is seeded from. */
export type CourseStructure = Pick<
  CoursePackage,
  'launchHref' | 'manifestPath' | 'mediaType' | 'sequenced' | 'rootActivity' | 'resources' | 'parserWarnings'
>;

export interface CourseVersionRow {
  id: string;
  /** The course's row, not the caller's id of it. */
  course_id: string;
  version: number;
  title: string;
  learning_standard: LearningStandard;
  xapi_activity_id: string;
  identifier: string;
  metadata: CourseMetadata;
  languages: string[];
  structure: CourseStructure;
  revision: number;
  created_at: Date;
  updated_at: Date;
}

/** A course together with one of its versions. */
export interface CourseWithVersion {
  course: CourseRow;
  version: CourseVersionRow;
}

export const findCourse = (
  db: Database | Transaction,
  applicationId: string,
  courseId: string,
): Promise<CourseRow | undefined> =>
  db<CourseRow>('courses')
    .where({ application_id: applicationId, course_id: courseId })
    .whereNull('deleted_at')
    .first();

export const lockCourse = (tx: Transaction, applicationId: string, courseId: string): Promise<CourseRow | undefined> =>
  tx<CourseRow>('courses')
    .where({ application_id: applicationId, course_id: courseId })
    .whereNull('deleted_at')
    .forUpdate()
    .first();

/** The same; until the commit it is not removed, and has no other versions or revisions. */
export const holdCourse = (tx: Transaction, applicationId: string, courseId: string): Promise<CourseRow | undefined> =>
  tx<CourseRow>('courses')
    .where({ application_id: applicationId, course_id: courseId })
    .whereNull('deleted_at')
    .forKeyShare()
    .first();

/** The ones of these courses that are there, locked in the order of their rows so that two changes cannot block each other. */
export const lockCourses = (
  tx: Transaction,
  applicationId: string,
  courseIds: readonly string[],
): Promise<CourseRow[]> =>
  tx<CourseRow>('courses')
    .where({ application_id: applicationId })
    .whereIn('course_id', [...courseIds])
    .whereNull('deleted_at')
    .orderBy('id')
    .forUpdate();

/** The course and its newest version. */
export async function findCourseWithLatest(
  db: Database,
  applicationId: string,
  courseId: string,
): Promise<CourseWithVersion | undefined> {
  const course = await findCourse(db, applicationId, courseId);
  if (!course) return undefined;
  const version = await db<CourseVersionRow>('course_versions')
    .where({ course_id: course.id, version: course.latest_version })
    .first();
  return version && { course, version };
}

/** A version without what launches are seeded from, which can be large: for lists. */
export type CourseVersionSummary = Omit<CourseVersionRow, 'structure'>;

const summaryColumns = [
  'id',
  'course_id',
  'version',
  'title',
  'learning_standard',
  'xapi_activity_id',
  'identifier',
  'metadata',
  'languages',
  'revision',
  'created_at',
  'updated_at',
] as const;

/** The newest version of each of these courses, by the course's row id. */
export async function listLatestVersions(
  db: Database,
  courses: readonly CourseRow[],
): Promise<Map<string, CourseVersionSummary>> {
  const rows = await db('course_versions')
    .whereIn(
      ['course_id', 'version'],
      courses.map(({ id, latest_version }) => [id, latest_version]),
    )
    .select<CourseVersionSummary[]>(...summaryColumns);
  return new Map(rows.map((row) => [row.course_id, row]));
}

/** A course's versions, oldest first, changed in the given time. */
export const listVersions = (
  db: Database,
  courseRow: string,
  { since, until }: { since?: Date; until?: Date },
): Promise<CourseVersionSummary[]> =>
  db('course_versions')
    .where({ course_id: courseRow })
    .modify((query) => {
      if (since !== undefined) void query.where('updated_at', '>=', since);
      if (until !== undefined) void query.where('updated_at', '<=', until);
    })
    .orderBy('version')
    .select<CourseVersionSummary[]>(...summaryColumns);

/** The rows of a course's versions: all, or the one of that number. */
export const listVersionIds = (db: Database, courseRow: string, version?: number): Promise<string[]> =>
  db('course_versions')
    .where({ course_id: courseRow, ...(version === undefined ? {} : { version }) })
    .pluck<string[]>('id');

export const findVersion = (
  db: Database | Transaction,
  courseRow: string,
  version: number,
): Promise<CourseVersionRow | undefined> =>
  db<CourseVersionRow>('course_versions').where({ course_id: courseRow, version }).first();

/** A version by its row, unless its course is deleted. */
export const findVersionById = (db: Database | Transaction, id: string): Promise<CourseVersionRow | undefined> =>
  db<CourseVersionRow>('course_versions')
    .where({ id })
    .whereExists(db('courses').whereRaw('courses.id = course_versions.course_id').whereNull('deleted_at'))
    .first();

/** What a search in the tags reads. */
const tagsText = (tags: readonly string[]): string => tags.join('\n');

/** Inserts a course; answers undefined when another transaction was first. */
export async function insertCourse(
  tx: Transaction,
  course: Pick<CourseRow, 'id' | 'application_id' | 'course_id' | 'title' | 'tags'>,
): Promise<CourseRow | undefined> {
  const { rows } = await tx.raw<{ rows: CourseRow[] }>(
    `insert into courses (id, application_id, course_id, title, tags, tags_text)
     values (:id, :application_id, :course_id, :title, :tags, :tagsText)
     on conflict (application_id, course_id) where deleted_at is null do nothing
     returning *`,
    { ...course, tagsText: tagsText(course.tags) },
  );
  return rows[0];
}

/** Takes the next version number of a locked course and makes it the newest. */
export async function addVersionNumber(
  tx: Transaction,
  course: CourseRow,
  { title, tags }: { title: string; tags: string[] | null },
): Promise<CourseRow> {
  const [row] = await tx<CourseRow>('courses')
    .where({ id: course.id })
    .update({
      title,
      latest_version: course.next_version,
      next_version: course.next_version + 1,
      updated_at: tx.fn.now(),
      ...(tags === null ? {} : { tags, tags_text: tagsText(tags) }),
    })
    .returning('*');
  return row!;
}

export type NewCourseVersion = Omit<CourseVersionRow, 'revision' | 'created_at' | 'updated_at'>;

/** What a version's first revision is made of: a package, a single file, or neither (it plays from a URL). */
export interface NewRevision {
  package_key: string | null;
  file_key: string | null;
  file_name: string | null;
  file_type: string | null;
}

export async function insertVersion(
  tx: Transaction,
  version: NewCourseVersion,
  revision: NewRevision,
): Promise<CourseVersionRow> {
  const [row] = await tx('course_versions')
    .insert({
      ...version,
      metadata: JSON.stringify(version.metadata),
      structure: JSON.stringify(version.structure),
    })
    .returning<CourseVersionRow[]>('*');
  await tx('course_revisions').insert({ version_id: version.id, number: 1, ...revision });
  return row!;
}

/** Replaces a course's tags; the caller has locked it. */
export async function setTags(tx: Transaction, courseRow: string, tags: readonly string[]): Promise<void> {
  await tx('courses')
    .where({ id: courseRow })
    .update({ tags: [...tags], tags_text: tagsText(tags), updated_at: tx.fn.now() });
}

/** Names a course and its newest version; the caller has locked it. */
export async function setTitle(tx: Transaction, course: CourseRow, title: string): Promise<void> {
  await tx('courses').where({ id: course.id }).update({ title, updated_at: tx.fn.now() });
  await tx('course_versions')
    .where({ course_id: course.id, version: course.latest_version })
    .update({ title, updated_at: tx.fn.now() });
}

/** Deletes a version of a locked course; answers the blobs that it referred to. */
export async function deleteVersionRow(tx: Transaction, versionRow: string): Promise<string[]> {
  const keys = await heldBlobs(tx, 'course_versions.id = ?', versionRow);
  await tx('course_versions').where({ id: versionRow }).delete();
  return keys;
}

/** Makes the newest version that is left the one that the course shows; answers undefined when none is left. */
export async function showNewestVersion(tx: Transaction, courseRow: string): Promise<number | undefined> {
  const newest = await tx<CourseVersionRow>('course_versions')
    .where({ course_id: courseRow })
    .orderBy('version', 'desc')
    .first('version', 'title');
  if (!newest) return undefined;
  await tx('courses')
    .where({ id: courseRow })
    .update({ latest_version: newest.version, title: newest.title, updated_at: tx.fn.now() });
  return newest.version;
}

/** Makes a course invisible; answers its row's id, or undefined when there is none. */
export async function markDeleted(
  tx: Transaction,
  applicationId: string,
  courseId: string,
): Promise<string | undefined> {
  const [row] = await tx('courses')
    .where({ application_id: applicationId, course_id: courseId })
    .whereNull('deleted_at')
    .update({ deleted_at: tx.fn.now() })
    .returning<{ id: string }[]>('id');
  return row?.id;
}

/** Deletes a course that was marked, with all its versions; answers the blobs that they referred to. */
export async function deleteMarkedCourse(tx: Transaction, id: string): Promise<string[]> {
  const keys = await heldBlobs(tx, 'course_versions.course_id = ?', id);
  await tx('courses').where({ id }).whereNotNull('deleted_at').delete();
  return keys;
}

async function heldBlobs(tx: Transaction, condition: string, id: string): Promise<string[]> {
  const { rows } = await tx.raw<{ rows: { key: string }[] }>(
    `with versions as (select id from course_versions where ${condition})
     select key from course_revisions
     join versions on versions.id = course_revisions.version_id
     cross join lateral (values (package_key), (file_key)) as held (key)
     where key is not null
     union
     select blob_key from course_assets
     join versions on versions.id = course_assets.version_id
     where blob_key is not null`,
    [id],
  );
  return rows.map(({ key }) => key);
}
