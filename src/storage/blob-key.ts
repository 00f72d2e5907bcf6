import { randomUUID } from 'node:crypto';
import { invalid } from '../errors';

const form = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A key that no other blob has, and that is safe as a file name and in an object's name. */
export const newBlobKey = (): string => randomUUID();

export const isBlobKey = (text: string): boolean => form.test(text);

/** Keys become paths, so that one of any other form is refused before it can reach a file that is no blob. */
export function checkBlobKey(key: string): void {
  if (!isBlobKey(key)) throw invalid(`"${key.slice(0, 100)}" is not a key of the content store.`);
}
