import * as fc from 'fast-check';
import {
  isDuration,
  isLanguageTag,
  isTimestamp,
  microsecondsOf,
  timestampAt,
  versionOf,
  versionsUpTo,
} from '../../src/statements/formats.rules';
import { countMembers, surveyJson } from '../../src/statements/json-text.rules';

describe('timestamps', () => {
  it('are read and written to the microsecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000_000 }), (moment) => {
        expect(microsecondsOf(timestampAt(moment))).toBe(moment);
      }),
    );
  });

  it('count their offset', () => {
    const moment = microsecondsOf('2026-01-31T12:00:00.5Z');
    for (const same of [
      '2026-01-31T14:00:00.500+02:00',
      '2026-01-31T06:30:00.5-0530',
      '20260131T120000.5Z',
      '2026-01-31T12:00:00,5',
    ]) {
      expect([same, microsecondsOf(same)]).toEqual([same, moment]);
    }
  });

  it.each(['2026-02-29T12:00:00Z', '2026-13-01T12:00:00Z', '2026-01-31', '2026-01-31T25:00:00Z', 'T12:00:00Z', ''])(
    '%s is none',
    (text) => {
      expect([isTimestamp(text, '1.0.3'), isTimestamp(text, '2.0.0')]).toEqual([false, false]);
    },
  );
});

it.each([
  ['en', true],
  ['zh-cmn-Hans-CN', true],
  ['de-CH-1996', true],
  ['sl-rozaj-biske', true],
  ['en-a-bbb-x-a-ccc', true],
  ['i-klingon', true],
  ['x-own', true],
  ['a12345', false],
  ['something', false],
  ['zh-z-aaa-z-bbb', false],
  ['en_GB', false],
  ['', false],
])('language tag %s: %s', (tag, isRight) => expect(isLanguageTag(tag)).toBe(isRight));

it.each([
  ['P1Y2M3DT4H5M6.7S', true],
  ['PT0.5H', true],
  ['P1.5W', true],
  ['P0.5Y1M', false],
  ['P1YT', false],
  ['1H', false],
])('duration %s: %s', (text, isRight) => expect(isDuration(text)).toBe(isRight));

it('versions: 1.0.x and 2.0.x', () => {
  const named = ['1.0', '1.0.3', ' 2.0.0 ', '1.1', '3.0', '', undefined];
  const none = [undefined, undefined, undefined, undefined];
  expect(named.map((one) => versionOf(one, versionsUpTo('2.0.0')))).toEqual(['1.0.3', '1.0.3', '2.0.0', ...none]);
  expect(named.map((one) => versionOf(one, versionsUpTo('1.0.3')))).toEqual(['1.0.3', '1.0.3', undefined, ...none]);
});

describe('members of JSON text', () => {
  it('are as many as those of what was parsed, unless one is there twice', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 2), (json, indent) => {
        const value = JSON.parse(json) as unknown;
        const text = JSON.stringify(value, undefined, indent);
        fc.pre('members' in surveyJson(value));
        expect(surveyJson(value)).toEqual({ members: countMembers(text) });
      }),
    );
    expect(countMembers('{"a":1,"\\u0061" : {"b\\"":"c: \\\\"}}')).toBe(3);
  });

  it('what cannot be kept is named', () => {
    expect(surveyJson({ a: [{ b: '\u0000' }] })).toEqual({
      found: { path: 'a[0].b', message: expect.any(String) as string },
    });
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as unknown;
    expect(surveyJson(deep)).toHaveProperty('found');
  });
});
