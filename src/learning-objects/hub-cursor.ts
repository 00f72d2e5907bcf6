import { invalid } from '../errors';
import type { Page } from '../http/hub-paging';

/** Where a list that is sorted by integer ids goes on; 0 for its first page. */
export function readRowCursor({ after }: Page): number {
  if (after === '') return 0;
  if (/^\d{1,15}$/.test(after)) return Number(after);
  throw invalid('after is not the `next` of an earlier page of this list; leave it out to begin at the first.');
}
