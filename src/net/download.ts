import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { isAppError } from '../errors';
import { DownloadBody, type Head } from './download-body';
import { findFileName } from './file-name';
import type { OriginClients } from './origin-clients';
import { encodingRefused, httpStatus, redirectRefused, tooManyRedirects } from './outgoing-errors';
import { parseTarget, type Target } from './outgoing-url';
import { headerList, type RequestHeaders } from './request-headers';

export interface DownloadRequest {
  headers?: RequestHeaders;
  /** Of the body; a larger Content-Length is refused before the first byte. */
  maxBytes: number;
  /** 5 unless told. */
  maxRedirects?: number;
  /** Fails when less than 1 KiB arrives in this time. The time in which the body is not read does not count. */
  idleTimeoutMs: number;
  /** For all of it: every redirect, and the body to its last byte. */
  totalTimeoutMs: number;
  signal?: AbortSignal;
}

export interface Download {
  /** Always 2xx. */
  status: number;
  headers: IncomingHttpHeaders;
  contentType?: string;
  contentLength?: number;
  /** From Content-Disposition, else the last segment of the final URL's path. A bare name, never a path. */
  fileName?: string;
  /** Without credentials; its query may hold a signature: not for logs. */
  finalUrl: string;
  /** Fails with an AppError. Destroy it when it is not read to its end. */
  body: Readable;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What may follow to another origin. Any other header may be a secret between the caller and the first one. */
const HARMLESS_HEADERS = new Set(['accept', 'accept-language', 'user-agent']);
const DEFAULT_MAX_REDIRECTS = 5;

/** See `GuardedClient.download`. */
export async function download(
  connections: OriginClients,
  userAgent: string,
  url: string,
  request: DownloadRequest,
): Promise<Download> {
  const { maxRedirects = DEFAULT_MAX_REDIRECTS, totalTimeoutMs, signal } = request;
  const deadline = performance.now() + totalTimeoutMs;
  let target = parseTarget(url);
  let sent = request.headers ?? {};
  let timeoutMs = totalTimeoutMs;
  for (let redirects = 0; ; redirects += 1) {
    const headers = headerList(target, userAgent, sent);
    const body = new DownloadBody(connections, target, { method: 'GET', headers, timeoutMs, signal }, request);
    const head = await body.head;
    if (isContent(head)) return describe(target, head, body);

    body.destroy();
    const next = getRedirect(target, head);
    if (redirects >= maxRedirects) throw tooManyRedirects(target.host, maxRedirects);
    sent = headersFor(next, target, sent);
    target = next;
    timeoutMs = Math.max(1, Math.ceil(deadline - performance.now()));
  }
}

/** The first, where a server sends a header twice: undici's type hides that it is a list then. */
function findHeader({ headers }: Head, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

const encodingOf = (head: Head): string => findHeader(head, 'content-encoding')?.toLowerCase() ?? 'identity';

const isContent = (head: Head): boolean => head.status < 300 && encodingOf(head) === 'identity';

/** Throws for any other answer than a redirect that may be followed. */
function getRedirect(from: Target, head: Head): Target {
  const { status } = head;
  const location = findHeader(head, 'location');
  if (status < 300) throw encodingRefused(from.host, encodingOf(head));
  if (!REDIRECTS.has(status) || location === undefined) throw httpStatus(from.host, status);
  const to = parseLocation(from, location);
  if (from.url.protocol === 'https:' && to.url.protocol === 'http:') {
    throw redirectRefused(from.host, 'from https to http');
  }
  // The same origin keeps the credentials of the URL that led there.
  const authorization = to.authorization ?? (to.url.origin === from.url.origin ? from.authorization : undefined);
  return { ...to, ...(authorization !== undefined && { authorization }) };
}

function parseLocation(from: Target, location: string): Target {
  try {
    return parseTarget(location, from.url.href);
  } catch (error) {
    throw redirectRefused(from.host, `to a URL that cannot be called (${isAppError(error) ? error.message : ''})`);
  }
}

function headersFor(next: Target, previous: Target, headers: RequestHeaders): RequestHeaders {
  if (next.url.origin === previous.url.origin) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => HARMLESS_HEADERS.has(name.toLowerCase())));
}

function describe(target: Target, head: Head, body: DownloadBody): Download {
  const fileName = findFileName(findHeader(head, 'content-disposition'), target.url);
  const contentType = findHeader(head, 'content-type');
  const contentLength = findHeader(head, 'content-length');
  return {
    ...head,
    ...(contentType !== undefined && { contentType }),
    ...(contentLength !== undefined && { contentLength: Number(contentLength) }),
    ...(fileName !== undefined && { fileName }),
    finalUrl: target.url.href,
    body,
  };
}
