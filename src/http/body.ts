import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';
import { type AppError, type ErrorDetail, invalid, tooLarge, unsupportedMedia } from '../errors';
import { readNestedForm } from './nested-form';

/** JSON bodies are small here: lists of tags, settings, one import request. */
const maxJsonBytes = 1024 * 1024;

/** Forms carry credentials and scopes, nothing else. */
const maxFormBytes = 16 * 1024;

/** Reads a JSON body, UTF-8, up to 1 MiB. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type'];
  if (type !== undefined && !/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type)) {
    throw unsupportedMedia(`Send the body as application/json, not ${type.slice(0, 100)}.`);
  }
  const text = await readText(request, maxJsonBytes);
  if (text.trim() === '') throw invalid('A JSON body is required here, and there is none.');
  return parse(text);
}

/** A body and its JSON in UTF-8, as it came. */
export interface StrictJson {
  body: unknown;
  json: Buffer;
}

/**
 * Reads a body of `application/json` alone, UTF-8, not compressed, with what it holds taken as it is: a NUL is for the caller
 * to find.
 */
export async function readStrictJson(request: IncomingMessage, limit = maxJsonBytes): Promise<StrictJson> {
  const { 'content-type': type = 'nothing' } = request.headers;
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw unsupportedMedia(`Send the body as application/json, not ${type.slice(0, 100)}.`);
  }
  const bytes = await readBytes(request, limit);
  const text = textOf(bytes);
  if (text.trim() === '') throw invalid('A JSON body is required here, and there is none.');
  const isAsRead = isUtf8(bytes) && bytes[0] !== byteOrderMark[0];
  return { body: parseJson(text), json: isAsRead ? bytes : Buffer.from(text) };
}

/** Reads a body that may be JSON or a form with nested fields (`lo[name]=…`), UTF-8, up to 1 MiB either way. */
export async function readJsonOrForm(request: IncomingMessage): Promise<unknown> {
  if (!isForm(request.headers['content-type'])) return readJson(request);
  const fields = new URLSearchParams(await readText(request, maxJsonBytes));
  refuseNul([...fields]);
  return readNestedForm(fields);
}

const isForm = (type: string | undefined): boolean =>
  type !== undefined && /^application\/x-www-form-urlencoded\s*(;|$)/i.test(type);

/** Reads a form-encoded body, up to 16 KiB. As RFC 6749 §3.2 has it, what has no value is left out, what comes twice refused. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const { 'content-type': type = 'nothing' } = request.headers;
  if (!isForm(type)) {
    throw unsupportedMedia(`Send the body as application/x-www-form-urlencoded, not ${type.slice(0, 100)}.`);
  }
  const form = new URLSearchParams();
  const seen = new Set<string>();
  for (const [name, value] of new URLSearchParams(await readText(request, maxFormBytes))) {
    refuseNul([name, value]);
    if (seen.has(name)) throw invalid(`The form has "${name.slice(0, 100)}" more than once.`);
    seen.add(name);
    if (value !== '') form.append(name, value);
  }
  return form;
}

/** Wrapped requests hold what a request's body may be here, and its escapes. */
const maxWrappingFormBytes = 4 * 1024 * 1024;

/** Reads a form that holds a whole request. */
export async function readWrappingForm(request: IncomingMessage): Promise<URLSearchParams> {
  const { 'content-type': type = 'nothing' } = request.headers;
  if (!isForm(type))
    throw unsupportedMedia(`Send the form as application/x-www-form-urlencoded, not ${type.slice(0, 100)}.`);
  return new URLSearchParams(await readText(request, maxWrappingFormBytes));
}

/** Reads a body of whatever it is. */
export async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const { 'content-encoding': encoding = 'identity' } = request.headers;
  if (encoding !== 'identity') throw unsupportedMedia(`Send the body as it is, not as ${encoding.slice(0, 100)}.`);
  return readRaw(request, limit);
}

const readText = async (request: IncomingMessage, limit: number): Promise<string> =>
  textOf(await readRaw(request, limit));

const byteOrderMark = Buffer.from('\ufeff');

/** Without the mark that some put before it; what is not UTF-8 becomes U+FFFD. */
const textOf = (bytes: Buffer): string => bytes.toString('utf8').replace(/^\ufeff/, '');

async function readRaw(request: IncomingMessage, limit: number): Promise<Buffer> {
  try {
    return await getRawBody(request, { limit });
  } catch (cause) {
    if (cause instanceof Error && 'type' in cause && cause.type === 'entity.too.large') {
      throw tooLarge(`This body may be up to ${limit} bytes.`);
    }
    throw invalid('The body broke off; send it again.', { cause });
  }
}

/** Of U+0000, and of half a surrogate pair. */
const unstorableEscape = /\\u(0000|d[89a-f])/i;

function parse(text: string): unknown {
  const value = parseJson(text);
  if (unstorableEscape.test(text)) refuseNul(value);
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(`The body is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Postgres cannot hold U+0000, nor half a surrogate pair in JSON, so they are refused at the door, by the member they lie in. */
export function refuseNul(value: unknown): void {
  const members = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  for (const [name, member] of members) {
    const problem = unstorableIn([name, member]);
    if (problem) throw unstorable(problem, [{ path: name.slice(0, 100), message: `must not hold ${problem}` }]);
  }
  const problem = members.length === 0 ? unstorableIn(value) : undefined;
  if (problem) throw unstorable(problem);
}

const unstorable = (problem: string, details?: ErrorDetail[]): AppError =>
  invalid(`Text with ${problem} cannot be stored; leave it out.`, details && { details });

/** Not recursive: a body may be nested a million deep. */
function unstorableIn(value: unknown): string | undefined {
  const toLookAt: unknown[] = [value];
  while (toLookAt.length > 0) {
    const next = toLookAt.pop();
    if (typeof next === 'string') {
      if (next.includes('\u0000')) return 'the character U+0000';
      if (!next.isWellFormed()) return 'half a surrogate pair';
    } else if (typeof next === 'object' && next !== null) {
      for (const [key, member] of Object.entries(next)) toLookAt.push(key, member);
    }
  }
  return undefined;
}
