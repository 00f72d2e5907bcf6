import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { startHub, type TestHub } from '../support/hub';
import { scoCourse } from '../support/played-courses';
import { describeInBrowser, importCourse, linkTo, startBrowser } from '../support/player';
import { type CallCourseApi, courseApi } from '../support/scorm-cloud';

describeInBrowser('a SCORM 1.2 course in the player', () => {
  let hub: TestHub;
  let call: CallCourseApi;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    hub = await startHub();
    call = courseApi(hub, await hub.newKey());
    browser = await startBrowser();
    await importCourse(
      hub,
      call,
      'one',
      scoCourse(['a'], {
        item: '<adlcp:masteryscore>80</adlcp:masteryscore><adlcp:datafromlms>from the LMS</adlcp:datafromlms>',
      }),
    );
    await importCourse(hub, call, 'three', scoCourse(['a', 'b', 'c']));
  });
  afterAll(async () => {
    await browser.close();
    await hub.close();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
  });
  afterEach(() => context.close());

  const open = async (course: string, request: object = {}): Promise<string> => {
    const link = await linkTo(call, course, request);
    await page.goto(link);
    return link;
  };
  /** The content that shows this page, once its script has run. */
  const content = async (name: string, of = page): Promise<Frame> => {
    await of.frameLocator('#frame').locator(`h1:text-is("${name}")`).waitFor();
    const frame = of.frames().find((one) => one.url().endsWith(`/${name}.html`));
    await frame!.locator('body[data-ready]').waitFor();
    return frame!;
  };
  const set = (frame: Frame, values: Record<string, string>): Promise<string[]> =>
    frame.evaluate((wanted) => {
      const { api } = globalThis as unknown as { api: { set: (e: string, v: string) => string } };
      return Object.entries(wanted).map(([element, value]) => api.set(element, value));
    }, values);
  const get = (frame: Frame, element: string): Promise<string> =>
    frame.evaluate((name) => (globalThis as unknown as { api: { get: (e: string) => string } }).api.get(name), element);
  const tell = (frame: Frame, name: 'commit' | 'finish' | 'error'): Promise<string> =>
    frame.evaluate((method) => (globalThis as unknown as { api: Record<string, () => string> }).api[method]!(), name);

  const registration = async () => (await hub.resources.db('registrations').orderBy('created_at', 'desc').first())!;
  const launch = async () => (await hub.resources.db('launches').orderBy('created_at', 'desc').first())!;
  const activity = async (id: string) =>
    (await hub.resources
      .db('registration_activities')
      .where({ registration_id: (await registration()).id, activity_id: id })
      .first())!;
  const until = async <T>(read: () => Promise<T>, isThere: (value: T) => boolean): Promise<T> => {
    for (const giveUp = Date.now() + 15_000; ;) {
      const value = await read();
      if (isThere(value)) return value;
      if (Date.now() > giveUp) throw new Error(`still ${JSON.stringify(value)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  it('is told what the manifest says, and begins', async () => {
    await open('one');
    const sco = await content('a');
    expect(await get(sco, 'cmi.core.entry')).toBe('ab-initio');
    expect(await get(sco, 'cmi.launch_data')).toBe('from the LMS');
    expect(await get(sco, 'cmi.student_data.mastery_score')).toBe('80');
    expect(await get(sco, 'cmi.core.lesson_status')).toBe('not attempted');
    await until(
      () => activity('a'),
      (row) => row?.session_open === true,
    );
  });

  it('is passed by its score, and its result shown and kept', async () => {
    await open('one');
    const sco = await content('a');
    await set(sco, {
      'cmi.core.score.raw': '90',
      'cmi.core.lesson_status': 'completed',
      'cmi.core.session_time': '00:01:30',
    });
    expect(await tell(sco, 'commit')).toBe('true');
    expect(await activity('a')).toMatchObject({ completion: 'completed', score: 0.9, session_open: true });
    await page.getByRole('status').getByText('Completed · 90 %').waitFor();
    expect(await tell(sco, 'finish')).toBe('true');
    await page.getByText('You have left the course').waitFor();
    expect(await registration()).toMatchObject({ completion: 'completed', success: 'passed', score: 0.9, seconds: 90 });
    expect(await launch()).toMatchObject({ state: 'finished', finished_by: 'exit' });
  });

  it('is failed by its score', async () => {
    await open('one');
    const sco = await content('a');
    await set(sco, { 'cmi.core.score.raw': '20', 'cmi.core.lesson_status': 'completed' });
    await tell(sco, 'finish');
    await page.getByText('You have left the course').waitFor();
    expect(await registration()).toMatchObject({ completion: 'incomplete', success: 'failed', score: 0.2 });
  });

  it('is moved through with buttons and the outline, and completed by all its parts', async () => {
    await open('three');
    const next = page.getByRole('button', { name: 'Next' });
    const first = await content('a');
    expect(await page.getByRole('button', { name: 'Previous' }).isDisabled()).toBe(true);
    await set(first, { 'cmi.core.lesson_status': 'completed' });
    await next.click();
    const second = await content('b');
    await set(second, { 'cmi.core.lesson_status': 'passed' });
    await page.getByRole('navigation').getByRole('button', { name: 'Lesson c' }).click();
    const third = await content('c');
    expect(await next.isDisabled()).toBe(true);
    await set(third, { 'cmi.core.lesson_status': 'completed' });
    await page.getByRole('button', { name: 'Exit' }).click();
    await page.getByText('You have left the course').waitFor();
    expect(await registration()).toMatchObject({ completion: 'completed', success: 'passed' });
    for (const id of ['a', 'b', 'c'])
      expect(await activity(id)).toMatchObject({ completion: 'completed', session_open: false });
  });

  it('goes on where it was when its page is loaded again', async () => {
    const link = await open('three');
    await content('a');
    await page.getByRole('button', { name: 'Next' }).click();
    const sco = await content('b');
    await set(sco, {
      'cmi.suspend_data': 'x'.repeat(3000),
      'cmi.core.lesson_location': 'page 7',
      'cmi.core.exit': 'suspend',
      'cmi.core.session_time': '00:00:20',
    });
    await page.goto(link);
    const again = await content('b');
    expect(await get(again, 'cmi.core.entry')).toBe('resume');
    expect(await get(again, 'cmi.core.lesson_location')).toBe('page 7');
    expect(await get(again, 'cmi.suspend_data')).toBe('x'.repeat(3000));
    expect(await get(again, 'cmi.core.total_time')).toBe('00:00:20');
  });

  it('loses nothing when the tab is closed', async () => {
    await open('one');
    const sco = await content('a');
    await set(sco, {
      'cmi.core.lesson_location': 'last page',
      'cmi.core.exit': 'suspend',
      'cmi.core.session_time': '00:02:00',
    });
    await page.close({ runBeforeUnload: true });
    const row = await until(
      () => activity('a'),
      ({ session_open }) => session_open === false,
    );
    expect(row).toMatchObject({ seconds: 120 });
    expect(row.cmi).toMatchObject({ 'cmi.core.lesson_location': 'last page' });
  });

  it('keeps what it was told while the network was away', async () => {
    await open('one');
    const sco = await content('a');
    await until(
      () => activity('a'),
      (row) => row !== undefined,
    );
    await context.setOffline(true);
    await set(sco, { 'cmi.core.lesson_status': 'completed', 'cmi.core.score.raw': '85' });
    expect(await tell(sco, 'commit')).toBe('false');
    expect(await tell(sco, 'error')).toBe('101');
    await context.setOffline(false);
    const row = await until(
      () => activity('a'),
      ({ completion }) => completion === 'completed',
    );
    expect(row).toMatchObject({ score: 0.85 });
  });

  it('saves by itself what content never commits', async () => {
    await call('setCourseConfiguration', 'one', {
      settings: [{ settingId: 'PlayerCommCommitFrequency', value: '300' }],
    });
    await open('one');
    const sco = await content('a');
    await set(sco, { 'cmi.core.lesson_location': 'unsaved' });
    await until(
      () => activity('a'),
      (row) => row?.cmi['cmi.core.lesson_location'] === 'unsaved',
    );
  });

  it('is told by the standard’s codes what is wrong', async () => {
    await open('one');
    const sco = await content('a');
    const refused = async (element: string, value: string): Promise<string> => {
      expect(await set(sco, { [element]: value })).toEqual(['false']);
      return tell(sco, 'error');
    };
    expect(await refused('cmi.core.lesson_status', 'finished')).toBe('405');
    expect(await refused('cmi.core.student_id', 'me')).toBe('403');
    expect(await refused('cmi.core._children', 'x')).toBe('402');
    expect(await refused('cmi.suspend_data', 'x'.repeat(64_001))).toBe('405');
    expect(await refused('cmi.nonsense', 'x')).toBe('401');
    expect(await set(sco, { 'cmi.suspend_data': 'x'.repeat(64_000) })).toEqual(['true']);
    expect(await tell(sco, 'commit')).toBe('true');
  });
});
