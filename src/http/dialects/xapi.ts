import { type Dialect, sentenceOf } from './dialect';

/** A write that takes longer is given up by the database (`statement_timeout`): what was stored before this is there. */
const surelyConsistentMs = 61_000;

/** What an answer says of itself: the newest where the request names no version that is known (xAPI 1.0.3 Communication 3.3). */
const answeredVersion = (named: unknown, newest: string): string =>
  typeof named === 'string' && /^1\.0(\.\d+)?$/.test(named.trim()) ? '1.0.3' : newest;

/** Credentials are never a browser's own here, so a page of any origin may ask. */
const crossOrigin = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, HEAD, PUT, POST, DELETE, OPTIONS',
  'Access-Control-Allow-Headers':
    'Authorization, Content-Type, Accept-Language, If-Match, If-None-Match, X-Experience-API-Version, X-Request-Id',
  'Access-Control-Expose-Headers':
    'ETag, Last-Modified, X-Experience-API-Version, X-Experience-API-Consistent-Through, X-Request-Id',
  'Access-Control-Max-Age': '3600',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/**
 * xAPI: a sentence for people, as no document gives it a shape. A media type that is not taken is a 400, and so is whatever else the
 * specification has no status for (Communication 3.2).
 */
export const xapi: Dialect = {
  contentType: 'text/plain; charset=utf-8',
  schema: { type: 'string' },
  statuses: { 'unsupported-media': 400, unprocessable: 400 },
  headers: (request, { xapi: { newestVersion } }) => ({
    ...crossOrigin,
    // What has a Last-Modified is otherwise kept by browsers for as long as they think right.
    'Cache-Control': 'no-cache',
    'X-Experience-API-Version': answeredVersion(request['x-experience-api-version'], newestVersion),
    'X-Experience-API-Consistent-Through': new Date(Date.now() - surelyConsistentMs).toISOString(),
  }),
  body: (error) => sentenceOf(error),
};
