import type { Knex } from 'knex';
import type { Database, Transaction } from '../database/connection';
import type { CourseRow, CourseVersionRow } from './courses.store';

/** What lies under a version's assets, and which of its revisions is meant. */
export interface RevisionRow {
  version_id: string;
  number: number;
  package_key: string | null;
  file_key: string | null;
  file_name: string | null;
  file_type: string | null;
  created_at: Date;
}

export interface AssetRow {
  version_id: string;
  path: string;
  /** The revision that brought it. */
  from_revision: number;
  /** The first revision without it; null as long as it holds. */
  to_revision: number | null;
  /** Null: the file is deleted. */
  blob_key: string | null;
  /** Bytes. */
  size: number | null;
  created_at: Date;
}

/** Which state of a version's content is read. */
export type RevisionId = Pick<RevisionRow, 'version_id' | 'number'>;

export const findRevision = (
  db: Database | Transaction,
  { version_id, number }: RevisionId,
): Promise<RevisionRow | undefined> => db<RevisionRow>('course_revisions').where({ version_id, number }).first();

/** A version of a course by its number, the newest unless told. */
export const findVersion = (
  db: Database | Transaction,
  course: CourseRow,
  number = course.latest_version,
): Promise<CourseVersionRow | undefined> =>
  db<CourseVersionRow>('course_versions').where({ course_id: course.id, version: number }).first();

/** The same in a transaction that changes it: others wait. */
export const lockVersion = (
  tx: Transaction,
  course: CourseRow,
  number = course.latest_version,
): Promise<CourseVersionRow | undefined> =>
  tx<CourseVersionRow>('course_versions').where({ course_id: course.id, version: number }).forUpdate().first();

/** What lies over the package in a revision, deletions included. */
const laidOver = (db: Database | Transaction, { version_id, number }: RevisionId): Knex.QueryBuilder<AssetRow> =>
  db<AssetRow>('course_assets')
    .where({ version_id })
    .where('from_revision', '<=', number)
    .whereRaw('(to_revision is null or to_revision > ?)', number);

export const listAssets = async (db: Database | Transaction, revision: RevisionId): Promise<AssetRow[]> =>
  laidOver(db, revision).orderBy('path');

export const findAsset = async (
  db: Database | Transaction,
  revision: RevisionId,
  path: string,
): Promise<AssetRow | undefined> => laidOver(db, revision).where({ path }).first();

/** How many files the newest revision has but the single file of a media course, and one that a new path clashes with. */
export async function measureFiles(
  tx: Transaction,
  { version_id, package_key }: RevisionRow,
  { path, folders }: { path: string; folders: readonly string[] },
): Promise<{ files: number; clash: string | null }> {
  const { rows } = await tx.raw<{ rows: { files: number; clash: string | null }[] }>(
    `with laid as (select path, blob_key from course_assets where version_id = :version_id and to_revision is null),
     files as (
       select path from laid where blob_key is not null
       union all
       select path from package_entries entry where package_key = :package_key
         and not exists (select from laid where laid.path = entry.path)
     )
     select count(*)::integer as files,
       min(path) filter (where path = any(:folders) or starts_with(path, :inside)) as clash
     from files`,
    { version_id, package_key, folders: [...folders], inside: `${path}/` },
  );
  return rows[0]!;
}

/** Adds the next revision of a locked version, over the same package, and makes it the newest. Answers its number. */
export async function insertRevision(tx: Transaction, { id }: CourseVersionRow): Promise<number> {
  const [version] = await tx<CourseVersionRow>('course_versions')
    .where({ id })
    .update({ revision: tx.raw('revision + 1'), updated_at: tx.fn.now() })
    .returning(['revision', 'course_id']);
  const { revision, course_id } = version!;
  await tx.raw(
    `insert into course_revisions (version_id, number, package_key, file_key, file_name, file_type)
     select version_id, ?, package_key, file_key, file_name, file_type
     from course_revisions where version_id = ? and number = ?`,
    [revision, id, revision - 1],
  );
  await tx<CourseRow>('courses').where({ id: course_id }).update({ updated_at: tx.fn.now() });
  return revision;
}

/** Lays a file, or the mark of its deletion, over what a locked version had at this path, from a revision on. */
export async function layOver(
  tx: Transaction,
  asset: Pick<AssetRow, 'version_id' | 'path' | 'from_revision' | 'blob_key' | 'size'>,
): Promise<void> {
  const { version_id, path, from_revision } = asset;
  await tx<AssetRow>('course_assets')
    .where({ version_id, path, to_revision: null })
    .update({ to_revision: from_revision });
  await tx<AssetRow>('course_assets').insert(asset);
}
