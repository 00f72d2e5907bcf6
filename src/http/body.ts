import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';
import { invalid, tooLarge, unsupportedMedia } from '../errors';
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

/**
 * Reads a body of `application/json` alone, UTF-8, not compressed, with what it holds taken as it is: a NUL is for the caller
 * to find.
 */
export async function readStrictJson(request: IncomingMessage, limit = maxJsonBytes): Promise<unknown> {
  const { 'content-type': type = 'nothing', 'content-encoding': encoding = 'identity' } = request.headers;
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw unsupportedMedia(`Send the body as application/json, not ${type.slice(0, 100)}.`);
  }
  if (encoding !== 'identity') throw unsupportedMedia(`Send the body as it is, not as ${encoding.slice(0, 100)}.`);
  const text = await readText(request, limit);
  if (text.trim() === '') throw invalid('A JSON body is required here, and there is none.');
  return parseJson(text);
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
  (await readRaw(request, limit)).toString('utf8').replace(/^\ufeff/, '');

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

function parse(text: string): unknown {
  const value = parseJson(text);
  if (text.includes('\\u0000')) refuseNul(value);
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(`The body is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Postgres text cannot hold U+0000, so it is refused at the door. Not recursive: a body may be nested a million deep. */
export function refuseNul(value: unknown): void {
  const toLookAt: unknown[] = [value];
  while (toLookAt.length > 0) {
    const next = toLookAt.pop();
    if (typeof next === 'string') {
      if (next.includes('\u0000')) throw invalid('Text with the character U+0000 cannot be stored; leave it out.');
    } else if (typeof next === 'object' && next !== null) {
      for (const [key, member] of Object.entries(next)) toLookAt.push(key, member);
    }
  }
}
