import type { Database, Transaction } from '../database/connection';
import { internal } from '../errors';
import { findBlobSize } from '../storage/blobs.store';
import { type AssetRow, findAsset, findRevision, listAssets, type RevisionRow } from './assets.store';
import type { CourseVersionRow } from './courses.store';
import { findEntry, listEntries, type StoredEntry } from './packages.store';
import { decodePath } from './packages/hrefs';

/** Where a file's bytes are: a blob of their own, or an entry of the package. */
export type FilePlace = { kind: 'blob'; key: string } | { kind: 'entry'; packageKey: string; entry: StoredEntry };

/** One file of a version's content. */
export interface CourseFile {
  path: string;
  /** Bytes. */
  size: number;
  /** When an asset brought it, else when the version was imported. */
  modified: Date;
  /** The revision that brought it: with the version and the path it names these bytes for ever. */
  fromRevision: number;
  place: FilePlace;
}

/** A version's content as one of its revisions has it. */
export interface Content {
  version: CourseVersionRow;
  revision: RevisionRow;
}

/** Pins the version's revision: what is read of it stays the same, whatever is written meanwhile. */
export async function getContent(
  db: Database | Transaction,
  version: CourseVersionRow,
  number = version.revision,
): Promise<Content> {
  const revision = await findRevision(db, { version_id: version.id, number });
  if (!revision) throw internal(`The version ${version.id} has no revision ${number}.`);
  return { version, revision };
}

/** The file at a path, exact also in case; undefined where there is none, or none any more. */
export async function findCourseFile(
  db: Database | Transaction,
  { version, revision }: Content,
  path: string,
): Promise<CourseFile | undefined> {
  const asset = await findAsset(db, revision, path);
  if (asset) return fromAsset(asset);
  if (revision.package_key === null) {
    const single = await findSingleFile(db, { version, revision });
    return single?.path === path ? single : undefined;
  }
  const entry = await findEntry(db, revision.package_key, path);
  return entry && fromEntry(version, revision.package_key, entry);
}

/** All files by path: as many as a package may have. */
export async function listCourseFiles(db: Database, content: Content): Promise<CourseFile[]> {
  const files = new Map((await listBase(db, content)).map((file) => [file.path, file]));
  for (const asset of await listAssets(db, content.revision)) {
    const file = fromAsset(asset);
    if (file) files.set(asset.path, file);
    else files.delete(asset.path);
  }
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function listBase(db: Database, { version, revision }: Content): Promise<CourseFile[]> {
  const { package_key } = revision;
  if (package_key !== null) {
    return (await listEntries(db, package_key)).map((entry) => fromEntry(version, package_key, entry));
  }
  const single = await findSingleFile(db, { version, revision });
  return single ? [single] : [];
}

/** What a course without a package is made of; undefined when it plays from a URL. */
async function findSingleFile(
  db: Database | Transaction,
  { version, revision: { file_key: key } }: Content,
): Promise<CourseFile | undefined> {
  if (key === null) return undefined;
  const size = await findBlobSize(db, key);
  if (size === undefined) return undefined;
  return {
    path: singlePath(version),
    size,
    modified: version.created_at,
    fromRevision: 1,
    place: { kind: 'blob', key },
  };
}

/** A media file lies where its course launches it; the only other single file is a cmi5.xml without a zip around it. */
const singlePath = ({ learning_standard, structure }: CourseVersionRow): string =>
  learning_standard === 'CMI5' ? 'cmi5.xml' : decodePath(structure.launchHref);

function fromAsset({ path, size, blob_key: key, created_at, from_revision }: AssetRow): CourseFile | undefined {
  if (key === null || size === null) return undefined;
  return { path, size, modified: created_at, fromRevision: from_revision, place: { kind: 'blob', key } };
}

const fromEntry = ({ created_at }: CourseVersionRow, packageKey: string, entry: StoredEntry): CourseFile => ({
  path: entry.path,
  size: entry.size,
  modified: created_at,
  fromRevision: 1,
  place: { kind: 'entry', packageKey, entry },
});
