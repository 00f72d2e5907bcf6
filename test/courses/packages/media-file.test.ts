import { readMediaFile } from '../../../src/courses/packages/media-file';

const pdf = Buffer.from('%PDF-1.7\n');
const mp3 = Buffer.from('ID3\x04\0\0');
const none = Buffer.alloc(0);

describe('a media course', () => {
  test('plays its file, with what the caller says of it', () => {
    const metadata = {
      title: ' Safety  at work ',
      description: 'Read it.',
      contentLanguage: 'de',
      estimatedDuration: 5025,
    };
    expect(readMediaFile({ fileName: 'safety.pdf', contentType: 'application/pdf', head: pdf, metadata })).toEqual({
      learningStandard: 'XAPI',
      title: 'Safety at work',
      identifier: 'safety.pdf',
      metadata: {
        title: 'Safety at work',
        titleLanguage: 'de',
        description: 'Read it.',
        descriptionLanguage: 'de',
        duration: 'PT1H23M45S',
        keywords: [],
      },
      languages: ['de'],
      launchHref: 'safety.pdf',
      mediaType: 'application/pdf',
      rootActivity: {
        identifier: 'safety.pdf',
        title: 'Safety at work',
        description: 'Read it.',
        type: 'ASSET',
        href: 'safety.pdf',
        moveOn: 'Completed',
        xapiActivityType: 'http://id.tincanapi.com/activitytype/document',
        children: [],
      },
      sequenced: false,
      parserWarnings: [],
    });
  });

  test.each([
    ['a file name', { fileName: 'My talk.v2.mp3' }, 'My talk.v2', 'My%20talk.v2.mp3'],
    ['a path of a browser of old', { fileName: 'C:\\Users\\me\\talk.mp3' }, 'talk', 'talk.mp3'],
    ['a name that climbs', { fileName: '../../etc/talk.mp3' }, 'talk', 'talk.mp3'],
    ['nothing', {}, 'media', 'media.mp3'],
    ['dots', { fileName: '..' }, 'media', 'media.mp3'],
  ])('is called by %s without a title', (_, input, title, href) => {
    const course = readMediaFile({ ...input, head: mp3 });
    expect([course.title, course.launchHref]).toEqual([title, href]);
    expect(course.languages).toEqual(['en']);
  });

  test.each([
    [0, 'PT0S'],
    [59.6, 'PT1M'],
    [3600, 'PT1H'],
    [-1, undefined],
    [Number.NaN, undefined],
  ])('lasts %p seconds as ISO 8601', (estimatedDuration, duration) => {
    expect(readMediaFile({ head: mp3, metadata: { estimatedDuration } }).metadata.duration).toBe(duration);
  });

  test.each([
    ['by its declared type', 'https://example.com/watch?v=1', 'video/mp4', 'video/mp4', 'watch'],
    ['by another name of it', 'https://example.com/a.mp3', 'audio/mp3', 'audio/mpeg', 'a'],
    ['by its name', 'https://example.com/files/My%20talk.mp3?x=y', undefined, 'audio/mpeg', 'My talk'],
    ['as a video page', 'https://www.youtube.com/watch?v=1', 'youtube', 'youtube', 'watch'],
    ['as a page', 'https://example.com/', 'url', 'url', 'example.com'],
  ])('may play a reference: %s', (_, url, contentType, mediaType, title) => {
    const course = readMediaFile({ head: none, url, ...(contentType && { contentType }) });
    expect(course).toMatchObject({ mediaType, launchHref: url, identifier: url, title });
  });

  test.each([
    ['no address', 'talk.mp3', 'audio/mpeg', 'invalid_reference'],
    ['no host', '//', 'audio/mpeg', 'invalid_reference'],
    ['a script', 'javascript:alert(1)', 'url', 'invalid_reference'],
    ['a local file', 'file:///etc/passwd', 'application/pdf', 'invalid_reference'],
    ['an address that no URL can be', 'https://[x/', 'url', 'invalid_reference'],
    ['an unplayable type', 'https://example.com/a.zip', 'application/zip', 'wrong_content_type'],
    ['no type', 'https://example.com/a', undefined, 'wrong_content_type'],
  ])('refuses a reference: %s', (_, url, contentType, code) => {
    const input = { head: none, url, ...(contentType && { contentType }) };
    expect(() => readMediaFile(input)).toThrow(expect.objectContaining({ kind: 'invalid', code }));
  });

  test('refuses a package', () => {
    const input = { head: Buffer.from('PK\x03\x04') };
    expect(() => readMediaFile(input)).toThrow(expect.objectContaining({ code: 'wrong_content_type' }));
  });
});
