/** A kind of single file that makes a course. */
export interface MediaType {
  /** As the course reports it. */
  name: string;
  /** For people. */
  label: string;
  /** Other names that callers declare. */
  aliases: readonly string[];
  /** File name endings; the first is the usual one. */
  extensions: readonly string[];
  /** The xAPI type of the activity. */
  activityType: string;
}

const video = 'https://w3id.org/xapi/video/activity-type/video';
const audio = 'http://id.tincanapi.com/activitytype/audio';

const pdf: MediaType = {
  name: 'application/pdf',
  label: 'a PDF file',
  aliases: ['application/x-pdf'],
  extensions: ['pdf'],
  activityType: 'http://id.tincanapi.com/activitytype/document',
};
const mp4: MediaType = {
  name: 'video/mp4',
  label: 'an MP4 video',
  aliases: ['video/x-m4v', 'application/mp4'],
  extensions: ['mp4', 'm4v'],
  activityType: video,
};
const m4a: MediaType = {
  name: 'audio/mp4',
  label: 'an M4A audio file',
  aliases: ['audio/x-m4a', 'audio/m4a'],
  extensions: ['m4a'],
  activityType: audio,
};
const mp3: MediaType = {
  name: 'audio/mpeg',
  label: 'an MP3 audio file',
  aliases: ['audio/mp3', 'audio/mpeg3', 'audio/x-mpeg', 'audio/x-mp3'],
  extensions: ['mp3'],
  activityType: audio,
};
const webm: MediaType = {
  name: 'video/webm',
  label: 'a WebM video',
  aliases: ['audio/webm'],
  extensions: ['webm'],
  activityType: video,
};
const oggAudio: MediaType = {
  name: 'audio/ogg',
  label: 'an Ogg audio file',
  aliases: ['application/ogg', 'audio/opus', 'audio/vorbis'],
  extensions: ['ogg', 'oga', 'opus'],
  activityType: audio,
};
const oggVideo: MediaType = {
  name: 'video/ogg',
  label: 'an Ogg video',
  aliases: ['application/ogg'],
  extensions: ['ogv'],
  activityType: video,
};
const wav: MediaType = {
  name: 'audio/wav',
  label: 'a WAV audio file',
  aliases: ['audio/x-wav', 'audio/wave', 'audio/vnd.wave'],
  extensions: ['wav'],
  activityType: audio,
};
const aac: MediaType = {
  name: 'audio/aac',
  label: 'an AAC audio file',
  aliases: ['audio/x-aac', 'audio/aacp', 'audio/x-hx-aac-adts'],
  extensions: ['aac'],
  activityType: audio,
};

/**
 * What a browser plays without help. SCORM Cloud's documentation names pdf, mp4 and mp3; the others play as well everywhere.
 * Pictures are not among them: nothing says when a learner is done with one.
 */
export const mediaTypes: readonly MediaType[] = [pdf, mp4, m4a, mp3, webm, oggAudio, oggVideo, wav, aac];

/** The media type that a declaration names. */
export const findMediaType = (declared: string): MediaType | undefined =>
  mediaTypes.find(({ name, aliases }) => name === declared || aliases.includes(declared));

export function findMediaTypeByName(fileName: string): MediaType | undefined {
  const extension = /\.([a-z0-9]+)$/i.exec(fileName)?.[1]?.toLowerCase() ?? '';
  return mediaTypes.find(({ extensions }) => extensions.includes(extension));
}

/** The media type that a file's first bytes show: 512 are enough for all of them. */
export function sniffMediaType(head: Buffer): MediaType | undefined {
  const start = head.subarray(0, 1024).toString('latin1');
  // Readers look for a PDF's header in the first kilobyte (ISO 32000-1 annex H.3.4.1).
  if (start.includes('%PDF-')) return pdf;
  if (start.startsWith('ftyp', 4)) return sniffMp4(start.slice(8, 12));
  if (start.startsWith('\x1a\x45\xdf\xa3') && start.includes('webm')) return webm;
  if (start.startsWith('OggS')) return start.includes('theora') ? oggVideo : oggAudio;
  if (start.startsWith('RIFF') && start.startsWith('WAVE', 8)) return wav;
  return start.startsWith('ID3') ? mp3 : sniffFrame(head);
}

/** By the major brand (ISO/IEC 14496-12 4.3); QuickTime's own does not play in every browser. */
function sniffMp4(brand: string): MediaType | undefined {
  if (brand.startsWith('qt')) return undefined;
  return brand.startsWith('M4A') || brand.startsWith('M4B') ? m4a : mp4;
}

/** A frame's twelve set bits, then version and layer: MPEG layer III, or ADTS, whose layer bits are zero. */
function sniffFrame(head: Buffer): MediaType | undefined {
  const [first = 0, second = 0] = head;
  if (first !== 0xff) return undefined;
  if ((second & 0xf6) === 0xf0) return aac;
  return (second & 0xe6) === 0xe2 ? mp3 : undefined;
}
