import { assetPath, assertPolicy, foldersOf, isPacked } from '../../src/courses/assets.rules';

const faultOf = (path: string): string | undefined => {
  try {
    assetPath(path, 'destination');
    return undefined;
  } catch (error) {
    const [detail] = (error as { details: { path: string; message: string }[] }).details;
    expect(detail?.path).toBe('destination');
    return detail?.message;
  }
};

describe('the path of an asset', () => {
  it.each([
    ['index.html', 'index.html'],
    ['a/b/c.html', 'a/b/c.html'],
    ['/Etiquette/Course.html', 'Etiquette/Course.html'],
    ['with space/é.txt', 'with space/é.txt'],
    ['..a/b../...', '..a/b../...'],
    ['x'.repeat(1024), 'x'.repeat(1024)],
  ])('%j is taken', (given, path) => {
    expect(assetPath(given, 'destination')).toBe(path);
  });

  it.each([
    ['', 'empty'],
    ['/', 'empty'],
    ['../up.html', 'climb'],
    ['a/../../up.html', 'climb'],
    ['a/..', 'climb'],
    ['//host/share', 'relative'],
    ['C:/windows', 'relative'],
    ['a\\..\\b', 'backslash'],
    ['a/', 'parts'],
    ['a//b', 'parts'],
    ['./a', 'parts'],
    ['a\u0000b', 'control'],
    ['a\nb', 'control'],
    ['x'.repeat(1025), '1024'],
    ['é'.repeat(513), '1024'],
  ])('%j is refused and says why', (given, why) => {
    expect(faultOf(given)).toContain(why);
  });
});

describe('updateAssetPolicy', () => {
  it.each([
    ['reject', true, false],
    ['reject', false, true],
    ['strict', true, true],
    ['strict', false, false],
    ['lax', true, true],
    ['lax', false, true],
  ] as const)('%s of a file that is there (%s): allowed %s', (policy, exists, allowed) => {
    const judge = (): boolean => {
      try {
        assertPolicy(policy, 'a.html', exists);
        return true;
      } catch {
        return false;
      }
    };
    expect(judge()).toBe(allowed);
  });
});

describe('paths', () => {
  it('lie in the folders above them', () => {
    expect(foldersOf('a/b/c')).toEqual(['a', 'a/b']);
    expect(foldersOf('a')).toEqual([]);
  });
  it('tell what is packed already', () => {
    expect(['a.MP4', 'b/c.png', 'd.html', 'png'].map(isPacked)).toEqual([true, true, false, false]);
  });
});
