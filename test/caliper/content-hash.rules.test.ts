import * as fc from 'fast-check';
import { contentHash } from '../../src/caliper/content-hash.rules';
import { activityEvent, spoiled, validEvents } from '../support/caliper-events';

/** The same value, with the members of every object in the opposite order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, turned(member)]),
  );
}

describe('the hash of an item’s content', () => {
  it('is 32 bytes', () => expect(contentHash(activityEvent())).toHaveLength(32));

  it.each(Object.entries(validEvents))('does not heed the order of members: %s', (_, make) =>
    expect(contentHash(turned(make()))).toEqual(contentHash(make())),
  );

  it('does not heed the order of members of any value', () =>
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(contentHash(turned(value))).toEqual(contentHash(value)))));

  it('does not heed how the text was written', () =>
    expect(contentHash(JSON.parse('{ "a": 1.0, "b": "\\u0041" }'))).toEqual(contentHash({ b: 'A', a: 1 })));

  it.each<[string, unknown]>([
    ['generated.items[0].value', 101],
    ['generated.items[0].value', '100'],
    ['generated.items', []],
    ['eventTime', '2026-03-02T09:15:00.000+00:00'],
    ['actor.name', undefined],
    ['actor.name', null],
    ['extensions', {}],
  ])('differs when %s becomes %j', (path, value) =>
    expect(contentHash(spoiled(activityEvent(), path, value))).not.toEqual(contentHash(activityEvent())),
  );

  it('differs when a list has another order', () =>
    expect(contentHash({ a: [1, 2] })).not.toEqual(contentHash({ a: [2, 1] })));

  it('heeds a member that is named like a prototype', () =>
    expect(contentHash(JSON.parse('{"a":1,"__proto__":{"b":2}}'))).not.toEqual(contentHash({ a: 1 })));

  it('is not confused by what looks like other members', () => {
    const values = [
      { a: 'b","c":"d' },
      { a: 'b', c: 'd' },
      { 'a":"b': 'd' },
      ['a', 'b'],
      [['a', 'b']],
      'a',
      { a: null },
    ];
    expect(new Set(values.map((value) => contentHash(value).toString('hex'))).size).toBe(values.length);
  });
});
