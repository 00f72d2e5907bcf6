import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import type { CourseFile } from '../courses/course-files';
import type { StoredEntry } from '../courses/packages.store';
import { entryBytes } from '../courses/packages/zip-entry';
import type { BlobReader, ByteRange } from '../storage/content-store';
import { readRange } from './byte-range.rules';
import type { ContentFiles } from './content-files';
import { contentHeaders } from './content-headers';
import { contentTypeOf } from './content-types.rules';

/** A session's address holds one revision, whose files never change. Private: it is the learner's. */
const cacheControl = 'private, max-age=86400, immutable';

/** RFC 1952 2.3: no flags, no time, system unknown. */
const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
const gzipTrailerBytes = 8;
/** A compressed file up to this size is sent in one piece, which costs a third of a stream. */
const inOnePiece = 256 * 1024;

const inflate = promisify(inflateRaw);

/** How a file's bytes are stored. */
interface Stored {
  key: string;
  /** Of a compressed file. */
  deflated?: StoredEntry;
  /** Of an uncompressed one: where its bytes lie in the blob. */
  plain?: ByteRange;
}

function storedAs({ place, size }: CourseFile): Stored {
  if (place.kind === 'blob') return { key: place.key, plain: { offset: 0, length: size } };
  const { packageKey, entry } = place;
  if (entry.mediaKey !== undefined) return { key: entry.mediaKey, plain: { offset: 0, length: size } };
  if (entry.method === 'deflated') return { key: packageKey, deflated: entry };
  return { key: packageKey, plain: { offset: entry.dataOffset, length: size } };
}

/** Names the bytes: by the checksum that the zip has of them, else by the blob, which is written once. */
function etagOf({ place, size }: CourseFile): string {
  if (place.kind === 'blob') return place.key;
  return `${place.entry.crc32.toString(16).padStart(8, '0')}-${size.toString(16)}`;
}

/** Answers a GET or HEAD with a course's file, or the part of it that was asked for. */
export async function sendCourseFile(
  file: CourseFile,
  request: IncomingMessage,
  response: ServerResponse,
  files: ContentFiles,
): Promise<void> {
  const stored = storedAs(file);
  const asGzip = stored.deflated !== undefined && file.size > 0 && acceptsGzip(request);
  const etag = `"${etagOf(file)}${asGzip ? '-gzip' : ''}"`;
  const headers: Record<string, string | number> = {
    ...contentHeaders,
    ETag: etag,
    'Cache-Control': cacheControl,
    'Content-Type': contentTypeOf(file.path),
    ...(stored.deflated ? { Vary: 'Accept-Encoding' } : { 'Accept-Ranges': 'bytes' }),
  };
  if (isKnown(request.headers['if-none-match'], etag)) return void response.writeHead(304, headers).end();
  if (asGzip) return sendGzip(stored, headers, request, response, files);
  if (stored.deflated) return sendInflated(stored.key, stored.deflated, headers, request, response, files);
  const range = isCurrent(String(request.headers['if-range'] ?? etag), etag)
    ? readRange(request.headers.range, file.size)
    : undefined;
  if (range === 'unsatisfiable') {
    return void response.writeHead(416, { ...headers, 'Content-Range': `bytes */${file.size}` }).end();
  }
  const part = range && { 'Content-Range': `bytes ${range.offset}-${range.offset + range.length - 1}/${file.size}` };
  const { offset, length } = range ?? { offset: 0, length: file.size };
  response.writeHead(range ? 206 : 200, { ...headers, ...part, 'Content-Length': length });
  if (request.method === 'HEAD' || length === 0) return void response.end();
  return usingBlob(stored.key, files, (reader) =>
    pipeline(reader.stream({ offset: stored.plain!.offset + offset, length }), response),
  );
}

/** A deflate stream between a header and a trailer is a gzip file: what lies in the package goes out as it is. */
async function sendGzip(
  { key, deflated }: Stored,
  headers: Record<string, string | number>,
  { method }: IncomingMessage,
  response: ServerResponse,
  files: ContentFiles,
): Promise<void> {
  const { dataOffset, compressedSize, crc32, size } = deflated!;
  const length = gzipHeader.length + compressedSize + gzipTrailerBytes;
  response.writeHead(200, { ...headers, 'Content-Encoding': 'gzip', 'Content-Length': length });
  if (method === 'HEAD') return void response.end();
  const trailer = Buffer.alloc(gzipTrailerBytes);
  trailer.writeUInt32LE(crc32, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  await usingBlob(key, files, async (reader) => {
    if (compressedSize <= inOnePiece) {
      response.end(Buffer.concat([gzipHeader, await reader.read(dataOffset, compressedSize), trailer]));
      return;
    }
    response.write(gzipHeader);
    await pipeline(reader.stream({ offset: dataOffset, length: compressedSize }), response, { end: false });
    response.end(trailer);
  });
}

/** For those few that take no gzip. */
async function sendInflated(
  key: string,
  entry: StoredEntry,
  headers: Record<string, string | number>,
  { method }: IncomingMessage,
  response: ServerResponse,
  files: ContentFiles,
): Promise<void> {
  response.writeHead(200, { ...headers, 'Content-Length': entry.size });
  if (method === 'HEAD') return void response.end();
  await usingBlob(key, files, async (reader) => {
    if (entry.compressedSize > inOnePiece || entry.size > 4 * inOnePiece) {
      return pipeline(Readable.from(entryBytes(reader, entry), { objectMode: false }), response);
    }
    const data = await reader.read(entry.dataOffset, entry.compressedSize);
    response.end(await inflate(data, { maxOutputLength: Math.max(1, entry.size) }));
    return undefined;
  });
}

async function usingBlob(key: string, files: ContentFiles, use: (reader: BlobReader) => Promise<void>): Promise<void> {
  const { reader, release } = await files.use(key);
  try {
    await use(reader);
  } finally {
    release();
  }
}

const acceptsGzip = ({ headers }: IncomingMessage): boolean =>
  /(^|,)\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*(,|$))[^,]*)?(,|$)/.test(headers['accept-encoding'] ?? '');

/** RFC 9110 13.1.2. */
const isKnown = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);

/** RFC 9110 13.1.5: a range of something that changed is the whole. We give no dates. */
const isCurrent = (ifRange: string, etag: string): boolean => ifRange === etag;
