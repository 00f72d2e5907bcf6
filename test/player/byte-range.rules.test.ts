import { readRange } from '../../src/player/byte-range.rules';

describe('readRange', () => {
  it.each([
    ['bytes=0-3', { offset: 0, length: 4 }],
    ['bytes=6-', { offset: 6, length: 4 }],
    ['bytes=6-100', { offset: 6, length: 4 }],
    ['bytes=-3', { offset: 7, length: 3 }],
    ['bytes=-30', { offset: 0, length: 10 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-2', undefined],
    ['bytes=0-1,4-5', undefined],
    ['items=0-1', undefined],
    ['bytes=-', undefined],
    ['bytes=99999999999999999999-', undefined],
    [undefined, undefined],
  ])('%s of ten bytes: %j', (header, expected) => {
    expect(readRange(header, 10)).toEqual(expected);
  });
});
