import type { Resources } from '../resources';
import { releaseBlobs } from '../storage/blobs.store';
import { collectBlobs } from '../storage/collect-blobs';
import { finishImportJob, lockImportJob } from './import-jobs.store';
import { queueResult } from './publish-course';

/** Ends an import in ERROR, with its postback, and leaves nothing of its file behind. Returns at once when it has ended. */
export async function failImport(
  jobId: string,
  message: string,
  { db, wake, secrets, content }: Pick<Resources, 'db' | 'wake' | 'secrets' | 'content'>,
): Promise<void> {
  const { released, channels } = await db.transaction(async (tx) => {
    const job = await lockImportJob(tx, jobId);
    if (!job || job.status !== 'RUNNING') return { released: [], channels: [] };
    await finishImportJob(tx, job.id, { status: 'ERROR', message });
    const postbacks = await queueResult(tx, { ...job, status: 'ERROR', message, result: null }, secrets);
    const keys = job.blob_key === null ? [] : [job.blob_key];
    await releaseBlobs(tx, keys);
    return { released: keys, channels: postbacks };
  });
  for (const channel of channels) wake(channel);
  await collectBlobs(released, { db, content });
}
