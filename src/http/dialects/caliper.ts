import type { Dialect } from './dialect';

/** Caliper: `{status, message, errors}`, with what is wrong by item and member; the envelope itself has no index. */
export const caliper: Dialect = {
  contentType: 'application/json; charset=utf-8',
  schema: {
    type: 'object',
    required: ['status', 'message', 'errors'],
    properties: {
      status: { const: 'error' },
      message: { type: 'string' },
      errors: {
        type: 'array',
        items: {
          type: 'object',
          required: ['path', 'reason'],
          properties: { index: { type: 'integer' }, path: { type: 'string' }, reason: { type: 'string' } },
        },
      },
    },
  },
  body: ({ message, details }) => ({
    status: 'error',
    message,
    errors: details.map(({ message: reason, ...where }) => ({ ...where, reason })),
  }),
};
