import type { Resources } from '../resources';
import { deleteUnreferenced } from './blobs.store';

/**
 * Removes blobs that nothing refers to any more: the row first, then the file. A file whose removal was missed is found
 * later by `removeOrphans`. Running it twice, or beside another, is harmless.
 */
export async function collectBlobs(
  keys: readonly string[],
  { db, content }: Pick<Resources, 'db' | 'content'>,
): Promise<number> {
  let removed = 0;
  const waiting = [...keys];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    const { deleted, alsoReleased } = await deleteUnreferenced(db, key);
    waiting.push(...alsoReleased);
    if (!deleted) continue;
    await content.remove(key);
    removed += 1;
  }
  return removed;
}
