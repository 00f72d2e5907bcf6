import { findFileName } from '../../src/net/file-name';

const named = (disposition: string | undefined, path = '/courses/from-url.zip?sig=a/b') =>
  findFileName(disposition, new URL(path, 'https://host.example'));

describe('the name of a downloaded file', () => {
  it.each([
    ['attachment; filename="a course.zip"', 'a course.zip'],
    ['attachment; filename=plain.zip', 'plain.zip'],
    ['attachment; filename="e.zip"; filename*=UTF-8\'\'%c3%a9t%c3%a9.zip', 'été.zip'],
    ['inline; filename="film.mp4"', 'film.mp4'],
  ])('comes from %s', (disposition, name) => expect(named(disposition)).toBe(name));

  it.each([
    ['attachment; filename="../../etc/passwd"', 'passwd'],
    ['attachment; filename="C:\\\\x\\\\a.zip"', 'a.zip'],
    ["attachment; filename*=UTF-8''a%0d%0ab.zip", 'ab.zip'],
  ])('is a bare name for %s', (disposition, name) => expect(named(disposition)).toBe(name));

  it.each([
    undefined,
    'attachment',
    'attachment; filename=""',
    'attachment; filename=".."',
    'attachment; filename=a b',
  ])('comes from the URL when Content-Disposition is %s', (disposition) =>
    expect(named(disposition)).toBe('from-url.zip'),
  );

  it.each([
    ['/a/b%20c.zip', 'b c.zip'],
    ['/a/100%.zip', '100%.zip'],
    ['/a%2F..%2Fb.zip', 'b.zip'],
    ['/a/', undefined],
    ['/', undefined],
  ])('of the URL path %s is %s', (path, name) => expect(named(undefined, path)).toBe(name));
});
