import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Frame, type Locator, type Page } from 'playwright-core';
import { checkPackage } from '../../src/courses/check-package';
import { publishCourse } from '../../src/courses/publish-course';
import type { LaunchRow } from '../../src/player/launches.store';
import {
  listActivities,
  type RegistrationActivityRow,
  type RegistrationRow,
} from '../../src/player/registrations.store';
import { type PackageContents, zipOf } from './course-packages';
import { startHub, type TestHub, type TestKey } from './hub';
import { type CallCourseApi, courseApi } from './scorm-cloud';

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

/** Opens a link as the player's page does; answers the session's address, which ends in a slash. */
export async function openSession(link: string): Promise<string> {
  const answer = await fetch(link, { redirect: 'manual' });
  const session = new URL(answer.headers.get('location')!, link).href.replace(/player$/, '');
  await fetch(`${session}state`);
  return session;
}

/** Asks until the answer is the wanted one; fails with the last one. */
export async function until<T>(read: () => Promise<T>, isThere: (value: T) => boolean): Promise<T> {
  for (const giveUp = Date.now() + 15_000; ;) {
    const value = await read();
    if (isThere(value)) return value;
    if (Date.now() > giveUp) throw new Error(`still ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

type Api = Record<'get' | 'commit' | 'finish' | 'error' | 'init', (element?: string) => string> & {
  set: (element: string, value: string) => string;
};

/** Content in the player, driven from outside (`played-courses.ts`). */
export class Sco {
  constructor(readonly frame: Frame) {}

  /** Sets values in their order; answers what the run-time said to each. */
  set(values: Record<string, string>): Promise<string[]> {
    return this.frame.evaluate((wanted) => {
      const { api } = globalThis as unknown as { api: Api };
      return Object.entries(wanted).map(([element, value]) => api.set(element, value));
    }, values);
  }

  /** The standard's code for why the run-time refuses a value; fails where it takes it. */
  async refusal(element: string, value: string): Promise<string> {
    const [answer] = await this.set({ [element]: value });
    if (answer !== 'false') throw new Error(`${element} was answered ${answer}`);
    return this.tell('error');
  }

  get(element: string): Promise<string> {
    return this.frame.evaluate((name) => (globalThis as unknown as { api: Api }).api.get(name), element);
  }

  tell(name: 'init' | 'commit' | 'finish' | 'error'): Promise<string> {
    return this.frame.evaluate((method) => (globalThis as unknown as { api: Api }).api[method](), name);
  }
}

/** A browser with a page that plays courses of a hub, and what the hub has kept of the newest launch. */
export class PlayerStage {
  readonly call: CallCourseApi;
  page!: Page;
  context!: BrowserContext;

  private constructor(
    readonly hub: TestHub,
    private readonly browser: Browser,
    key: TestKey,
  ) {
    this.call = courseApi(hub, key);
  }

  static async start(): Promise<PlayerStage> {
    const [hub, browser] = await Promise.all([startHub(), startBrowser()]);
    return new PlayerStage(hub, browser, await hub.newKey());
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.hub.close();
  }

  import(courseId: string, contents: PackageContents | Buffer, options?: object): Promise<void> {
    return importCourse(this.hub, this.call, courseId, contents, options);
  }

  /** A browser that knows nothing. */
  async newPage(viewport = { width: 1200, height: 800 }): Promise<void> {
    // While a window of its pages is closing, Chromium may never answer that; the browser's end takes what is left.
    await Promise.race([this.context?.close(), new Promise((resolve) => setTimeout(resolve, 5000))]);
    this.context = await this.browser.newContext({ viewport });
    this.page = await this.context.newPage();
  }

  /** Opens a course by a new link, and answers the link. */
  async open(course: string, request: object = {}): Promise<string> {
    const link = await linkTo(this.call, course, request);
    await this.page.goto(link);
    return link;
  }

  /** The content that shows a heading, once its script has run. */
  async content(name: string): Promise<Sco> {
    await this.page.frameLocator('#frame').locator(`h1:text-is("${name}")`).waitFor();
    const frame = this.page.frames().find((one) => new URL(one.url()).pathname.endsWith(`/${name}.html`));
    await frame!.locator('body[data-ready]').waitFor();
    return new Sco(frame!);
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** An item of the outline. */
  item(title: string): Locator {
    return this.page.getByRole('navigation').getByRole('button', { name: title });
  }

  async untilLeft(): Promise<void> {
    await this.page.getByText('You have left the course').waitFor();
  }

  async set(course: string, settings: Record<string, string>): Promise<void> {
    const list = Object.entries(settings).map(([settingId, value]) => ({ settingId, value }));
    const { error } = await this.call('setCourseConfiguration', course, { settings: list });
    if (error) throw new Error(JSON.stringify(error));
  }

  async registration(): Promise<RegistrationRow> {
    return (await this.hub.resources.db<RegistrationRow>('registrations').orderBy('created_at', 'desc').first())!;
  }

  async launch(): Promise<LaunchRow> {
    return (await this.hub.resources.db<LaunchRow>('launches').orderBy('created_at', 'desc').first())!;
  }

  async activity(id: string): Promise<RegistrationActivityRow | undefined> {
    const { id: registrationId } = await this.registration();
    const rows = await listActivities(this.hub.resources.db, registrationId);
    return rows.find((row) => row.activity_id === id);
  }
}
