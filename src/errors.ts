import { isNativeError } from 'node:util/types';

/**
 * What can go wrong, as callers need to tell it apart. Each API dialect maps a kind to its own status and body once
 * (`src/http/dialects/`); activities map it to retryable or not (`activities/failures.ts`).
 */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'conflict'
  | 'gone'
  | 'precondition-failed'
  | 'too-large'
  | 'unprocessable'
  | 'unsupported-media'
  | 'rate-limited'
  | 'unavailable'
  | 'internal';

/** One thing that is wrong with a request: where (a JSON pointer or a parameter's name), and what to do about it. */
export interface ErrorDetail {
  /** Of the item at fault, where the request is a list of them. */
  index?: number;
  path: string;
  message: string;
  /** A stable word for programs, where it is another than the error's. */
  code?: string;
}

export interface AppErrorOptions {
  /** A stable word for programs, for instance `course_exists`; defaults to the kind. */
  code?: string;
  details?: ErrorDetail[];
  cause?: unknown;
}

const brand = Symbol.for('learning-hub.AppError');

/** The one error type of the hub. `message` is written for the caller: what was wrong, where, and what to do. */
export class AppError extends Error {
  readonly [brand] = true;
  readonly kind: ErrorKind;
  readonly code: string;
  readonly details: ErrorDetail[];

  constructor(kind: ErrorKind, message: string, { code, details, cause }: AppErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.kind = kind;
    this.code = code ?? kind.replaceAll('-', '_');
    this.details = details ?? [];
  }
}

/** By symbol, because `instanceof` breaks when two copies of this module are loaded. */
export const isAppError = (error: unknown): error is AppError =>
  typeof error === 'object' && error !== null && brand in error;

const make =
  (kind: ErrorKind) =>
  (message: string, options?: AppErrorOptions): AppError =>
    new AppError(kind, message, options);

export const invalid = make('invalid');
export const unauthenticated = make('unauthenticated');
export const forbidden = make('forbidden');
export const notFound = make('not-found');
export const methodNotAllowed = make('method-not-allowed');
export const conflict = make('conflict');
export const gone = make('gone');
export const preconditionFailed = make('precondition-failed');
export const tooLarge = make('too-large');
export const unprocessable = make('unprocessable');
export const unsupportedMedia = make('unsupported-media');
export const rateLimited = make('rate-limited');
export const unavailable = make('unavailable');
export const internal = make('internal');

/** Whether a thing that was thrown is an error of any realm: `instanceof` knows only those of its own. */
export const isError = (thrown: unknown): thrown is Error => thrown instanceof Error || isNativeError(thrown);

/** What a log line or a job's message says of a thing that was thrown, whatever it is. */
export const messageOf = (thrown: unknown): string => (isError(thrown) ? thrown.message : String(thrown));
