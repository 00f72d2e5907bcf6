import { Dicer } from '@fastify/busboy';
import type { IncomingMessage } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import { type AppError, invalid, isAppError, tooLarge } from '../errors';

/** A part, to be read whole before the next is asked for. */
export interface MixedPart {
  /** By their names in lower case, the first of each. */
  headers: Readonly<Record<string, string>>;
  body: AsyncIterable<Buffer>;
}

/** The same before it is asked for. */
interface WaitingPart {
  headers: MixedPart['headers'];
  stream: Readable;
}

/** Headers of a part: a handful, each of them short. */
const headerLimits = { maxHeaderPairs: 50, maxHeaderSize: 16 * 1024 };

/** The boundary that a Content-Type of multipart/mixed names (RFC 2046 5.1.1). */
export function boundaryOf(contentType: string): string {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw invalid('The Content-Type of this multipart body names no boundary.');
  return boundary;
}

/** The parts of a multipart/mixed body (RFC 2046 5.1), one after the other, as they arrive. */
export async function* readMixedParts(
  request: IncomingMessage,
  boundary: string,
  maxBytes: number,
): AsyncGenerator<MixedPart> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw overLimit(maxBytes);
  const parts = new PartQueue();
  const parser = new Dicer({ boundary, ...headerLimits });
  let bytes = 0;
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > maxBytes) parts.fail(overLimit(maxBytes));
  };
  const breakOff = (): void => {
    if (!request.complete) parts.fail(new Error('the connection was closed before the body ended'));
  };
  parser.on('part', (part) => {
    part.on('header', (headers) => parts.add({ headers: firstOf(headers), stream: part }));
    part.on('error', (error: Error) => parts.fail(error));
  });
  parser.on('error', (error: Error) => parts.fail(error));
  parser.on('finish', () => parts.end());
  const lines = delimiterLines(boundary);
  request.on('data', count).once('close', breakOff).pipe(lines).pipe(parser);
  try {
    for (;;) {
      const part = await parts.next();
      if (!part) return;
      yield { headers: part.headers, body: contentOf(part.stream) };
    }
  } catch (error) {
    throw readable(error);
  } finally {
    // Not destroyed: the answer needs the connection.
    request.unpipe(lines).off('data', count).off('close', breakOff);
    parts.drop();
  }
}

const lineBreak = Buffer.from('\r\n');

/**
 * Begins a line with each delimiter. Two clients of xAPI (tincanjs 0.50, @xapi/xapi 3.0) leave the line break out after an attachment that
 * another follows. What is attached does not hold the boundary (RFC 2046 5.1.1), and its hash is checked.
 */
export function delimiterLines(boundary: string): Transform {
  const delimiter = Buffer.from(`--${boundary}`);
  let kept: Buffer = lineBreak;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const bytes = Buffer.concat([kept, chunk]);
      let start = 0;
      for (;;) {
        const at = bytes.indexOf(delimiter, start);
        if (at === -1) break;
        this.push(bytes.subarray(start, at));
        if (!bytes.subarray(Math.max(at - 2, 0), at).equals(lineBreak)) this.push(lineBreak);
        this.push(delimiter);
        start = at + delimiter.length;
      }
      // As much as the next chunk may make a delimiter of, and what is before that.
      const end = Math.max(start, bytes.length - delimiter.length - 1);
      this.push(bytes.subarray(start, end));
      kept = bytes.subarray(end);
      done();
    },
    flush(done) {
      done(null, kept);
    },
  });
}

async function* contentOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch (error) {
    throw readable(error);
  }
}

/** What is left of a body that is not wanted any more goes unread. */
class PartQueue {
  private readonly waiting: WaitingPart[] = [];
  private current: WaitingPart | undefined;
  private failure: Error | undefined;
  private isEnded = false;
  private wake: (() => void) | undefined;

  add(part: WaitingPart): void {
    this.waiting.push(part);
    this.wake?.();
  }

  end(): void {
    this.isEnded = true;
    this.wake?.();
  }

  fail(error: Error): void {
    this.failure ??= error;
    this.current?.stream.destroy(error);
    this.wake?.();
  }

  drop(): void {
    for (const { stream } of this.waiting) stream.resume();
  }

  async next(): Promise<WaitingPart | undefined> {
    for (;;) {
      if (this.failure) throw this.failure;
      this.current = this.waiting.shift();
      if (this.current ?? this.isEnded) return this.current;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

const firstOf = (headers: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers as Record<string, string[]>).map(([name, [value = '']]) => [name, value.trim()]),
  );

const overLimit = (maxBytes: number): AppError => tooLarge(`This body may be up to ${maxBytes} bytes.`);

const readable = (error: unknown): AppError =>
  isAppError(error)
    ? error
    : invalid('The multipart body broke off or is not well formed; send it again.', { cause: error });

/** A part that is kept in memory. */
export async function readPart({ body }: MixedPart, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw overLimit(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
