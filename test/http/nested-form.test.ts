import { readNestedForm } from '../../src/http/nested-form';

const read = (form: string): unknown => JSON.parse(JSON.stringify(readNestedForm(new URLSearchParams(form))));

describe('readNestedForm', () => {
  it.each([
    ['a=1', { a: '1' }],
    ['lo[name]=x+y&lo[url]=%26', { lo: { name: 'x y', url: '&' } }],
    ['lo[tags][]=a&lo[tags][]=b', { lo: { tags: ['a', 'b'] } }],
    ['a[b][c][d]=1', { a: { b: { c: { d: '1' } } } }],
    ['a=1&a=2', { a: '2' }],
    ['a[=1&b]=2&[c]=3', { 'a[': '1', 'b]': '2', '[c]': '3' }],
    ['lo[toString]=x', { lo: { toString: 'x' } }],
  ])('%s', (form, value) => {
    expect(read(form)).toEqual(value);
  });

  it('takes __proto__ for a name like any other', () => {
    const form = readNestedForm(new URLSearchParams('__proto__[polluted]=1&lo[__proto__]=2'));
    expect(Object.keys(form)).toEqual(['__proto__', 'lo']);
    expect('polluted' in {}).toBe(false);
  });

  it.each(['a=1&a[b]=2', 'a[b]=1&a=2', 'a[]=1&a=2', 'a[]=1&a[b]=2', 'a=1&a[]=2', 'a[b][c][d][e][f]=1'])(
    'refuses %s',
    (form) => {
      expect(() => read(form)).toThrow(/contradicts|nested too deeply/);
    },
  );

  it('refuses more fields than any form has', () => {
    expect(() => read(Array.from({ length: 1001 }, (_, at) => `f${at}=1`).join('&'))).toThrow(/1000 fields/);
  });
});
