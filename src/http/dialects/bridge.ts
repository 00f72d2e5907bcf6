import type { AppError } from '../../errors';
import type { Dialect } from './dialect';

/** `not_unique` is titled "Not unique". */
const titleOf = (code: string): string => {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const entryOf = (code: string, detail: string): object => ({ code, title: titleOf(code), detail });

/** Each thing that is wrong by itself: its member first. */
const entriesOf = ({ code, message, details }: AppError): object[] =>
  details.length === 0
    ? [entryOf(code, message)]
    : details.map(({ code: own, path, message: problem }) => entryOf(own ?? code, `${path || 'It'} ${problem}`));

/** Bridge's Author API: `{errors: [{code, title, detail}]}`. */
export const bridge: Dialect = {
  contentType: 'application/json; charset=utf-8',
  schema: {
    type: 'object',
    required: ['errors'],
    properties: {
      errors: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          required: ['code', 'title', 'detail'],
          properties: { code: { type: 'string' }, title: { type: 'string' }, detail: { type: 'string' } },
        },
      },
    },
  },
  body: (error) => ({ errors: entriesOf(error) }),
};
