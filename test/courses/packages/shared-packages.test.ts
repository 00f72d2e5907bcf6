import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readBareCmi5 } from '../../../src/courses/packages/cmi5-package';
import { detectUpload } from '../../../src/courses/packages/detect-upload';
import { readMediaFile } from '../../../src/courses/packages/media-file';
import type { Activity, CoursePackage } from '../../../src/courses/packages/package';
import { readCoursePackage } from '../../../src/courses/packages/read-course-package';
import { openZip } from '../../support/course-packages';

/** A collection of real packages with what an import should find; not part of the project. */
const folder = path.resolve(__dirname, '../../../../shared/packages');
const indexFile = path.join(folder, 'index.json');

interface IndexEntry {
  file: string;
  kind: string;
  outcome: string;
  expect: Record<string, unknown>;
}

const indexed: IndexEntry[] = existsSync(indexFile) ? JSON.parse(readFileSync(indexFile, 'utf8')) : [];
const agreed: string[] = [];

const read = async (file: string): Promise<CoursePackage> => {
  const bytes = readFileSync(path.join(folder, file));
  const upload = detectUpload(bytes.subarray(0, 4096), { fileName: path.basename(file) });
  if (upload === 'zip') return readCoursePackage(await openZip(bytes));
  if (upload === 'cmi5-xml') return readBareCmi5(bytes);
  return readMediaFile({ fileName: path.basename(file), head: bytes.subarray(0, 4096) });
};

const walk = (activity: Activity): Activity[] => [activity, ...activity.children.flatMap(walk)];

/** What the course says of each thing that the index may expect. */
const findings = (course: CoursePackage): Record<string, unknown> => {
  const activities = walk(course.rootActivity);
  const below = activities.slice(1);
  const xapi = course.learningStandard === 'XAPI';
  return {
    standard: course.learningStandard,
    title: course.title,
    courseId: course.identifier,
    xapiActivityId: course.xapiActivityId,
    launch: course.launchHref,
    activities: activities.length,
    items: below.length,
    topLevelItems: course.rootActivity.children.map(({ title, identifier }) => [title, identifier]),
    aus: activities.filter(({ type }) => type === 'SCO').length,
    blocks: xapi ? 0 : below.filter(({ type }) => type === 'AGGREGATION').length,
    resources: course.resources?.total,
    scos: course.resources?.scos,
    missingReferencedFiles: course.resources?.missingFiles,
    defaultOrgResolves: !course.parserWarnings.some((warning) => warning.includes('default organization')),
  };
};

/** Said of the file rather than of the course. */
const aboutTheFile = new Set(['entries', 'schemaversion', 'organizations', 'parseError']);

/** Compares what the index expects with what was found, both without what is said of the file. */
const compare = (course: CoursePackage, wanted: Record<string, unknown>): void => {
  const found = findings(course);
  const names = Object.keys(wanted).filter((name) => !aboutTheFile.has(name));
  const pick = (from: Record<string, unknown>) => Object.fromEntries(names.map((name) => [name, from[name]]));
  expect(pick(found)).toEqual(pick(wanted));
};

if (indexed.length === 0) {
  describe('real packages', () => {
    // oxlint-disable-next-line jest/no-disabled-tests, jest/expect-expect
    test.skip('are read as their index expects (skipped: ../shared/packages is absent)', () => undefined);
  });
} else {
  describe('real packages', () => {
    afterAll(() => {
      process.stdout.write(`${agreed.length} of ${indexed.length} packages agree with the index.\n`);
    });

    test.each(indexed.filter(({ outcome }) => outcome !== 'ERROR'))('$file is read: $outcome', async (entry) => {
      const course = await read(entry.file);
      compare(course, entry.expect);
      expect(course.parserWarnings.length > 0 || !entry.outcome.includes('parserWarnings')).toBe(true);
      agreed.push(entry.file);
    });

    test.each(indexed.filter(({ outcome }) => outcome === 'ERROR'))('$file is refused', async ({ file }) => {
      await expect(read(file)).rejects.toMatchObject({ name: 'AppError', kind: 'invalid' });
      agreed.push(file);
    });
  });
}
