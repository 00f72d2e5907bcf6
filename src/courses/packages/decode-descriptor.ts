import { decode, encodingExists } from 'iconv-lite';

export interface DecodedText {
  text: string;
  /** What did not fit, as the end of a sentence about the file; absent when the bytes are what they say they are. */
  problem?: string;
}

/**
 * The characters of an XML file: by its byte order mark, else by the pattern of its first bytes, else by the encoding that it
 * declares, else as UTF-8 (XML 1.0 appendix F).
 */
export function decodeXml(bytes: Buffer): DecodedText {
  const marked = markedEncoding(bytes) ?? wideEncoding(bytes);
  if (marked) return decodeAs(bytes, marked);
  const declared = declaredEncoding(bytes);
  if (!declared) return decodeAs(bytes, 'utf-8');
  if (/^(utf-?16|utf-?32|ucs-?2|ucs-?4)/i.test(declared)) {
    return { ...decodeAs(bytes, 'utf-8'), problem: `declares ${declared} but is written in single bytes` };
  }
  const known: boolean = encodingExists(declared);
  if (!known) {
    return { ...decodeAs(bytes, 'utf-8'), problem: `declares the unknown encoding ${declared}` };
  }
  return decodeAs(bytes, declared);
}

/** The characters of a text file that cannot declare its encoding (AICC): byte order mark, UTF-8, else Windows' Latin. */
export function decodePlainText(bytes: Buffer): string {
  const encoding = markedEncoding(bytes);
  const text = encoding ? decode(bytes, encoding) : decodeAs(bytes, 'utf-8').text;
  return wellFormed(text).replaceAll('\0', '');
}

function markedEncoding(bytes: Buffer): string | undefined {
  const mark = bytes.subarray(0, 4).toString('hex');
  if (mark.startsWith('efbbbf')) return 'utf-8';
  if (mark === 'fffe0000') return 'utf-32le';
  if (mark === '0000feff') return 'utf-32be';
  if (mark.startsWith('fffe')) return 'utf-16le';
  return mark.startsWith('feff') ? 'utf-16be' : undefined;
}

/** UTF-16 without a mark shows by the zero beside the first `<`. */
function wideEncoding(bytes: Buffer): string | undefined {
  if (bytes[0] === 0x3c && bytes[1] === 0 && bytes[2] !== 0) return 'utf-16le';
  return bytes[0] === 0 && bytes[1] === 0x3c ? 'utf-16be' : undefined;
}

function declaredEncoding(bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, 400).toString('latin1');
  return /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']\s*([A-Za-z][\w.:-]*)/.exec(start)?.[1];
}

function decodeAs(bytes: Buffer, encoding: string): DecodedText {
  const text = /^utf-?8$/i.test(encoding) ? decodeUtf8(bytes) : decode(bytes, windowsName(encoding));
  if (text === undefined) {
    return {
      text: decode(bytes, 'windows-1252'),
      problem: 'has bytes that are not UTF-8 (they were read as windows-1252)',
    };
  }
  const repaired = wellFormed(text);
  const damaged = repaired !== text || (!isUnicode(encoding) && text.includes('\uFFFD'));
  return damaged ? { text: repaired, problem: `has bytes that are not ${encoding}` } : { text };
}

function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What says latin-1 is windows-1252 in practice, as browsers read it (WHATWG Encoding 4.2): quotes, dashes, the euro. */
const windowsName = (encoding: string): string =>
  /^(iso-?8859-?1|latin-?1|l1|us-ascii|ascii)$/i.test(encoding) ? 'windows-1252' : encoding;

const isUnicode = (encoding: string): boolean => /^utf-?(8|16|32)/i.test(encoding);

/** Half surrogates cannot be stored or sent: they become U+FFFD, as in any UTF-8 text. */
const wellFormed = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');
