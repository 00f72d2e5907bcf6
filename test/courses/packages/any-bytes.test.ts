import * as fc from 'fast-check';
import { golfBasics } from '../../../examples/make-package';
import { isAppError } from '../../../src/errors';
import { detectUpload } from '../../../src/courses/packages/detect-upload';
import { readCoursePackage } from '../../../src/courses/packages/read-course-package';
import {
  aiccCourse,
  cmi5Course,
  filesOf,
  type PackageContents,
  scormCourse,
  tincanCourse,
} from '../../support/course-packages';

/** Whether a refusal is one that a caller can be shown; anything else is a fault of ours. */
const isRefusal = (error: unknown): boolean =>
  isAppError(error) && error.kind === 'invalid' && error.message.length > 10;

/** A descriptor with bytes overwritten, taken out and put in. */
const damaged = (content: string | Buffer): fc.Arbitrary<Buffer> => {
  const bytes = Buffer.from(content);
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 4 }).map((values) => Buffer.from(values)),
    fc
      .constantFrom('<', '>', '"', '&', '</item>', '<item/>', '&#x41;', '../', ' xmlns="x"', '\0', ',', '[', '=')
      .map((text) => Buffer.from(text)),
  );
  const edit = fc.tuple(fc.nat(bytes.length), fc.nat(30), piece);
  return fc
    .array(edit, { minLength: 1, maxLength: 4 })
    .map((edits) =>
      edits.reduce(
        (from, [at, removed, put]) => Buffer.concat([from.subarray(0, at), put, from.subarray(at + removed)]),
        bytes,
      ),
    );
};

const courses: [string, PackageContents, string][] = [
  ['SCORM', { ...golfBasics }, 'imsmanifest.xml'],
  ['SCORM 2004', scormCourse({ version: '2004 4th Edition' }), 'imsmanifest.xml'],
  ['cmi5', cmi5Course(), 'cmi5.xml'],
  ['xAPI', tincanCourse(), 'tincan.xml'],
  ['AICC units', aiccCourse(), 'course.au'],
  ['AICC structure', aiccCourse(), 'course.cst'],
  ['AICC course', aiccCourse(), 'course.crs'],
];

describe('whatever the bytes', () => {
  test.each(courses)('a damaged descriptor gives a course or a refusal: %s', async (_, contents, descriptor) => {
    const property = fc.asyncProperty(damaged(contents[descriptor] ?? ''), async (content) => {
      const files = filesOf({ ...contents, [descriptor]: content });
      const outcome: unknown = await readCoursePackage(files).catch((error: unknown) => error);
      return isRefusal(outcome) || JSON.stringify(outcome).includes('"launchHref":"');
    });
    await expect(fc.assert(property, { numRuns: 300 })).resolves.toBeUndefined();
  });

  test('an upload is told or refused', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 64 }), fc.string(), (bytes, contentType) => {
      try {
        return detectUpload(Buffer.from(bytes), { contentType }) !== undefined;
      } catch (error) {
        return isRefusal(error);
      }
    });
    expect(() => fc.assert(property, { numRuns: 500 })).not.toThrow();
  });
});
