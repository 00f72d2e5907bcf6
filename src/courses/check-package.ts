import { PassThrough, type Writable } from 'node:stream';
import type { Database, Transaction } from '../database/connection';
import { notFound } from '../errors';
import type { Resources } from '../resources';
import { adoptBlob, keysWithoutRow } from '../storage/blobs.store';
import type { BlobReader, StoredBlob } from '../storage/content-store';
import { checkingMessage, readingMessage } from './import-jobs.rules';
import { findImportJob, type ImportJobRow, setFound } from './import-jobs.store';
import { insertPackage, isChecked, listEntries, type StoredEntry } from './packages.store';
import { detectUpload } from './packages/detect-upload';
import type { CoursePackage, PackageEntry } from './packages/package';
import type { PackageLimits } from './packages/package-limits';
import { defaultPackageLimits } from './packages/package-limits';
import { readBareCmi5 } from './packages/cmi5-package';
import { readCoursePackage } from './packages/read-course-package';
import { readMediaFile } from './packages/media-file';
import { readZipIndex } from './packages/zip-index';
import { ZipPackage } from './packages/zip-package';
import { verifyEntries } from './packages/zip-verify';
import type { Progress } from './progress';

type Needs = Pick<Resources, 'db' | 'content' | 'secrets' | 'config'>;

const headBytes = 4096;
/** Audio and video, which players read by ranges. */
const rangedMedia = /\.(mp4|m4v|m4a|mp3|webm|og[gav]|opus|wav|flac|aac|mov|avi|wmv|mpe?g|3gp)$/i;
const maxBareDescriptorBytes = 20 * 1024 * 1024;

/**
 * Reads the import's file and keeps what it found with the job: a package's index and course, a bare cmi5.xml, or a media
 * file. Refuses, as an invalid AppError for the course's author, what cannot be a course. Returns at once when it was done.
 */
export async function checkPackage(jobId: string, needs: Needs, progress: Progress): Promise<void> {
  const job = await findImportJob(needs.db, jobId);
  if (!job) throw notFound(`There is no import job ${jobId}.`);
  if (job.status !== 'RUNNING' || job.found !== null) return;
  if (job.source === 'media-reference') {
    await setFound(needs.db, jobId, { package_key: null, found: readReference(job, needs) });
    return;
  }
  const source = await needs.content.open(job.blob_key!);
  try {
    await checkFile(job, source, needs, progress);
  } finally {
    await source.close();
  }
}

function readReference(job: ImportJobRow, { secrets }: Needs): CoursePackage {
  return readMediaFile({
    url: secrets.decrypt(job.source_url!),
    head: Buffer.alloc(0),
    ...describedBy(job),
  });
}

const describedBy = ({ file_name, content_type, media_metadata }: ImportJobRow) => ({
  ...(file_name === null ? {} : { fileName: file_name }),
  ...(content_type === null ? {} : { contentType: content_type }),
  ...(media_metadata === null ? {} : { metadata: media_metadata }),
});

async function checkFile(job: ImportJobRow, source: BlobReader, needs: Needs, progress: Progress): Promise<void> {
  const head = await source.read(0, Math.min(headBytes, source.size));
  const kind = detectUpload(head, describedBy(job));
  if (kind === 'zip') {
    await checkZip(job, source, needs, progress);
    return;
  }
  progress.say(readingMessage);
  const found =
    kind === 'cmi5-xml'
      ? await readBareCmi5(await source.read(0, Math.min(source.size, maxBareDescriptorBytes + 1)))
      : readMediaFile({ head, ...describedBy(job), contentType: kind.media });
  await setFound(needs.db, job.id, { package_key: null, found });
}

async function checkZip(job: ImportJobRow, source: BlobReader, needs: Needs, progress: Progress): Promise<void> {
  const { db } = needs;
  const key = job.blob_key!;
  if (await isChecked(db, key)) {
    const entries = await listEntries(db, key);
    await setFound(db, job.id, { package_key: key, found: await readCourse(source, entries, progress) });
    return;
  }
  const limits = limitsOf(needs);
  const entries = await readZipIndex(source, limits);
  const found = await readCourse(source, entries, progress);
  const media = new MediaCopies(needs.content, limits.maxTotalSize, progress.signal);
  try {
    await verifyEntries(source, entries, {
      limits,
      signal: progress.signal,
      onProgress: (done, total) => progress.say(checkingMessage(done, total)),
      extract: (entry) => media.place(entry),
    });
    const copies = await media.stored();
    await db.transaction(async (tx) => {
      await insertPackage(tx, key, await withMediaKeys(tx, entries, copies));
      await setFound(tx, job.id, { package_key: key, found });
    });
  } finally {
    await media.removeUnused(db);
  }
}

async function withMediaKeys(
  tx: Transaction,
  entries: readonly PackageEntry[],
  copies: ReadonlyMap<string, StoredBlob>,
): Promise<StoredEntry[]> {
  const stored: StoredEntry[] = [];
  for (const entry of entries) {
    const copy = copies.get(entry.path);
    stored.push(copy === undefined ? entry : { ...entry, mediaKey: await adoptBlob(tx, copy) });
  }
  return stored;
}

function readCourse(source: BlobReader, entries: readonly PackageEntry[], progress: Progress): Promise<CoursePackage> {
  progress.say(readingMessage);
  return readCoursePackage(new ZipPackage(source, entries));
}

const limitsOf = ({ config }: Needs): PackageLimits => ({
  ...defaultPackageLimits,
  maxEntries: config.imports.maxEntries,
  maxTotalSize: config.imports.maxUnpackedBytes,
  maxRatio: config.imports.maxRatio,
});

/** Players ask for ranges of audio and video, which a deflated file cannot give: those get an uncompressed copy. */
class MediaCopies {
  private readonly copies = new Map<string, Promise<StoredBlob>>();

  constructor(
    private readonly content: Resources['content'],
    private readonly maxBytes: number,
    private readonly signal: AbortSignal,
  ) {}

  place(entry: PackageEntry): Writable | undefined {
    if (entry.method === 'stored' || entry.size === 0 || !rangedMedia.test(entry.path)) return undefined;
    const bytes = new PassThrough({ highWaterMark: 1024 * 1024 });
    const copy = this.content.write(bytes, { maxBytes: this.maxBytes, signal: this.signal });
    // A failed copy breaks its stream, and so the check that writes to it; this only keeps the rejection from being unhandled.
    copy.catch((error: unknown) => bytes.destroy(error instanceof Error ? error : new Error(String(error))));
    this.copies.set(entry.path, copy);
    return bytes;
  }

  async stored(): Promise<Map<string, StoredBlob>> {
    return new Map(await Promise.all([...this.copies].map(async ([path, copy]) => [path, await copy] as const)));
  }

  /** Equal content that was there before, or a check that failed: what has no row by now never gets one. */
  async removeUnused(db: Database): Promise<void> {
    const settled = await Promise.allSettled(this.copies.values());
    const keys = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value.key] : []));
    await Promise.all((await keysWithoutRow(db, keys)).map((key) => this.content.remove(key)));
  }
}
