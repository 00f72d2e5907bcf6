import * as fc from 'fast-check';
import { isDuration, isEmail, isEntityId, isEventId, isIri, isTime } from '../../src/caliper/formats.rules';

/** Tests of one format: texts that have it, and texts that do not. */
function table(name: string, fits: (text: string) => boolean, good: readonly string[], bad: readonly string[]): void {
  it.each(good)(`${name} can be %j`, (text) => expect(fits(text)).toBe(true));
  it.each(bad)(`${name} cannot be %j`, (text) => expect(fits(text)).toBe(false));
}

table(
  'an IRI',
  isIri,
  [
    'https://example.edu',
    'http://example.edu/#/texts/1',
    'https://example.edu:8443/a?b=c%20d#e',
    'https://schule.example/größe/学校',
    'urn:uuid:5b1d7f3e-6c1a-4f0e-9a57-000000000001',
    'urn:lms:course:7',
    'mailto:ada@school.example',
    'HTTPS://EXAMPLE.EDU/A',
    'https://[2001:db8::1]/a',
  ],
  [
    '',
    'ada',
    '/relative',
    '//host/relative',
    'https:',
    'https://',
    'https:/one-slash',
    'https:path',
    'http:///path',
    'https://a b',
    'https://a/<id>',
    'https://a/"',
    'https://a/{id}',
    'https://a/\\b',
    'https://a/\0',
    'https://a/\n',
    'https://a/%2',
    'https://a/\ud800',
    '1http://a',
    '_:b1',
    `https://a/${'x'.repeat(2048)}`,
  ],
);

table('an entity’s id', isEntityId, ['https://a.example/1', '_:b1'], ['', '_:', '_: b', 'b1', `_:${'x'.repeat(256)}`]);

table(
  'an event’s id',
  isEventId,
  ['urn:uuid:c51570e4-f8ed-4c18-bb3a-dfe51b2cc594', 'URN:UUID:C51570E4-F8ED-1C18-BB3A-DFE51B2CC594'],
  [
    'c51570e4-f8ed-4c18-bb3a-dfe51b2cc594',
    'urn:uuid:c51570e4f8ed4c18bb3adfe51b2cc594',
    'urn:uuid:c51570e4-f8ed-4c18-bb3a-dfe51b2cc594 ',
    'urn:uuid:',
    'https://a.example/c51570e4-f8ed-4c18-bb3a-dfe51b2cc594',
  ],
);

table(
  'a time',
  isTime,
  [
    '2026-03-02T09:15:00.000Z',
    '2026-03-02T09:15:00Z',
    '2026-03-02T09:15:00.1Z',
    '2026-03-02T09:15:00.123456Z',
    '2026-03-02T09:15:00.123456789Z',
    '2026-03-02T09:15:00.000+00:00',
    '2026-03-02T09:15:00.000-00:00',
    '2000-02-29T23:59:59Z',
  ],
  [
    '',
    '2026-03-02',
    '2026-03-02T09:15Z',
    '2026-03-02 09:15:00Z',
    '2026-03-02T09:15:00.Z',
    '2026-03-02T09:15:00.000',
    '2026-03-02T09:15:00.000z',
    '2026-03-02T09:15:00.000+01:00',
    '2026-03-02T09:15:00,000Z',
    '2026-3-2T09:15:00Z',
    '2026-13-01T09:15:00Z',
    '2026-00-01T09:15:00Z',
    '2026-04-31T09:15:00Z',
    '2026-04-00T09:15:00Z',
    '1900-02-29T09:15:00Z',
    '0000-01-01T00:00:00Z',
    '2026-03-02T24:00:00Z',
    '2026-03-02T09:60:00Z',
    '2026-03-02T09:15:60Z',
    '+002026-03-02T09:15:00Z',
    'Mon, 02 Mar 2026 09:15:00 GMT',
  ],
);

table(
  'a duration',
  isDuration,
  ['PT1H12M27S', 'PT4M12S', 'PT3000S', 'PT0.5S', 'P1D', 'P2W', 'P1Y2M3DT4H5M6S', 'PT0S'],
  ['', 'P', 'PT', 'P1', '1H', 'PT1D', 'PT1H2', 'pt1h', '-PT1H', 'P1DT', 'PT1S1M', '12:30', 'PT1.5H'],
);

table(
  'an email address',
  isEmail,
  ['ada@school.example', 'ada+7@school.example', 'ada@localhost', 'günther@schule.example'],
  ['', 'ada', '@school.example', 'ada@', 'a b@school.example', 'ada@a@b', '[email protected]', `${'a'.repeat(65)}@b`],
);

describe('every format', () => {
  const formats = [isIri, isEntityId, isEventId, isTime, isDuration, isEmail];

  it('judges any text', () =>
    fc.assert(
      fc.property(fc.constantFrom(...formats), fc.string({ unit: 'binary' }), (fits, text) => {
        expect(typeof fits(text)).toBe('boolean');
      }),
    ));

  it.each(['a', '1', ':', '@', 'P1', '-', '_:', 'https://a/%', ' '])('judges a megabyte of %j at once', (piece) => {
    const long = piece.repeat(1_000_000 / piece.length);
    const start = performance.now();
    for (const fits of formats) fits(long);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
