import { Type } from '@sinclair/typebox';
import { validate as isUuid } from 'uuid';
import { invalid } from '../errors';

/** The paging that every list of the hub API has: `limit`, `after`, and `next` in the reply until the last page. */
export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Rows a page' })),
  after: Type.Optional(
    Type.String({ maxLength: 2000, pattern: '^[A-Za-z0-9_-]+$', description: 'The `next` of the page before' }),
  ),
};

const defaultLimit = 100;

export interface Page {
  limit: number;
  /** The sort key of the page before's last row; empty for the first page. */
  after: string;
}

export const readPage = ({ limit = defaultLimit, after }: { limit?: number; after?: string }): Page => ({
  limit,
  after: after === undefined ? '' : decodeCursor(after),
});

/** The same for a list that goes by a UUID. */
export function readIdPage(query: { limit?: number; after?: string }): Page & { afterId: string | undefined } {
  const page = readPage(query);
  if (page.after !== '' && !isUuid(page.after)) throw notOurs();
  return { ...page, afterId: page.after === '' ? undefined : page.after };
}

/** The same for a list that goes by whole numbers, which are positive. */
export function readRowPage(query: { limit?: number; after?: string }): Page & { afterRow: number } {
  const page = readPage(query);
  if (!/^\d{0,15}$/.test(page.after)) throw notOurs();
  return { ...page, afterRow: Number(page.after) };
}

/** A reply's page: one row more than asked for was read, to know whether another page follows. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  { limit }: Page,
  keyOf: (row: Row) => string,
  toItem: (row: Row) => Item,
): { items: Item[]; next?: string } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toItem),
    ...(rows.length > limit && last !== undefined ? { next: encodeCursor(keyOf(last)) } : {}),
  };
}

export const encodeCursor = (key: string): string => Buffer.from(JSON.stringify([key])).toString('base64url');

export function decodeCursor(after: string): string {
  try {
    const [key] = JSON.parse(Buffer.from(after, 'base64url').toString('utf8')) as unknown[];
    if (typeof key === 'string' && !key.includes('\u0000')) return key;
  } catch {
    // Not ours: said below.
  }
  throw notOurs();
}

const notOurs = () => invalid('after is not the `next` of an earlier page; leave it out to begin at the first.');
