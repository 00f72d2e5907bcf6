import type { Static, TSchema } from '@sinclair/typebox';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { Caller, Scope } from '../applications/caller';
import type { ErrorKind } from '../errors';
import type { Logger } from '../log';
import type { Resources } from '../resources';
import type { StoredBlob } from '../storage/content-store';

/** Stands in place of a response's schema where the answer is a file and not JSON. */
export interface FileResponse {
  /** For the documentation; what is sent says its own. */
  file: 'application/zip' | 'application/octet-stream';
}

/**
 * A file to be sent as a download. A body that fails once it is being sent ends the connection, so that nobody takes a part
 * for the whole; a caller that goes away destroys it.
 */
export interface FileAnswer {
  /** What it is saved as; its ending decides the media type. */
  fileName: string;
  /** Bytes, where they are known. */
  size?: number;
  /** With its quotes (RFC 9110 8.8.3): a caller that has these bytes is answered 304. */
  etag?: string;
  body: Readable;
}

/** Stands in place of a response's schema where the operation writes the answer itself. */
export interface WrittenResponse {
  /** What it may be, by media type; JSON with its schema. */
  written: Readonly<Record<string, TSchema | undefined>>;
}

/** An answer as it goes out. */
export interface WrittenAnswer {
  /** The media type. */
  type: string;
  body: string | Buffer | Readable;
}

/** Stands in place of a body's schema where the operation reads what comes itself, of whatever media type. */
export interface StreamedBody {
  /** For the documentation. */
  streamed: Readonly<Record<string, TSchema | undefined>>;
}

/** A query that the operation reads itself, and says what is wrong with it. */
export interface JudgedQuery {
  judged: TSchema;
}

/** What a schema, or what stands in its place, lets a handler take or answer. */
export type Value<S> = S extends TSchema
  ? Static<S>
  : S extends FileResponse
    ? FileAnswer
    : S extends WrittenResponse
      ? WrittenAnswer
      : S extends StreamedBody
        ? IncomingMessage
        : S extends JudgedQuery
          ? URLSearchParams
          : undefined;

/** A file that came in with a multipart body, already in the content store. */
export interface UploadedFile {
  blob: StoredBlob;
  fileName?: string;
  /** The part's own media type. */
  contentType?: string;
}

/** How an operation's multipart body is taken in: small text fields, and one file that is streamed to the content store. */
export interface MultipartBody<F extends TSchema = TSchema> {
  /** The text fields. */
  fields: F;
  /** The name of the part that carries the file. */
  file: string;
  fileRequired: boolean;
  /** Bytes. */
  maxFileBytes: (resources: Resources) => number;
}

export interface RequestContext {
  id: string;
  log: Logger;
  headers: IncomingHttpHeaders;
  /** Aborts when the caller goes away before it was answered. */
  signal: () => AbortSignal;
  /** Sets a header of the answer. */
  setHeader: (name: string, value: string) => void;
}

/** Everything of a request but its body. */
export interface Envelope<P, Q> {
  params: Value<P>;
  query: Value<Q>;
  caller: Caller;
  request: RequestContext;
}

export interface Input<P, Q, B> extends Envelope<P, Q> {
  body: Value<B>;
  /** Of a `judged` body, which is there always: its JSON in UTF-8, as it came. */
  json: Buffer;
  /** Present when the operation takes a multipart body and a file came with it. */
  file: UploadedFile | undefined;
}

/**
 * One HTTP operation: what it takes, what it answers, and the verb between. The list of operations is the router and the
 * OpenAPI document. Failures are thrown as AppErrors and put into the words of the path's dialect in one place.
 */
export interface Operation<P = unknown, Q = unknown, B = unknown, R = unknown> {
  /** The original API's operation id, where it has one. */
  id: string;
  summary: string;
  /** The heading under which the documentation lists it. */
  tag: string;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Parameters in braces: `/courses/{courseId}`. */
  path: string;
  /**
   * How the caller shows who it is. By default with a key or a token in the Authorization header; a `client` shows its key,
   * there or in the form (RFC 6749 §2.3.1). `none`: anybody may call it, and is nobody to the handler.
   */
  credentials?: 'client' | 'none';
  /** A key or token with any of these may call it; none: every key may. */
  scopes: readonly Scope[];
  params?: P;
  query?: Q;
  body?: B;
  /**
   * JSON unless said. A `form` is small, and its answer is kept by nobody (`Cache-Control: no-store`). `json-or-form` takes
   * either, of up to 1 MiB; form fields are nested as Rails does, and stay text. A `judged` body is `application/json`
   * and nothing else; its schema is for the documentation, the handler takes any JSON and says what is wrong with it.
   */
  bodyType?: 'form' | 'json-or-form' | 'judged';
  /** Bytes of a `judged` body. */
  maxBodyBytes?: (resources: Resources) => number;
  multipart?: MultipartBody;
  /** A header that the operation reads, for the documentation. */
  headers?: Readonly<Record<string, string>>;
  status: 200 | 201 | 202 | 204;
  /** None, with a status other than 204: an answer whose body is empty. */
  response?: R;
  /**
   * Comes by the thousand a second, and goes past Koa (`serve-directly.ts`). Only for operations that take JSON and answer it,
   * or nothing, and never 304.
   */
  isDirect?: boolean;
  /** The handler sets an ETag, and a caller that has this very answer is told so (304). */
  isConditional?: boolean;
  /** Kinds of error that a caller should be ready for, beside the ones every operation has. */
  errors?: readonly ErrorKind[];
  /** Checks that need no body, made before an upload is read. */
  admit?: (input: Envelope<P, Q>, resources: Resources) => Promise<void>;
  handle: (input: Input<P, Q, B>, resources: Resources) => Promise<Value<R>>;
}

/** Fixes the types of an operation's handler from its schemas. */
export const operation = <
  P extends TSchema | undefined = undefined,
  Q extends TSchema | JudgedQuery | undefined = undefined,
  B extends TSchema | StreamedBody | undefined = undefined,
  R extends TSchema | FileResponse | WrittenResponse | undefined = undefined,
>(
  definition: Operation<P, Q, B, R>,
): Operation => definition; // The list holds operations of every shape; each was checked here.
