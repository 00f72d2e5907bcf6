import Busboy, { type BusboyInstance } from '@fastify/busboy';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { invalid, isAppError, tooLarge, unsupportedMedia } from '../errors';
import type { ContentStore, StoredBlob } from '../storage/content-store';
import type { UploadedFile } from './operation';

const maxFieldBytes = 64 * 1024;
const maxFields = 20;
/** What boundaries and part headers may add to the file's own bytes. */
const framingBytes = 128 * 1024;

export interface MultipartLimits {
  /** The name of the part that carries the file. */
  file: string;
  maxFileBytes: number;
}

export interface ReceivedMultipart {
  fields: Record<string, string>;
  file: UploadedFile | undefined;
}

/**
 * Takes in a multipart body as it arrives: text fields into memory (64 KiB each at most), the one file straight into the
 * content store. Whatever fails, no blob stays behind. The parts may come in any order, and the file's part needs neither
 * a file name nor a media type, because the vendor's client sends none when it is given a Buffer.
 */
export async function receiveMultipart(
  request: IncomingMessage,
  content: ContentStore,
  limits: MultipartLimits,
): Promise<ReceivedMultipart> {
  refuseWhatCannotFit(request, limits);
  const parser = openParser(request, limits);
  const fields: Record<string, string> = {};
  const uploads: Promise<UploadedFile>[] = [];

  parser.on('field', (name, value, _nameTruncated, valueTruncated) => {
    if (valueTruncated) parser.destroy(invalid(`The form field ${name} is longer than ${maxFieldBytes} bytes.`));
    else fields[name] ??= value;
  });
  parser.on('file', (name, stream, fileName, _encoding, mediaType) => {
    if (name === limits.file && uploads.length === 0) {
      const upload = receiveFile(stream, content, limits.maxFileBytes, fileName, mediaType);
      upload.catch((error: unknown) => parser.destroy(error instanceof Error ? error : new Error(String(error))));
      // A broken connection ends the parser, not the part: without this the upload would wait for ever.
      parser.once('close', () => stream.destroy());
      uploads.push(upload);
    } else if (name === limits.file) {
      parser.destroy(invalid(`There is more than one part named "${limits.file}"; send one file.`));
    } else {
      stream.resume();
    }
  });

  const broken = await feed(request, parser).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const settled = await Promise.allSettled(uploads);
  const files = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = settled.find((result) => result.status === 'rejected');
  if (broken || failed) {
    await Promise.all(files.map(({ blob }) => content.remove(blob.key)));
    throw readable(broken?.error ?? failed?.reason);
  }
  return { fields, file: files[0] };
}

/** Not `pipeline`: that would destroy the request when the parser gives up, and with it the socket that the answer needs. */
function feed(request: IncomingMessage, parser: BusboyInstance): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    parser.once('finish', resolve);
    parser.once('error', reject);
    request.once('error', (error) => parser.destroy(error));
    request.once('close', () => {
      if (!request.complete) parser.destroy(new Error('the connection was closed before the body ended'));
    });
    request.pipe(parser);
  }).finally(() => request.unpipe(parser));
}

function refuseWhatCannotFit(request: IncomingMessage, { maxFileBytes }: MultipartLimits): void {
  if (!/^multipart\/form-data\s*;/i.test(request.headers['content-type'] ?? '')) {
    throw unsupportedMedia('Send the file as multipart/form-data, in a part named "file".');
  }
  if (Number(request.headers['content-length'] ?? 0) > maxFileBytes + framingBytes) throw overLimit(maxFileBytes);
}

function openParser(request: IncomingMessage, { file, maxFileBytes }: MultipartLimits): BusboyInstance {
  try {
    return Busboy({
      headers: request.headers as { 'content-type': string },
      // One byte over the limit is let through, so that the content store sees it and refuses.
      limits: { fieldSize: maxFieldBytes, fields: maxFields, files: 4, fileSize: maxFileBytes + 1, headerPairs: 100 },
      highWaterMark: 1024 * 1024,
      fileHwm: 1024 * 1024,
      isPartAFile: (name, mediaType, fileName) =>
        name === file || fileName !== undefined || mediaType === 'application/octet-stream',
    });
  } catch (cause) {
    throw invalid('The Content-Type of this multipart body names no usable boundary.', { cause });
  }
}

async function receiveFile(
  stream: Readable,
  content: ContentStore,
  maxBytes: number,
  fileName: string | undefined,
  contentType: string | undefined,
): Promise<UploadedFile> {
  const blob: StoredBlob = await content.write(stream, { maxBytes });
  return { blob, ...(fileName ? { fileName } : {}), ...(contentType ? { contentType } : {}) };
}

const overLimit = (maxBytes: number) => tooLarge(`The file is larger than the ${maxBytes} bytes that are taken here.`);

const readable = (reason: unknown) =>
  isAppError(reason)
    ? reason
    : invalid('The multipart body broke off or is not well formed; send it again.', { cause: reason });
