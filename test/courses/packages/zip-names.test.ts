import { entryPath, isMacJunk } from '../../../src/courses/packages/zip-names';

test.each([
  ['a/b.html', 'a/b.html', false],
  ['a\\b.html', 'a/b.html', false],
  ['./a/b.html', 'a/b.html', false],
  ['././a', 'a', false],
  ['a//b/./c', 'a/b/c', false],
  ['a/', 'a', true],
  ['a\\', 'a', true],
  ['./', '', true],
  ['', '', true],
  ['..a/b..', '..a/b..', false],
  ['a b/ü.html', 'a b/ü.html', false],
])('%j is the path %j', (name, path, isFolder) => {
  expect(entryPath(name)).toEqual({ path, isFolder });
});

test.each([
  ['..', 'zip_path_escapes'],
  ['a/..', 'zip_path_escapes'],
  ['./../a', 'zip_path_escapes'],
  ['..\\a', 'zip_path_escapes'],
  ['/', 'zip_path_absolute'],
  ['//server/share', 'zip_path_absolute'],
  ['\\a', 'zip_path_absolute'],
  ['Z:/a', 'zip_path_absolute'],
  ['a\u007f', 'zip_path_control_character'],
  ['a\tb', 'zip_path_control_character'],
])('%j is refused as %s', (name, code) => {
  expect(() => entryPath(name)).toThrow(expect.objectContaining({ code }));
});

test.each([
  ['__MACOSX/a', true],
  ['.DS_Store', true],
  ['a/.DS_Store', true],
  ['a/__MACOSX/b', false],
  ['a.DS_Store', false],
])('%j is what macOS adds: %s', (path, expected) => {
  expect(isMacJunk(path)).toBe(expected);
});
