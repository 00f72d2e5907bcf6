import type { Transaction } from '../database/connection';
import { invalid, notFound } from '../errors';
import type { Resources } from '../resources';
import { adoptBlob, keysWithoutRow } from '../storage/blobs.store';
import type { StoredBlob } from '../storage/content-store';
import { type AssetPolicy, assertPolicy, foldersOf } from './assets.rules';
import { insertRevision, layOver, measureFiles } from './assets.store';
import { type Content, findCourseFile, getContent } from './course-files';
import { lockCourseVersion, type VersionRef } from './get-course-version';

type Needs = Pick<Resources, 'db' | 'content' | 'config'>;

export interface NewAsset {
  /** As `assetPath` gives it. */
  path: string;
  policy: AssetPolicy;
  /** In the content store already, and without a row: when this fails it is removed. */
  blob: StoredBlob;
}

/**
 * Puts a file into a version: one transaction, which makes a new revision of the content under the version's lock. Fails
 * where the policy, another file in the way, or the limit on files forbids it.
 */
export async function putAsset(ref: VersionRef, asset: NewAsset, needs: Needs): Promise<void> {
  try {
    await needs.db.transaction((tx) => writeAsset(tx, ref, asset, needs));
  } finally {
    await discardUnused(asset.blob, needs);
  }
}

async function writeAsset(tx: Transaction, ref: VersionRef, asset: NewAsset, { config }: Needs): Promise<void> {
  const { path, policy, blob } = asset;
  const version = await lockCourseVersion(tx, ref);
  const content = await getContent(tx, version);
  const existing = await findCourseFile(tx, content, path);
  assertPolicy(policy, path, existing !== undefined);
  if (!existing) await assertRoom(tx, content, path, config.imports.maxEntries);
  await layOver(tx, {
    version_id: version.id,
    path,
    from_revision: await insertRevision(tx, version),
    blob_key: await adoptBlob(tx, blob),
    size: blob.size,
  });
}

/** A course has to stay one that can be zipped and imported again. */
async function assertRoom(tx: Transaction, { revision }: Content, path: string, maxFiles: number): Promise<void> {
  const { files, clash } = await measureFiles(tx, revision, { path, folders: foldersOf(path) });
  if (clash !== null) {
    throw invalid(`"${path}" cannot be there beside the file "${clash}": one of them would be the other's folder.`, {
      code: 'asset_clash',
    });
  }
  if (files >= maxFiles) throw invalid(`The course has ${files} files, and may not have more than ${maxFiles}.`);
}

/** Takes a file out of a version, by a new revision. Fails with not-found where there is none at the path. */
export async function deleteAsset(ref: VersionRef, path: string, { db }: Pick<Resources, 'db'>): Promise<void> {
  await db.transaction(async (tx) => {
    const version = await lockCourseVersion(tx, ref);
    if (!(await findCourseFile(tx, await getContent(tx, version), path))) {
      throw notFound(`The course has no file "${path}".`);
    }
    const from_revision = await insertRevision(tx, version);
    await layOver(tx, { version_id: version.id, path, from_revision, blob_key: null, size: null });
  });
}

/**
 * Removes a blob that got no row: the write failed, or equal content was there. Asked of the database, because a
 * connection that breaks at the commit does not tell; one that cannot be asked leaves it to housekeeping.
 */
export async function discardUnused({ key }: StoredBlob, { db, content }: Omit<Needs, 'config'>): Promise<void> {
  const unused = await keysWithoutRow(db, [key]).catch(() => []);
  await Promise.all(unused.map((each) => content.remove(each)));
}
