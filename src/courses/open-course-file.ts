import type { Readable } from 'node:stream';
import { notFound } from '../errors';
import type { Resources } from '../resources';
import type { BlobReader } from '../storage/content-store';
import { type CourseFile, findCourseFile, getContent } from './course-files';
import type { CourseVersionRow } from './courses.store';
import { ZipPackage } from './packages/zip-package';

export interface OpenCourseFile extends CourseFile {
  /** The whole file, uncompressed. Destroy it when it is not read to its end. */
  body: Readable;
}

type Needs = Pick<Resources, 'db' | 'content'>;

/** Opens a file of a version, of the newest revision unless told. Fails with not-found where there is none at the path. */
export async function openCourseFile(
  version: CourseVersionRow,
  path: string,
  { db, content }: Needs,
  revision?: number,
): Promise<OpenCourseFile> {
  const file = await findCourseFile(db, await getContent(db, version, revision), path);
  if (!file) throw notFound(`The course has no file "${path}".`);
  return { ...file, body: await openFile(file, content) };
}

/** A file's bytes. A package that is open already can be given, and then stays open. */
export async function openFile(
  { path, place }: CourseFile,
  content: Resources['content'],
  openPackage?: BlobReader,
): Promise<Readable> {
  const key = place.kind === 'blob' ? place.key : place.entry.mediaKey;
  if (key !== undefined) return openBlob(key, content);
  const { packageKey, entry } = place as Extract<CourseFile['place'], { kind: 'entry' }>;
  const source = openPackage ?? (await content.open(packageKey));
  const body = await new ZipPackage(source, [entry]).openFile(path);
  return openPackage ? body : closing(body, source);
}

/** A blob's bytes. */
export async function openBlob(key: string, content: Resources['content']): Promise<Readable> {
  const source = await content.open(key);
  return closing(source.stream(), source);
}

function closing(body: Readable, source: BlobReader): Readable {
  return body.once('close', () => {
    source.close().catch(() => {}); // The bytes have been read: nobody could do anything about it.
  });
}
