import * as fc from 'fast-check';
import { readEnvelope } from '../../src/caliper/envelope.rules';
import { activityEvent, envelopeOf, type Item, membership } from '../support/caliper-events';

const limits = { maxItems: 3 };
const read = (body: unknown) => readEnvelope(body, limits);

function pathsOf(body: unknown): string[] {
  const answer = read(body);
  return 'problems' in answer ? answer.problems.map(({ path }) => path) : [];
}

describe('an envelope', () => {
  it('is given as it came', () => {
    const envelope = envelopeOf([activityEvent(), membership()]);
    expect(read(envelope)).toEqual({ envelope });
  });

  it.each<[string, Item]>([
    ['microseconds', { sendTime: '2026-03-02T09:15:01.123456Z' }],
    ['an offset of nothing', { sendTime: '2026-03-02T09:15:01.123+00:00' }],
    ['a URN for its sensor', { sensor: 'urn:sensor:7' }],
    ['a slash after its version', { dataVersion: 'http://purl.imsglobal.org/ctx/caliper/v1p2/' }],
    ['items of any kind, which are judged later', { data: [null, 1, {}] }],
  ])('may have %s', (_, more) => expect(read(envelopeOf([1], more))).toHaveProperty('envelope'));

  it.each(['sensor', 'sendTime', 'dataVersion', 'data'])('cannot lack %s', (member) => {
    const body = envelopeOf([{}]);
    delete body[member];
    const answer = { problems: [{ path: member, reason: 'is missing' }], unknownVersion: false };
    expect([read(body), read({ ...body, [member]: null })]).toEqual([answer, answer]);
  });

  it.each<[string, unknown]>([
    ['sensor', 'reader'],
    ['sensor', ''],
    ['sensor', 7],
    ['sendTime', 'now'],
    ['sendTime', 1_772_442_900],
    ['sendTime', '2026-03-02T09:15:01+02:00'],
    ['dataVersion', 1.2],
    ['data', {}],
    ['data', 'x'],
    ['data', []],
    ['data', [1, 2, 3, 4]],
    ['id', 'x'],
    ['extensions', {}],
    ['__proto__x', 1],
  ])('cannot have %s %j', (member, value) => expect(pathsOf(envelopeOf([{}], { [member]: value }))).toEqual([member]));

  it.each([null, undefined, 1, 'text', true, [], [envelopeOf([1])]])('is not %p', (body) =>
    expect(pathsOf(body)).toEqual(['']),
  );

  it('names everything that is wrong', () =>
    expect(pathsOf({ sendTime: 'now', dataVersion: 5, more: 1 })).toEqual([
      'sensor',
      'data',
      'sendTime',
      'dataVersion',
      'more',
    ]));

  it('names no more than some of its custom members', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`m${i}`, 1]));
    expect(pathsOf(envelopeOf([1], many)).length).toBeLessThan(20);
  });
});

describe('a data version that is not 1.2', () => {
  it.each([
    'http://purl.imsglobal.org/ctx/caliper/v1p1',
    'http://purl.imsglobal.org/ctx/caliper/v1p20',
    'HTTP://PURL.IMSGLOBAL.ORG/CTX/CALIPER/V1P2',
    '1.2',
    '',
  ])('is told apart: %j', (dataVersion) =>
    expect(read(envelopeOf([1], { dataVersion }))).toMatchObject({
      problems: [{ path: 'dataVersion' }],
      unknownVersion: true,
    }),
  );

  it('is not what is said of an envelope that is malformed besides', () =>
    expect(read(envelopeOf([], { dataVersion: '1.1' }))).toMatchObject({ unknownVersion: false }));
});

it('any JSON is answered', () =>
  fc.assert(
    fc.property(fc.jsonValue(), (body) => expect(read(body)).toHaveProperty('problems')),
    { numRuns: 1000 },
  ));
