import type { Resources } from '../resources';
import { keysWithoutRow } from './blobs.store';

const batchSize = 500;
/** A file gets its row within one request or activity; after this long it never will. */
const graceMs = 24 * 3600 * 1000;

/** Removes files of the content store that no row knows, and writes that were never finished. Answers how many. */
export async function removeOrphans(
  { db, content }: Pick<Resources, 'db' | 'content'>,
  now: Date,
  onBatch: () => void,
): Promise<number> {
  const olderThan = new Date(now.getTime() - graceMs);
  let removed = await content.removeAbandoned({ olderThan });
  const flush = async (keys: string[]): Promise<void> => {
    const orphans = await keysWithoutRow(db, keys);
    for (const key of orphans) await content.remove(key);
    removed += orphans.length;
    onBatch();
  };
  let batch: string[] = [];
  for await (const key of content.list({ olderThan })) {
    batch.push(key);
    if (batch.length < batchSize) continue;
    await flush(batch);
    batch = [];
  }
  await flush(batch);
  return removed;
}
