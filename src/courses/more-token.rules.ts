import { invalid } from '../errors';
import type { Secrets } from '../secrets';

/** Where a list goes on. */
export interface MoreContent<Query, Position> {
  /** The application it was given to. */
  application: string;
  /** What the first page was asked for. */
  query: Query;
  /** Of the last row that was answered. */
  position: Position;
}

/** The lists of the Course Service: a token of one is none of another. */
type List = 'courses' | 'statements';

/** The `more` token: the first request's parameters and the last row, signed, so that it cannot be made or changed. */
export function writeMore<Query, Position>(
  list: List,
  content: MoreContent<Query, Position>,
  secrets: Secrets,
): string {
  const text = Buffer.from(JSON.stringify(content)).toString('base64url');
  return `${text}.${secrets.sign(`${list}.more ${text}`)}`;
}

export function readMore<Query, Position>(
  list: List,
  token: string,
  application: string,
  secrets: Secrets,
): MoreContent<Query, Position> {
  const [text = '', signature = ''] = token.split('.');
  if (!secrets.isSigned(`${list}.more ${text}`, signature)) throw moreNotOurs();
  const content = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as MoreContent<Query, Position>;
  if (content.application !== application) throw moreNotOurs();
  return content;
}

/** Of a token that was made up, or given for another list. */
export const moreNotOurs = () =>
  invalid('The token cannot be used.', {
    details: [{ path: 'more', message: 'must be the `more` of an earlier page of this list and application' }],
  });
