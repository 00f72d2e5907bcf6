import * as fc from 'fast-check';
import { findItems } from '../../src/caliper/item-places.rules';

/** What lies at the places, as it is written. */
const itemsOf = (json: string): string[] => {
  const bytes = Buffer.from(json);
  return findItems(bytes).map(({ start, end }) => bytes.toString('utf8', start, end));
};

describe('the items of an envelope', () => {
  it.each<[string, string, string[]]>([
    ['objects', '{"sensor":"s","data":[{"a":1},{"b":[2,{"c":"]}"}]}]}', ['{"a":1}', '{"b":[2,{"c":"]}"}]}']],
    ['none', '{"data":[]}', []],
    ['with white space', '\n{ "data" :\t[ {"a" : 1} ,\r\n 7 ] , "x" : 1 }\n', ['{"a" : 1}', '7']],
    ['scalars', '{"data":[1.5e3,true,null,"a,b",-0]}', ['1.5e3', 'true', 'null', '"a,b"', '-0']],
    ['behind a data of something else', '{"a":{"data":[1]},"b":[{"data":[2]}],"data":[3]}', ['3']],
    [
      'with quotes and backslashes',
      String.raw`{"data":["\"]","\\",{"\\\"":"}"}]}`,
      [String.raw`"\"]"`, String.raw`"\\"`, String.raw`{"\\\"":"}"}`],
    ],
    ['of the last data', '{"data":[1],"data":[2,3]}', ['2', '3']],
    ['of a data that is written with escapes', String.raw`{"d\u0061ta":[1]}`, ['1']],
    ['beyond ASCII', '{"ä":"😀","data":["ü😀",{"é":1}]}', ['"ü😀"', '{"é":1}']],
  ])('%s are found', (_, json, items) => {
    expect(itemsOf(json)).toEqual(items);
    const { data } = JSON.parse(json) as { data: unknown[] };
    expect(itemsOf(json).map((item): unknown => JSON.parse(item))).toEqual(data);
  });

  it('are found in any JSON', () =>
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.array(fc.jsonValue()),
        fc.constantFrom(undefined, 1, '\t'),
        (members, data, indent) => {
          const found = itemsOf(JSON.stringify({ ...members, data }, undefined, indent));
          expect(found.map((item): unknown => JSON.parse(item))).toEqual(JSON.parse(JSON.stringify(data)));
        },
      ),
    ));

  it('may be nested deeply', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(itemsOf(`{"data":[${deep}]}`)).toEqual([deep]);
  });
});
