import { golfBasics } from '../../../examples/make-package';
import { unavailable } from '../../../src/errors';
import type { CoursePackage } from '../../../src/courses/packages/package';
import { readCoursePackage } from '../../../src/courses/packages/read-course-package';
import {
  aiccCourse,
  cmi5Course,
  filesOf,
  openZip,
  type PackageContents,
  scormCourse,
  tincanCourse,
  zipOf,
} from '../../support/course-packages';

const read = (contents: PackageContents): Promise<CoursePackage> => readCoursePackage(filesOf(contents));

const inFolder = (folder: string, contents: PackageContents): PackageContents =>
  Object.fromEntries(Object.entries(contents).map(([path, content]) => [`${folder}/${path}`, content]));

describe('the standard of a package', () => {
  test.each([
    [
      'SCORM 1.1',
      'SCORM11',
      scormCourse({ version: '1.1', attributes: 'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p1"' }),
    ],
    ['SCORM 1.2', 'SCORM12', scormCourse()],
    ['SCORM 2004 2nd Edition', 'SCORM20042NDEDITION', scormCourse({ version: 'CAM 1.3' })],
    ['SCORM 2004 3rd Edition', 'SCORM20043RDEDITION', scormCourse({ version: '2004 3rd Edition' })],
    ['SCORM 2004 4th Edition', 'SCORM20044THEDITION', scormCourse({ version: '2004 4th Edition' })],
    ['xAPI', 'XAPI', tincanCourse()],
    ['cmi5', 'CMI5', cmi5Course()],
    ['AICC', 'AICC', aiccCourse()],
  ])('is found by its descriptor, in a real zip: %s', async (_, standard, contents) => {
    const course = await readCoursePackage(await openZip(await zipOf(contents)));
    expect(course.learningStandard).toBe(standard);
    expect(course.parserWarnings).toEqual([]);
    expect(course.launchHref).toMatch(/^index\.html/);
  });

  test('is found with the descriptor in another case', async () => {
    const { 'imsmanifest.xml': manifest = '', ...others } = scormCourse();
    const course = await read({ ...others, 'IMSManifest.XML': manifest });
    expect(course.manifestPath).toBe('IMSManifest.XML');
  });

  test('of the example course is SCORM 1.2, without a warning', async () => {
    const course = await read({ ...golfBasics });
    expect(course).toMatchObject({
      learningStandard: 'SCORM12',
      title: 'Golf Basics',
      metadata: { description: 'How a round is played, and how to behave on the course.', keywords: ['golf'] },
      languages: ['en'],
      resources: { total: 3, scos: 2, missingFiles: 0 },
      parserWarnings: [],
    });
    expect(course.rootActivity.children.map(({ type, href }) => [type, href])).toEqual([
      ['SCO', 'playing.html'],
      ['SCO', 'etiquette.html'],
    ]);
  });
});

describe('a package with several descriptors', () => {
  test.each([
    [
      'xAPI before SCORM',
      { ...scormCourse(), ...tincanCourse() },
      'XAPI',
      /^The package was read as xAPI by tincan\.xml; it also has imsmanifest\.xml \(SCORM\)\.$/,
    ],
    [
      'cmi5 before xAPI',
      { ...tincanCourse(), ...cmi5Course() },
      'CMI5',
      /^The package was read as cmi5 by cmi5\.xml; it also has tincan\.xml \(xAPI\)\.$/,
    ],
    [
      'cmi5 before all',
      { ...aiccCourse(), ...scormCourse(), ...cmi5Course(), ...tincanCourse() },
      'CMI5',
      /also has tincan\.xml \(xAPI\), imsmanifest\.xml \(SCORM\), course\.crs \(AICC\)/,
    ],
    ['SCORM before AICC', { ...aiccCourse(), ...scormCourse() }, 'SCORM12', /read as SCORM/],
  ])('takes the newest standard and says so: %s', async (_, contents, standard, warning) => {
    const course = await read(contents);
    expect(course.learningStandard).toBe(standard);
    expect(course.parserWarnings).toEqual([expect.stringMatching(warning)]);
  });

  test('is SCORM where its tincan.xml launches nothing', async () => {
    const course = await read({
      ...tincanCourse('<activity id="urn:a"><launch>gone.html</launch></activity>'),
      ...scormCourse(),
    });
    expect(course.learningStandard).toBe('SCORM12');
    expect(course.parserWarnings).toEqual([
      expect.stringMatching(/^tincan\.xml was left out for imsmanifest\.xml: tincan\.xml launches nothing/),
    ]);
  });

  test('is tried again, not taken for another standard, where a file cannot be fetched for now', async () => {
    const files = filesOf({ ...tincanCourse(), ...scormCourse() });
    const away = { ...files, readFile: () => Promise.reject(unavailable('The store does not answer.')) };
    await expect(readCoursePackage(away)).rejects.toMatchObject({ kind: 'unavailable' });
    const manifestOnly = {
      ...files,
      readFile: (path: string, maxBytes: number) => (path === 'tincan.xml' ? away : files).readFile(path, maxBytes),
    };
    await expect(readCoursePackage(manifestOnly)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('is refused where its cmi5.xml is wrong: cmi5 is strict', async () => {
    await expect(read({ ...scormCourse(), ...cmi5Course('') })).rejects.toMatchObject({ code: 'cmi5_structure' });
  });
});

describe('a descriptor in a folder', () => {
  test.each([
    ['imsmanifest.xml', 'Golf', scormCourse()],
    ['cmi5.xml', 'Golf/deeper', cmi5Course()],
  ])('is refused with the fix: %s', async (name, folder, contents) => {
    await expect(read(inFolder(folder, contents))).rejects.toMatchObject({
      kind: 'invalid',
      code: 'descriptor_in_folder',
      message:
        `${name} lies in the folder ${folder}/, not at the top of the package. ` +
        'Zip the contents of that folder instead of the folder itself, and upload that.',
    });
  });

  test('does not count in what macOS adds', async () => {
    const contents = {
      ...inFolder('Golf', scormCourse()),
      '__MACOSX/imsmanifest.xml': '',
      '__MACOSX/Golf/._index.html': '',
    };
    await expect(read(contents)).rejects.toThrow(/the folder Golf\//);
    await expect(read({ '__MACOSX/imsmanifest.xml': '' })).rejects.toMatchObject({ code: 'empty_package' });
  });

  test('does no harm beside one at the top', async () => {
    expect((await read({ ...scormCourse(), ...inFolder('copy', scormCourse()) })).launchHref).toBe('index.html');
  });

  test('is allowed to AICC, and to tincan.xml if all lies in its folder', async () => {
    expect((await read(inFolder('Course', aiccCourse()))).launchHref).toBe('Course/index.html?mode=full');
    const tincan = inFolder('a/b', tincanCourse());
    expect((await read(tincan)).launchHref).toBe('a/b/index.html');
    await expect(read({ ...tincan, 'readme.txt': '' })).rejects.toMatchObject({ code: 'descriptor_in_folder' });
  });
});

describe('a package without a descriptor (cmi5 14.1.0.0-2 (d))', () => {
  test.each([
    [
      'names what was looked for',
      { 'index.html': '' },
      'no_descriptor',
      /imsmanifest\.xml \(SCORM\), cmi5\.xml \(cmi5\), tincan\.xml \(xAPI\) or \.crs file \(AICC\)/,
    ],
    ['may hold nothing', {}, 'empty_package', /no files/],
    [
      'may hold another package',
      { 'course.zip': 'PK' },
      'nested_package',
      /nothing but course\.zip\. Upload that file itself/,
    ],
  ])('is refused and %s', async (_, contents, code, message) => {
    await expect(read(contents)).rejects.toMatchObject({
      kind: 'invalid',
      code,
      message: expect.stringMatching(message),
    });
  });
});
