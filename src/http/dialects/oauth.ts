import type { AppError, ErrorKind } from '../../errors';
import { type Dialect, sentenceOf } from './dialect';

/** The words of RFC 6749 §5.2 that a verb chooses itself. */
const ownCodes = ['invalid_scope', 'unsupported_grant_type'];

/** For the rest; the last two are those of §4.1.2.1, as §5.2 has none for them. */
const codeOf: Partial<Record<ErrorKind, string>> = {
  unauthenticated: 'invalid_client',
  internal: 'server_error',
  unavailable: 'temporarily_unavailable',
};

const errorCode = ({ kind, code }: AppError): string =>
  ownCodes.includes(code) ? code : (codeOf[kind] ?? 'invalid_request');

/** `error_description` is ASCII without quotes and backslashes (RFC 6749 §5.2). */
const plain = (text: string): string => text.replace(/["’]/g, "'").replace(/[^\x20-\x7e]|\\/g, '?');

/** The standard's token endpoint (RFC 6749 §5.2): `{error, error_description}`, and 400 where HTTP has a finer status. */
export const oauth: Dialect = {
  contentType: 'application/json; charset=utf-8',
  schema: {
    type: 'object',
    required: ['error', 'error_description'],
    properties: { error: { type: 'string' }, error_description: { type: 'string' } },
  },
  statuses: { 'too-large': 400, 'unsupported-media': 400 },
  body: (error) => ({ error: errorCode(error), error_description: plain(sentenceOf(error)) }),
};
