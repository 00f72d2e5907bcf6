import { encode } from 'iconv-lite';
import { detectUpload, type UploadHints } from '../../../src/courses/packages/detect-upload';
import { cmi5Unit, cmi5Xml, zipOf } from '../../support/course-packages';

const heads = {
  zip: Buffer.from('PK\x03\x04\x14\0\0\0'),
  pdf: Buffer.from('%PDF-1.7\n'),
  mp4: Buffer.from('\0\0\0\x20ftypisom\0\0\x02\0', 'latin1'),
  m4a: Buffer.from('\0\0\0\x20ftypM4A \0\0\0\0', 'latin1'),
  mov: Buffer.from('\0\0\0\x14ftypqt  \0\0\0\0', 'latin1'),
  webm: Buffer.from('\x1a\x45\xdf\xa3\x01\0\0\x42\x82\x84webm', 'latin1'),
  ogg: Buffer.from('OggS\0\x02\0\0\0\x01vorbis', 'latin1'),
  theora: Buffer.from('OggS\0\x02\0\0\0\x80theora', 'latin1'),
  mp3Tagged: Buffer.from('ID3\x04\0\0', 'latin1'),
  mp3: Buffer.from([0xff, 0xfb, 0x90, 0x64]),
  aac: Buffer.from([0xff, 0xf1, 0x50, 0x80]),
  wav: Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1'),
  png: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
  exe: Buffer.from('MZ\x90\0', 'latin1'),
};
const cmi5 = Buffer.from(cmi5Xml(cmi5Unit('au', 'https://example.com/')));

describe('an upload is told by its bytes (cmi5 14.0.0.0-1 (d))', () => {
  test('as a zip', async () => {
    expect(detectUpload((await zipOf({ a: 'b' })).subarray(0, 4), {})).toBe('zip');
    expect(detectUpload((await zipOf({})).subarray(0, 22), {})).toBe('zip');
  });

  test.each([
    ['plain', cmi5],
    [
      'behind a licence',
      Buffer.from(`<?xml version="1.0"?>\n<!-- ${'licence '.repeat(400)} -->\n<courseStructure xmlns="x">`),
    ],
    ['whose comment does not end in the head', Buffer.from(`<?xml version="1.0"?>\n<!-- ${'licence '.repeat(400)}`)],
    ['with a prefix', Buffer.from('<c:courseStructure xmlns:c="x">')],
    ['in UTF-16', encode('<?xml version="1.0"?><courseStructure>', 'utf-16le', { addBOM: true })],
    ['with a byte order mark', Buffer.from('\uFEFF<courseStructure>')],
  ])('as a cmi5.xml: %s', (_, head) => {
    expect(detectUpload(head, {})).toBe('cmi5-xml');
  });

  test.each([
    ['pdf', 'application/pdf'],
    ['mp4', 'video/mp4'],
    ['m4a', 'audio/mp4'],
    ['webm', 'video/webm'],
    ['ogg', 'audio/ogg'],
    ['theora', 'video/ogg'],
    ['mp3Tagged', 'audio/mpeg'],
    ['mp3', 'audio/mpeg'],
    ['aac', 'audio/aac'],
    ['wav', 'audio/wav'],
  ] as const)('as media: %s', (name, media) => {
    expect(detectUpload(heads[name], {})).toEqual({ media });
  });

  test.each([
    ['an empty one', Buffer.alloc(0), 'empty_upload', /empty/],
    ['a picture', heads.png, 'unsupported_content', /No course can be made/],
    ['a program', heads.exe, 'unsupported_content', /No course can be made/],
    ['QuickTime', heads.mov, 'unsupported_content', /No course can be made/],
    ['text', Buffer.from('# LMS Test Package\n'), 'unsupported_content', /No course can be made/],
    ['a web page', Buffer.from('<!DOCTYPE html>\n<html><head>'), 'unsupported_content', /web page.*login/],
    [
      'a bare imsmanifest.xml',
      Buffer.from('<?xml version="1.0"?><manifest>'),
      'unsupported_content',
      /only the course's <manifest> file\. Upload the zip/,
    ],
    ['other XML', Buffer.from('<?xml version="1.0"?><svg>'), 'unsupported_content', /No course can be made/],
  ])('and refused: %s', (_, head, code, message) => {
    const refusal = { kind: 'invalid', code, message: expect.stringMatching(message) };
    expect(() => detectUpload(head, {})).toThrow(expect.objectContaining(refusal));
  });

  test('without trying every way to read its comments', () => {
    expect(detectUpload(Buffer.from(`${'<!---->'.repeat(1_000)}&`), {})).toBe('cmi5-xml');
  });
});

describe('what the caller declares', () => {
  test.each([
    ['zip', { contentType: 'application/zip' }],
    ['zip', { contentType: 'application/x-zip-compressed; charset=binary' }],
    ['zip', { contentType: 'application/octet-stream' }],
    ['zip', { contentType: '' }],
    ['pdf', { contentType: 'Application/PDF' }],
    ['mp4', { contentType: 'video/mp4' }],
    ['mp3', { contentType: 'audio/mp3' }],
    ['wav', { contentType: 'audio/x-wav' }],
  ] as const)('agrees with the content: %s as %p', (name, hints) => {
    expect(() => detectUpload(heads[name], hints)).not.toThrow();
  });

  test.each(['text/xml', 'application/xml', 'application/vnd.cmi5+xml', 'application/octet-stream'])(
    'cmi5.xml as %s',
    (contentType) => {
      expect(detectUpload(cmi5, { contentType })).toBe('cmi5-xml');
    },
  );

  test.each([
    ['an MP4 container of sound', heads.mp4, { contentType: 'audio/mp4' }, 'audio/mp4'],
    ['an .m4a of an encoder without its brand', heads.mp4, { fileName: 'talk.m4a' }, 'audio/mp4'],
    ['an .ogv', heads.ogg, { fileName: 'film.OGV' }, 'video/ogg'],
    ['another extension altogether', heads.pdf, { fileName: 'film.mp4' }, 'application/pdf'],
  ])('decides within a container: %s', (_, head, hints: UploadHints, media) => {
    expect(detectUpload(head, hints)).toEqual({ media });
  });

  test.each([
    ['application/zip', heads.pdf, 'a PDF file'],
    ['application/pdf', heads.zip, 'a zip file'],
    ['video/mp4', heads.mp3, 'an MP3 audio file'],
    ['audio/mpeg', heads.mp4, 'an MP4 video'],
    ['text/html', heads.zip, 'a zip file'],
    ['application/zip', cmi5, 'an XML file'],
  ])('is refused where the content is another: %s', (contentType, head, found) => {
    expect(() => detectUpload(head, { contentType })).toThrow(
      expect.objectContaining({
        kind: 'invalid',
        code: 'wrong_content_type',
        message: `The content type says ${contentType}, but the content is ${found}. Send it with its own type.`,
      }),
    );
  });
});
