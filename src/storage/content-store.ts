import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { RandomAccess } from '../courses/packages/package';
import { invalid } from '../errors';
import { FolderStore } from './folder-store';
import { S3Store } from './s3-store';

/** A blob as it was written: bytes that never change, under a random key. */
export interface StoredBlob {
  key: string;
  /** Bytes. */
  size: number;
  /** Hex. */
  sha256: string;
}

export interface ByteRange {
  offset: number;
  length: number;
}

/** An open blob. Reads may overlap; a range that does not lie within the blob is a `RangeError`. */
export interface BlobReader extends RandomAccess {
  /** The whole blob, or a part of it. Ends with an error when the blob is closed before. */
  stream(range?: ByteRange): Readable;
  close(): Promise<void>;
}

export interface WriteOptions {
  /** More is refused. A bucket's upload holds this by 3,000 in memory, and at least 15 MiB. */
  maxBytes: number;
  /** Ends the write; it then fails with the signal's reason. */
  signal?: AbortSignal;
}

export interface Age {
  olderThan: Date;
}

/** Where course files are kept. A store that does not answer or is full fails with `unavailable`. */
export interface ContentStore {
  /**
   * Streams a source into a new blob, hashed and counted on its way; memory does not grow with its size. When this
   * returns, the blob outlives a power failure; when it fails (`too-large`, the source's own error, the signal's
   * reason, `unavailable`), nothing is left and the source is destroyed.
   */
  write(source: Readable | AsyncIterable<Uint8Array>, options: WriteOptions): Promise<StoredBlob>;
  /** Fails with `not-found` when there is no such blob. */
  open(key: string): Promise<BlobReader>;
  /** Removes a blob; that it is not there is no error. */
  remove(key: string): Promise<void>;
  /** The keys of all blobs that were written before a time, in no order: for finding those that no record names. */
  list(age: Age): AsyncIterable<string>;
  /** Removes what is left of writes that were cut off (a killed process) before a time. Returns how many they were. */
  removeAbandoned(age: Age): Promise<number>;
  /** Writes and reads a few bytes; for readiness. */
  check(): Promise<void>;
}

export interface FolderSettings {
  kind: 'folder';
  folder: string;
}

/** Credentials come from where AWS tools look for them (environment, profile, instance role). */
export interface S3Settings {
  kind: 's3';
  bucket: string;
  /** Empty, or ends in a slash. */
  prefix: string;
  region?: string;
  /** For stores other than Amazon's. */
  endpoint?: string;
  /** The bucket's name goes into the path and not into the host name. */
  pathStyle: boolean;
  cache: CacheSettings;
}

/** The local disk cache through which an object store is read. */
export interface CacheSettings {
  folder: string;
  maxBytes: number;
}

export type ContentStoreSettings = FolderSettings | S3Settings;

export function createContentStore(settings: ContentStoreSettings): ContentStore {
  return settings.kind === 'folder' ? new FolderStore(settings.folder) : new S3Store(settings);
}

/**
 * Reads `CONTENT_STORE`: a folder (a path or a `file:` URL), or `s3://bucket/prefix?region=…&endpoint=…&pathStyle=…`.
 * With an endpoint, the path style is the default.
 */
export function parseContentStore(text: string, cache: CacheSettings): ContentStoreSettings {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return { kind: 'folder', folder: resolve(text) };
  if (!URL.canParse(text)) throw unreadable(text, 'it is not a well-formed URL');
  const url = new URL(text);
  if (scheme === 'file') return { kind: 'folder', folder: folderOf(url) };
  if (scheme === 's3') return parseBucket(url, cache);
  throw unreadable(text, `${scheme}: is not a kind of store`);
}

function folderOf(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw unreadable(url.href, 'it names no local folder', cause);
  }
}

function parseBucket(url: URL, cache: CacheSettings): S3Settings {
  const {
    region,
    endpoint,
    pathStyle = endpoint ? 'true' : 'false',
    ...unknown
  } = Object.fromEntries(url.searchParams);
  const [stranger] = Object.keys(unknown);
  if (url.hostname === '') throw unreadable(url.href, 'it names no bucket');
  if (stranger !== undefined) throw unreadable(url.href, `there is no parameter ${stranger}`);
  if (endpoint && !/^https?:\/\//.test(endpoint))
    throw unreadable(url.href, 'its endpoint must be an http: or https: URL');
  if (pathStyle !== 'true' && pathStyle !== 'false') throw unreadable(url.href, 'its pathStyle must be true or false');
  const path = url.pathname.replace(/^\/+|\/+$/g, '');
  if (!/^[\w./-]*$/.test(path)) throw unreadable(url.href, 'its prefix may have letters, digits and ._-/ only');
  return {
    kind: 's3',
    bucket: url.hostname,
    prefix: path && `${path}/`,
    ...(region ? { region } : {}),
    ...(endpoint ? { endpoint } : {}),
    pathStyle: pathStyle === 'true',
    cache,
  };
}

const unreadable = (text: string, why: string, cause?: unknown) =>
  invalid(
    `CONTENT_STORE "${text}" cannot be used: ${why}. Give a folder, or s3://bucket/prefix?region=…&endpoint=…&pathStyle=true.`,
    { cause },
  );
