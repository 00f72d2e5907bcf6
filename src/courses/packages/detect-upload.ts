import { type AppError, invalid } from '../../errors';
import { decodeXml } from './decode-descriptor';
import { shorten } from './descriptor-text';
import { findMediaType, findMediaTypeByName, type MediaType, sniffMediaType } from './media-types';

/** What an upload is: a package, a bare cmi5.xml, or one file that is played as it is. */
export type Upload = 'zip' | 'cmi5-xml' | { media: string };

/** What the caller says of an upload. Its bytes have the last word; a claim that they contradict is refused. */
export interface UploadHints {
  fileName?: string;
  contentType?: string;
}

/**
 * Tells what an upload is by its first bytes (4 KiB are plenty). Refuses what no course can be made of, and what was declared as
 * something else: then either the file or the caller is not what it seems.
 */
export function detectUpload(head: Buffer, hints: UploadHints): Upload {
  if (head.length === 0) throw invalid('The upload is empty.', { code: 'empty_upload' });
  const declared = declaredKind(hints.contentType);
  const found = sniff(head);
  if (!found) throw unknownContent(head);
  if (declared !== undefined && !agrees(declared, found)) throw contradiction(hints.contentType ?? '', found);
  if (found.kind !== 'media') return found.kind;
  return { media: preferMedia(found.media, hints).name };
}

/** A local file header, the end record of an empty zip, a spanned zip's first bytes (APPNOTE 4.3). */
const zipMarks = new Set(['504b0304', '504b0506', '504b0708']);

type Found = { kind: 'zip' } | { kind: 'cmi5-xml' } | { kind: 'media'; media: MediaType };

function sniff(head: Buffer): Found | undefined {
  if (zipMarks.has(head.subarray(0, 4).toString('hex'))) return { kind: 'zip' };
  if (isCmi5Xml(head)) return { kind: 'cmi5-xml' };
  const media = sniffMediaType(head);
  return media && { kind: 'media', media };
}

/** Where only comments fit into the head, what is XML passes: the reader of cmi5.xml says what is wrong with it. */
function isCmi5Xml(head: Buffer): boolean {
  const root = rootName(head);
  if (root === undefined) return /^\s*<(\?xml|!--)/.test(decodeXml(head.subarray(0, 8192)).text);
  return root === 'courseStructure';
}

/** The name of an XML file's first element, without its prefix; undefined when the head ends before it. */
function rootName(head: Buffer): string | undefined {
  const { text } = decodeXml(head.subarray(0, 8192));
  const bare = text.replace(/<!--.*?-->|<\?.*?\?>|<!doctype[^>[]*>/gis, '');
  return /^\s*<(?:[\w.-]+:)?([\w.-]+)/.exec(bare)?.[1];
}

/** `undefined` where nothing is said: many clients send any file as application/octet-stream. */
function declaredKind(contentType: string | undefined): string | undefined {
  const declared = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return /^(|application\/octet-stream|binary\/octet-stream|application\/(force|x)-download|\*\/\*)$/.test(declared)
    ? undefined
    : declared;
}

function agrees(declared: string, found: Found): boolean {
  if (found.kind === 'zip') return /^(application|multipart)\/(x-)?(zip|zip-compressed|pkzip|scorm)$/.test(declared);
  if (found.kind === 'cmi5-xml') return /^(application|text)\/(.+\+)?xml$/.test(declared);
  const media = findMediaType(declared);
  return media !== undefined && container(media) === container(found.media);
}

/** Audio and video of one container often go by each other's name. */
const container = ({ name }: MediaType): string => name.replace(/^(audio|video)\//, '');

/** Within its container, a file is what it is called: an .ogg may be a video whose codec the head does not show. */
function preferMedia(found: MediaType, { fileName = '', contentType }: UploadHints): MediaType {
  const candidates = [findMediaType(declaredKind(contentType) ?? ''), findMediaTypeByName(fileName)];
  return candidates.find((media) => media !== undefined && container(media) === container(found)) ?? found;
}

function contradiction(contentType: string, found: Found): AppError {
  const label =
    found.kind === 'media' ? found.media.label : { zip: 'a zip file', 'cmi5-xml': 'an XML file' }[found.kind];
  const message = `The content type says ${shorten(contentType, 100)}, but the content is ${label}. Send it with its own type.`;
  return invalid(message, { code: 'wrong_content_type' });
}

function unknownContent(head: Buffer): AppError {
  const root = rootName(head)?.toLowerCase();
  if (root === 'html' || root === 'body') {
    const message = 'The content is a web page, not a course: does the address lead to a login or a download page?';
    return invalid(message, { code: 'unsupported_content' });
  }
  if (root === 'manifest' || root === 'tincan') {
    const message = `The content is only the course's <${root}> file. Upload the zip with all of its files.`;
    return invalid(message, { code: 'unsupported_content' });
  }
  const message =
    'No course can be made of this content. Upload a zip package (SCORM, AICC, xAPI, cmi5), a cmi5.xml, or a PDF, ' +
    'MP4, WebM, MP3, M4A, Ogg, WAV or AAC file.';
  return invalid(message, { code: 'unsupported_content' });
}
