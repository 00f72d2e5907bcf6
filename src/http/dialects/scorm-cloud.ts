import { type Dialect, sentenceOf } from './dialect';

/** SCORM Cloud v2 (MessageSchema): `{message}`. Its real service answers a 401 with `{error}`, so that carries both. */
export const scormCloud: Dialect = {
  contentType: 'application/json; charset=utf-8',
  schema: {
    type: 'object',
    required: ['message'],
    properties: { message: { type: 'string' }, error: { type: 'string' } },
  },
  body: (error) => {
    const message = sentenceOf(error);
    return error.kind === 'unauthenticated' ? { message, error: message } : { message };
  },
};
