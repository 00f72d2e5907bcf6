import type { AppError } from '../../errors';
import { type Dialect, sentenceOf } from './dialect';

/** `lo.name` is LOEP's `name`, `lo.tag_list.3` its `tag_list`: the last member that has a name. */
const fieldOf = (path: string): string =>
  path.split('.').findLast((part) => part !== '' && !/^\d+$/.test(part)) ?? 'base';

function problemsOf({ message, details }: AppError): Record<string, string[]> {
  if (details.length === 0) return { base: [message] };
  const problems = new Map<string, string[]>();
  for (const { path, message: problem } of details) {
    problems.set(fieldOf(path), [...(problems.get(fieldOf(path)) ?? []), problem]);
  }
  return Object.fromEntries(problems);
}

/** LOEP: what is wrong with a request by field, as Rails words it, `base` for the whole; everything else is `{error}`. */
export const loep: Dialect = {
  contentType: 'application/json; charset=utf-8',
  schema: {
    type: 'object',
    minProperties: 1,
    additionalProperties: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
  },
  body: (error) => (error.kind === 'invalid' ? problemsOf(error) : { error: sentenceOf(error) }),
};
