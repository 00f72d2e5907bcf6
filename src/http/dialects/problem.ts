import { type Dialect, statusOf } from './dialect';

/** Problem details (RFC 9457): the hub API and the event store. */
export const problem: Dialect = {
  contentType: 'application/problem+json; charset=utf-8',
  schema: {
    type: 'object',
    required: ['type', 'title', 'status', 'detail', 'code', 'instance'],
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
      code: { type: 'string' },
      instance: { type: 'string' },
      errors: {
        type: 'array',
        items: {
          type: 'object',
          required: ['path', 'message'],
          properties: { path: { type: 'string' }, message: { type: 'string' } },
        },
      },
    },
  },
  body: (error, requestId) => ({
    type: 'about:blank',
    title: error.code.replaceAll('_', ' '),
    status: statusOf(error.kind),
    detail: error.message,
    code: error.code,
    instance: `urn:request:${requestId}`,
    ...(error.details.length > 0 ? { errors: error.details } : {}),
  }),
};
