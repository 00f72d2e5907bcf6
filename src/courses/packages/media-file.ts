import { invalid } from '../../errors';
import { descriptorLimits } from './descriptor-limits';
import { filled, oneLine, shorten } from './descriptor-text';
import { detectUpload } from './detect-upload';
import { decodePath, encodePath, isWebUrl } from './hrefs';
import { findMediaType, findMediaTypeByName } from './media-types';
import type { Activity, CoursePackage, LearningStandard, MediaFileMetadata } from './package';
import { present } from './present';

/**
 * What a media course reports as its standard. SCORM Cloud's list has no value of its own for media; the course speaks xAPI
 * (the player that is put around the file sends the statements), and UNKNOWN would read as an import that went wrong.
 */
export const mediaLearningStandard: LearningStandard = 'XAPI';

/** SCORM Cloud's defaults for a media file: English, and done when it was completed. */
const defaultLanguage = 'en';
const defaultMoveOn = 'Completed';

export interface MediaFileInput {
  fileName?: string;
  contentType?: string;
  /** The file's first bytes; empty for a reference. */
  head: Buffer;
  metadata?: MediaFileMetadata;
  /** A reference: the file is played from there and never fetched. */
  url?: string;
}

/** The course that plays one file: an upload, or a reference by URL. */
export function readMediaFile(input: MediaFileInput): CoursePackage {
  const { metadata = {}, url } = input;
  const mediaType = url === undefined ? uploadedType(input) : referencedType(url, input.contentType);
  const file = findMediaType(mediaType);
  const name = fileNameOf(input) ?? `media.${file?.extensions[0] ?? 'html'}`;
  const href = url ?? encodePath(name);
  const title = shorten(oneLine(filled(metadata.title) ?? titleOf(name)), descriptorLimits.title);
  const description = filled(metadata.description);
  const language = filled(metadata.contentLanguage) ?? defaultLanguage;
  const shortDescription = description && shorten(description, descriptorLimits.description);
  const rootActivity: Activity = {
    identifier: url ?? name,
    title,
    type: 'ASSET',
    href,
    moveOn: defaultMoveOn,
    ...present({ description: shortDescription, xapiActivityType: file?.activityType }),
    children: [],
  };
  return {
    learningStandard: mediaLearningStandard,
    title,
    identifier: rootActivity.identifier,
    metadata: {
      title,
      titleLanguage: language,
      ...(shortDescription && { description: shortDescription, descriptionLanguage: language }),
      ...present({ duration: isoDuration(metadata.estimatedDuration) }),
      keywords: [],
    },
    languages: [language],
    launchHref: href,
    mediaType,
    rootActivity,
    sequenced: false,
    parserWarnings: [],
  };
}

function uploadedType({ head, fileName, contentType }: MediaFileInput): string {
  const upload = detectUpload(head, present({ fileName, contentType }));
  if (typeof upload === 'object') return upload.media;
  throw invalid('The content is a course package, not a media file.', { code: 'wrong_content_type' });
}

/** SCORM Cloud's types of references: a media type, or `youtube` or `url` for a page that plays itself. */
function referencedType(url: string, contentType: string | undefined): string {
  if (!isWebUrl(url) || !URL.canParse(url)) {
    throw invalid(`The reference "${shorten(url, 200)}" is no web address (https://…).`, { code: 'invalid_reference' });
  }
  const declared = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (declared === 'youtube' || declared === 'url') return declared;
  const media = declared === '' ? findMediaTypeByName(new URL(url).pathname) : findMediaType(declared);
  if (media) return media.name;
  const problem = declared === '' ? 'has no content type' : `has the content type ${shorten(declared, 100)}`;
  const message = `The reference ${problem}. Give application/pdf, video/mp4, audio/mpeg, youtube or url.`;
  throw invalid(message, { code: 'wrong_content_type' });
}

/** The last segment of the upload's name (browsers of old send whole paths) or of the URL, else the URL's host. */
function fileNameOf({ fileName, url }: MediaFileInput): string | undefined {
  const address = url === undefined ? undefined : new URL(url);
  const path = fileName ?? decodePath(address?.pathname ?? '');
  const name = path
    .replace(/\p{Cc}/gu, '')
    .split(/[/\\]/)
    .at(-1)
    ?.trim();
  return name && !/^\.+$/.test(name) ? shorten(name, 255) : address?.hostname;
}

/** A file's name without its ending; a host's name keeps it. */
const titleOf = (name: string): string => (findMediaTypeByName(name) && filled(name.replace(/\.[^.]*$/, ''))) ?? name;

/** Seconds as ISO 8601, in hours, minutes and seconds. */
function isoDuration(seconds: number | undefined): string | undefined {
  if (seconds === undefined || !Number.isFinite(seconds) || seconds < 0) return undefined;
  const whole = Math.round(seconds);
  const parts = [
    [Math.floor(whole / 3600), 'H'],
    [Math.floor(whole / 60) % 60, 'M'],
    [whole % 60, 'S'],
  ] as const;
  const written = parts.map(([count, unit]) => (count > 0 ? `${count}${unit}` : '')).join('');
  return `PT${written || '0S'}`;
}
