import { existsSync } from 'node:fs';
import { type Browser, chromium, type FrameLocator, type Page } from 'playwright-core';
import { checkPackage } from '../../src/courses/check-package';
import { publishCourse } from '../../src/courses/publish-course';
import { type PackageContents, zipOf } from './course-packages';
import type { TestHub } from './hub';
import type { CallCourseApi } from './scorm-cloud';

/** Where systems put the browser; CHROMIUM names another. */
const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const program = process.env['CHROMIUM'] ?? programs.find((path) => existsSync(path));

/** Tests in a browser are skipped where there is none. */
export const describeInBrowser = program === undefined ? describe.skip : describe;

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: program!, args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'] });

/** Imports a course as the worker does, without Temporal between. */
export async function importCourse(
  hub: TestHub,
  call: CallCourseApi,
  courseId: string,
  contents: PackageContents | Buffer,
  options: object = {},
): Promise<void> {
  const file = Buffer.isBuffer(contents) ? contents : await zipOf(contents);
  const { data } = await call<{ result: string }>('createUploadAndImportCourseJob', courseId, { file, ...options });
  await checkPackage(data.result, hub.resources, { say: () => undefined, signal: new AbortController().signal });
  await publishCourse(data.result, hub.resources);
}

/** A link that opens the course. */
export async function linkTo(call: CallCourseApi, courseId: string, request: object = {}): Promise<string> {
  const { data, error } = await call<{ launchLink: string }>('buildCoursePreviewLaunchLink', courseId, request);
  if (error) throw new Error(error.message);
  return data.launchLink;
}

/** Content in the player's frame. */
export const contentOf = (page: Page): FrameLocator => page.frameLocator('#frame');
