import { STATUS_CODES } from 'node:http';
import { AppError, invalid, isAppError, tooLarge, unavailable } from '../errors';

/*
 * What can go wrong with an outgoing request. Kind `unavailable` may pass when tried again; `invalid` and `too-large`
 * will not. Messages name the host, never the path, the query or credentials.
 *
 * code                 kind          when
 * url_invalid          invalid       not an absolute http(s) URL, or a port of another protocol
 * address_refused      invalid       the name leads to no address that may be connected to
 * request_invalid      invalid       a method, header or body that HTTP cannot carry
 * redirect_refused     invalid       from https to http, or to what is no http(s) URL
 * too_many_redirects   invalid
 * encoding_refused     invalid       the answer is compressed although it was asked for as it is
 * response_too_large   too-large     more than the caller takes, or headers over 16 KiB
 * http_status          either        the answer to a download is not 2xx; transient for 408, 425, 429 and 5xx
 * unreachable          unavailable   the name does not resolve, or nobody listens
 * timed_out            unavailable
 * tls_failed           unavailable   a certificate that does not hold, or no TLS at all
 * connection_reset     unavailable   the connection ended before the answer did
 * response_invalid     unavailable   the answer is not HTTP
 */

/** Whether the same request may succeed later. False for what is not an error of an outgoing request. */
export const isTransient = (error: unknown): boolean => isAppError(error) && error.kind === 'unavailable';

export const urlInvalid = (message: string): AppError => invalid(message, { code: 'url_invalid' });

export const addressRefused = (hostname: string, address: string, reason: string): AppError =>
  invalid(
    `${hostname === address ? address : `${hostname} (${address})`} is ${reason}; ` +
      'an operator can allow it with OUTGOING_ALLOW_PRIVATE',
    { code: 'address_refused' },
  );

export const redirectRefused = (host: string, reason: string): AppError =>
  invalid(`${host} redirects ${reason}; give the URL that it leads to`, { code: 'redirect_refused' });

export const tooManyRedirects = (host: string, limit: number): AppError =>
  invalid(`${host} redirects more than ${limit} times; give the URL that it leads to`, { code: 'too_many_redirects' });

export const encodingRefused = (host: string, encoding: string): AppError =>
  invalid(`${host} answers with Content-Encoding ${encoding.slice(0, 40)}; it has to send the file as it is`, {
    code: 'encoding_refused',
  });

export const responseTooLarge = (host: string, limit: string): AppError =>
  tooLarge(`The answer of ${host} is larger than ${limit}`, { code: 'response_too_large' });

export const timedOut = (host: string, what: string): AppError => unavailable(`${host} ${what}`, { code: 'timed_out' });

export const clientClosed = (host: string): AppError =>
  unavailable(`The request to ${host} was given up because this process is stopping`, { code: 'connection_reset' });

/** For an answer outside 2xx where only its content is of use. */
export function httpStatus(host: string, status: number): AppError {
  const mayPass = status >= 500 || status === 408 || status === 425 || status === 429;
  const reason = STATUS_CODES[status] === undefined ? '' : ` ${STATUS_CODES[status]}`;
  return new AppError(mayPass ? 'unavailable' : 'invalid', `${host} answered ${status}${reason}`, {
    code: 'http_status',
  });
}

const TLS_CODES = /^(ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/;

/** Failures by Node's or undici's code: our code, and what the message says after the host's name. */
const FAILURES: Readonly<Record<string, readonly [code: string, says: string]>> = {
  ENOTFOUND: ['unreachable', 'is not a known name: check its spelling'],
  EAI_AGAIN: ['unreachable', 'could not be looked up: the name server did not answer'],
  ECONNREFUSED: ['unreachable', 'refused the connection: check that it runs and that the port is right'],
  EHOSTUNREACH: ['unreachable', 'cannot be reached: there is no way to its network'],
  ENETUNREACH: ['unreachable', 'cannot be reached: there is no way to its network'],
  ETIMEDOUT: ['timed_out', 'did not take the connection in time'],
  UND_ERR_CONNECT_TIMEOUT: ['timed_out', 'did not take the connection in time'],
  ECONNRESET: ['connection_reset', 'closed the connection before it had answered'],
  EPIPE: ['connection_reset', 'closed the connection before it had answered'],
  UND_ERR_SOCKET: ['connection_reset', 'closed the connection before it had answered'],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['connection_reset', 'sent less than its Content-Length says'],
};

/** What the network, Node or undici threw, as an AppError. What is one already, or was not thrown by them, stays as it is. */
export function translateFailure(error: Error, host: string): Error {
  if (error.name === 'HTTPParserError') return notHttp(host);
  const { code } = error as NodeJS.ErrnoException;
  if (isAppError(error) || code === undefined) return error;
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return responseTooLarge(host, '16 KiB of headers');
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') return clientClosed(host);
  // Of undici's own: their messages name the header, never its value.
  if (/^UND_ERR_(INVALID_ARG|NOT_SUPPORTED|REQ_CONTENT_LENGTH_MISMATCH)$/.test(code)) {
    return invalid(`The request to ${host} cannot be sent: ${error.message}`, { code: 'request_invalid' });
  }
  if (TLS_CODES.test(code)) return tlsFailed(host, code, error);
  const [ours, says] = FAILURES[code] ?? ['unreachable', 'cannot be reached'];
  return unavailable(`${host} ${says} (${code})`, { code: ours, cause: error });
}

/** Without undici's error as its cause: that carries a part of the answer, which is not for logs. */
const notHttp = (host: string): AppError =>
  unavailable(`${host} does not answer in HTTP: check the port`, { code: 'response_invalid' });

const tlsFailed = (host: string, code: string, cause: Error): AppError =>
  unavailable(
    `No secure connection to ${host} (${code}): check its certificate, its name and that the port speaks TLS`,
    {
      code: 'tls_failed',
      cause,
    },
  );
