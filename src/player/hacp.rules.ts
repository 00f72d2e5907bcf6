import { isUtf8 } from 'node:buffer';

/*
 * HACP, by which AICC content asks and reports over HTTP (CMI001 v4.0, appendix A): a form that is posted, and lines of text that
 * answer it.
 */

/** A.2: what content can ask. */
const commands = [
  'getparam',
  'putparam',
  'putinteractions',
  'putobjectives',
  'putpath',
  'putperformance',
  'putcomments',
  'exitau',
] as const;
export type HacpCommand = (typeof commands)[number];

export interface HacpRequest {
  /** Undefined: none that there is. */
  command: HacpCommand | undefined;
  sessionId: string;
  /** `aicc_data`, decoded. */
  data: string;
}

/** Reads a request's form. Field names and the command count in any case; the version and the password are not asked. */
export function readHacpRequest(body: Buffer): HacpRequest {
  const fields = new Map<string, string>();
  for (const field of body.toString('latin1').split('&')) {
    const at = field.includes('=') ? field.indexOf('=') : field.length;
    const name = decodeField(field.slice(0, at)).trim().toLowerCase();
    if (!fields.has(name)) fields.set(name, field.slice(at + 1));
  }
  const valueOf = (name: string): string => decodeField(fields.get(name) ?? '');
  const command = valueOf('command').trim().toLowerCase();
  return {
    command: commands.find((known) => known === command),
    sessionId: valueOf('session_id').trim(),
    data: valueOf('aicc_data'),
  };
}

/**
 * Decodes a field. Old content encodes by `escape`, whose bytes are Latin-1 and whose other characters are `%uXXXX`; what stands
 * for nothing stays as it is.
 */
const decodeField = (field: string): string =>
  field
    .split(/((?:%u[0-9a-f]{4})+)/i)
    .map((part, index) => (index % 2 === 0 ? decodeBytes(part) : decodeUnits(part)))
    .join('')
    .replaceAll('\0', '')
    .toWellFormed();

const codeOf = (hex: string): string => String.fromCharCode(Number.parseInt(hex, 16));

const decodeUnits = (part: string): string => part.replaceAll(/%u(.{4})/gi, (_, hex: string) => codeOf(hex));

function decodeBytes(part: string): string {
  const text = part.replaceAll('+', ' ').replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => codeOf(hex));
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : new TextDecoder('windows-1252').decode(bytes);
}

/** A.4. There is no 2 (invalid password): the address holds what opens this door, and units' own passwords are not read. */
const errors = { 0: 'Successful', 1: 'Invalid Command', 3: 'Invalid Session ID' } as const;
export type HacpError = keyof typeof errors;

/** Writes an answer; `data`: whole lines. */
export const hacpAnswer = (error: HacpError, data = '\r\n'): string =>
  `error=${error}\r\nerror_text=${errors[error]}\r\nversion=4.0\r\naicc_data=${data}`;
