import type { PassThrough, Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { notFound } from '../errors';
import type { Resources } from '../resources';
import { findBlobSize } from '../storage/blobs.store';
import type { BlobReader } from '../storage/content-store';
import { isPacked } from './assets.rules';
import { listAssets } from './assets.store';
import { type CourseFile, getContent, listCourseFiles } from './course-files';
import type { CourseVersionRow } from './courses.store';
import { openBlob, openFile } from './open-course-file';

export interface CourseZip {
  /** Destroy it when it is not read to its end. */
  body: Readable;
  /** Bytes; unknown where the zip is made while it is sent. */
  size?: number;
}

type Needs = Pick<Resources, 'db' | 'content'>;

/**
 * A version's files as a zip. A package without assets is sent as it came; else, and for a media file, the zip is made on
 * the way, and memory does not grow with it. Fails with not-found for a course that plays from a URL.
 */
export async function openCourseZip(version: CourseVersionRow, { db, content }: Needs): Promise<CourseZip> {
  const pinned = await getContent(db, version);
  const { package_key: packageKey, file_key: fileKey } = pinned.revision;
  if (packageKey === null && fileKey === null) {
    throw notFound('This course plays from a URL: it has no package that could be downloaded.');
  }
  if (packageKey !== null && (await listAssets(db, pinned.revision)).length === 0) {
    const size = await findBlobSize(db, packageKey);
    return { body: await openBlob(packageKey, content), ...(size === undefined ? {} : { size }) };
  }
  const files = await listCourseFiles(db, pinned);
  const source = packageKey === null ? undefined : await content.open(packageKey);
  return { body: zipOf(files, content, source) };
}

/** Files are opened one after another, each when the one before has been sent. */
function zipOf(files: readonly CourseFile[], content: Resources['content'], source: BlobReader | undefined): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as PassThrough;
  let current: Readable | undefined;
  const fail = (error: Error): unknown => output.destroy(error);
  zip.on('error', fail);
  output.once('close', () => {
    current?.destroy();
    source?.close().catch(() => {}); // All was sent, or nobody takes it any more.
  });
  for (const file of files) {
    const { path, size, modified: mtime } = file;
    zip.addReadStreamLazy(path, { size, mtime, compress: !isPacked(path) }, (add) => {
      const send = (body: Readable): unknown => {
        if (output.destroyed) return body.destroy();
        current = body.once('error', fail);
        return add(null, body);
      };
      openFile(file, content, source).then(send, fail);
    });
  }
  zip.end();
  return output;
}
