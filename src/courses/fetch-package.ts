import { PassThrough } from 'node:stream';
import { parseTarget } from '../net/outgoing-url';
import type { Resources } from '../resources';
import { adoptBlob } from '../storage/blobs.store';
import { fetchingMessage } from './import-jobs.rules';
import { findImportJob, type ImportJobRow, setFetched } from './import-jobs.store';
import type { Progress } from './progress';

/** A server that sends less than the client's minimum in this long is given up. */
const idleTimeoutMs = 30_000;

type Needs = Pick<Resources, 'db' | 'content' | 'outgoing' | 'secrets' | 'config'>;

/** Brings the file of a fetch into the content store. Returns at once when it is there, or when the job has ended. */
export async function fetchPackage(jobId: string, needs: Needs, progress: Progress): Promise<void> {
  const job = await findImportJob(needs.db, jobId);
  if (!job || job.status !== 'RUNNING' || job.source !== 'fetch' || job.blob_key !== null) return;
  const { config, db, content, outgoing, secrets } = needs;
  const url = secrets.decrypt(job.source_url!);
  const { host } = parseTarget(url);
  const download = await outgoing.download(url, {
    maxBytes: config.imports.maxUploadBytes,
    idleTimeoutMs,
    totalTimeoutMs: config.imports.fetchTimeoutSeconds * 1000,
    signal: progress.signal,
  });
  const counted = countInto(download.body, (bytes) =>
    progress.say(fetchingMessage(host, bytes, download.contentLength)),
  );
  const blob = await content.write(counted, { maxBytes: config.imports.maxUploadBytes, signal: progress.signal });
  const kept = await db.transaction(async (tx) => {
    const key = await adoptBlob(tx, blob);
    await setFetched(tx, jobId, {
      blob_key: key,
      content_type: job.content_type ?? download.contentType ?? null,
      file_name: nameOf(job, download.fileName),
    });
    return key;
  });
  if (kept !== blob.key) await content.remove(blob.key);
}

const nameOf = (job: ImportJobRow, fetched: string | undefined): string | null =>
  job.file_name ?? fetched?.slice(0, 255) ?? null;

function countInto(
  body: NodeJS.ReadableStream & { destroy(error?: Error): unknown },
  onBytes: (total: number) => void,
) {
  let total = 0;
  const counter = new PassThrough({ highWaterMark: 1024 * 1024 });
  body.on('data', (chunk: Buffer) => {
    total += chunk.length;
    onBytes(total);
  });
  body.on('error', (error) => counter.destroy(error as Error));
  counter.on('close', () => body.destroy());
  return body.pipe(counter);
}
