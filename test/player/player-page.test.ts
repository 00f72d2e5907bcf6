import { scoCourse } from '../support/played-courses';
import { describeInBrowser, PlayerStage, Sco, until } from '../support/player';

describeInBrowser('the player’s page', () => {
  let stage: PlayerStage;
  let count = 0;

  beforeAll(async () => {
    stage = await PlayerStage.start();
  });
  afterAll(() => stage.stop());
  beforeEach(() => stage.newPage());

  /** A course of its own, set as wanted, and opened. */
  async function openWith(settings: Record<string, string>, names = ['a', 'b'], request: object = {}): Promise<void> {
    count += 1;
    await stage.import(`course-${count}`, scoCourse(names));
    await stage.set(`course-${count}`, settings);
    await stage.open(`course-${count}`, request);
  }
  const finish = async (name: string, values: Record<string, string>): Promise<void> => {
    const sco = await stage.content(name);
    await sco.set(values);
    await sco.tell('finish');
  };

  it('shows what the course is set to show', async () => {
    await openWith({
      PlayerShowProgressBar: 'YES',
      PlayerShowHelp: 'YES',
      PlayerShowCloseItem: 'YES',
      PrivacyPolicyUrl: 'https://example.com/p',
    });
    await stage.content('a');
    await stage.page.getByRole('heading', { name: 'The Course' }).waitFor();
    await stage.page.getByRole('progressbar').waitFor();
    expect(await stage.page.getByRole('link', { name: 'Privacy' }).getAttribute('href')).toBe('https://example.com/p');
    await stage.page.getByRole('link', { name: 'Help' }).click();
    await stage.button('Close').click();
    await stage.button('Close item').click();
    await until(
      () => stage.activity('a'),
      (row) => row?.session_open === false,
    );
    expect(await stage.button('Close item').isDisabled()).toBe(true);
  });

  it('hides what the course is set to hide', async () => {
    await openWith({
      PlayerShowTitleBar: 'NO',
      PlayerShowCourseStructure: 'NO',
      PlayerShowFinishButton: 'NO',
      PlayerEnableFlowNav: 'NO',
    });
    await stage.content('a');
    expect(await stage.page.getByRole('heading', { name: 'The Course' }).isVisible()).toBe(false);
    expect(await stage.page.getByRole('navigation').isVisible()).toBe(false);
    for (const name of ['Contents', 'Exit', 'Next', 'Previous'])
      expect(await stage.button(name).isVisible()).toBe(false);
  });

  it('has no bar where the course wants none', async () => {
    await openWith({ PlayerShowNavBar: 'NO' });
    await stage.content('a');
    expect(await stage.page.getByRole('toolbar').isVisible()).toBe(false);
  });

  it('opens the item that the launch asks for', async () => {
    await openWith({}, ['a', 'b', 'c'], { startSco: 'c' });
    expect(await (await stage.content('c')).get('cmi.core.entry')).toBe('ab-initio');
  });

  it('adds the launch’s values to the content’s address', async () => {
    await openWith({ SupplementalQueryStringParametersForAllActivities: 'all=1' }, ['a'], {
      additionalvalues: [{ item: 'learner', value: 'é&x' }],
    });
    const { frame } = await stage.content('a');
    expect([...new URL(frame.url()).searchParams]).toEqual([
      ['learner', 'é&x'],
      ['all', '1'],
    ]);
  });

  it('is used with the keyboard, and says where one is', async () => {
    await openWith({});
    await stage.content('a');
    await stage.page.locator('body').press('Tab');
    expect(await stage.page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    const second = stage.item('Lesson b');
    await second.focus();
    await second.press('Enter');
    await stage.content('b');
    expect(await second.getAttribute('aria-current')).toBe('step');
    await stage.page.getByRole('status').getByText('In progress').waitFor();
    expect(await stage.button('Contents').getAttribute('aria-expanded')).toBe('true');
  });

  it('fits a phone: the contents cover the course only while they are wanted', async () => {
    await stage.newPage({ width: 360, height: 640 });
    await openWith({});
    await stage.content('a');
    expect(await stage.page.getByRole('navigation').isVisible()).toBe(false);
    expect(await stage.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await stage.button('Contents').click();
    await stage.item('Lesson b').click();
    await stage.content('b');
    expect(await stage.page.getByRole('navigation').isVisible()).toBe(false);
  });

  it.each([
    ['an address', 'https://example.com/done?x=1', 'https://example.com/done?x=1'],
    ['a blank page', 'blank', '/exit/blank'],
    ['a page that closes', 'closer', '/exit/closer'],
    ['a message', 'message', '/exit/message'],
    ['the message for what is no address', 'javascript:alert(1)', '/exit/message'],
  ])('leads to %s on leaving', async (_what, redirectOnExitUrl, expected) => {
    await stage.page.route('https://example.com/**', (route) => route.fulfill({ body: 'elsewhere' }));
    await openWith({}, ['a'], { redirectOnExitUrl });
    await stage.content('a');
    await stage.button('Exit').click();
    await stage.page.waitForURL((url) => url.href.endsWith(expected));
    expect(await stage.launch()).toMatchObject({ state: 'finished', finished_by: 'exit' });
  });

  it('leads where the course is set to, when the launch does not say', async () => {
    await openWith({ RedirectOnExitUrl: 'blank' }, ['a'], { redirectOnExitUrl: '' });
    await stage.content('a');
    await stage.button('Exit').click();
    await stage.page.waitForURL(/\/exit\/blank$/);
    expect(await stage.launch()).toMatchObject({ state: 'finished' });
  });

  it('goes on by itself when a part ends well, and asks when it does not', async () => {
    await openWith({}, ['a', 'b', 'c']);
    await finish('a', { 'cmi.core.lesson_status': 'completed' });
    await finish('b', { 'cmi.core.lesson_status': 'failed' });
    await stage.page.getByText('This part has ended.').waitFor();
    await stage.item('Lesson c').click();
    await finish('c', { 'cmi.core.lesson_status': 'completed' });
    await stage.untilLeft();
    expect(await stage.registration()).toMatchObject({ completion: 'incomplete', success: 'failed' });
  });

  it('does what the course is set to when a part ends', async () => {
    await openWith({
      PlayerIntermediateScoSatisfiedNormalExitAction: 'DO_NOTHING',
      PlayerFinalScoCourseSatisfiedNormalExitAction: 'EXIT_COURSE_AFTER_CONFIRM',
    });
    await finish('a', { 'cmi.core.lesson_status': 'completed' });
    await stage.content('a');
    await stage.button('Next').click();
    await finish('b', { 'cmi.core.lesson_status': 'passed' });
    await stage.button('Stay').click();
    await stage.content('b');
    expect(await stage.launch()).toMatchObject({ state: 'open' });
  });

  it('leaves when content asks to log out', async () => {
    await openWith({}, ['a', 'b']);
    await finish('a', { 'cmi.core.lesson_status': 'incomplete', 'cmi.core.exit': 'logout' });
    await stage.untilLeft();
    expect(await stage.activity('b')).toBeUndefined();
  });

  it('opens content in a window of its own, which finds its run-time and closes with the player', async () => {
    await openWith(
      { PlayerScoLaunchType: 'NEW_WINDOW_AFTER_CLICK', PlayerDesiredWidth: '500', PlayerDesiredHeight: '400' },
      ['a'],
    );
    const [popup] = await Promise.all([stage.context.waitForEvent('page'), stage.button('Open the course').click()]);
    await popup.locator('body[data-ready]').waitFor();
    const sco = new Sco(popup.mainFrame());
    expect(await sco.get('cmi.core.entry')).toBe('ab-initio');
    await sco.set({ 'cmi.core.lesson_status': 'completed' });
    await stage.button('Exit').click();
    await stage.untilLeft();
    expect(popup.isClosed()).toBe(true);
    expect(await stage.activity('a')).toMatchObject({ completion: 'completed', session_open: false });
  });

  it('takes note when the learner closes content’s window', async () => {
    await openWith({ PlayerScoLaunchType: 'NEW_WINDOW_AFTER_CLICK' }, ['a']);
    const [popup] = await Promise.all([stage.context.waitForEvent('page'), stage.button('Open the course').click()]);
    await popup.locator('body[data-ready]').waitFor();
    await new Sco(popup.mainFrame()).set({ 'cmi.core.lesson_location': 'p9' });
    // It answers before the window is closed: a browser that is ended in between may never end.
    await Promise.all([popup.waitForEvent('close'), popup.close({ runBeforeUnload: true })]);
    const row = await until(
      () => stage.activity('a'),
      (found) => found?.session_open === false,
    );
    expect(row!.cmi).toMatchObject({ 'cmi.core.lesson_location': 'p9' });
  });

  it('opens in a window of its own where the course wants that', async () => {
    await openWith({ PlayerLaunchType: 'NEW_WINDOW_AFTER_CLICK' }, ['a']);
    const [popup] = await Promise.all([stage.context.waitForEvent('page'), stage.button('Open the course').click()]);
    await popup.frameLocator('#frame').locator('body[data-ready]').waitFor();
    await popup.getByRole('button', { name: 'Exit' }).click();
    await popup.getByText('You have left the course').waitFor();
    expect(await stage.launch()).toMatchObject({ state: 'finished' });
  });

  it('keeps a course that commits in a loop from flooding the hub, and loses nothing of it', async () => {
    await openWith({}, ['a']);
    const sco = await stage.content('a');
    let requests = 0;
    stage.page.on('request', (request) => void (requests += request.url().endsWith('/commit') ? 1 : 0));
    await sco.frame.evaluate(() => {
      const { api } = globalThis as unknown as { api: { set: (e: string, v: string) => string; commit: () => string } };
      for (let index = 0; index < 500; index += 1) {
        api.set('cmi.core.lesson_location', String(index));
        api.commit();
      }
    });
    await until(
      () => stage.activity('a'),
      (row) => row?.cmi['cmi.core.lesson_location'] === '499',
    );
    expect(requests).toBeLessThan(60);
  });

  it('tells the learner when nothing can be saved', async () => {
    await openWith({ PlayerCommMaxFailedSubmissions: '0' }, ['a']);
    const sco = await stage.content('a');
    await until(
      () => stage.activity('a'),
      (row) => row !== undefined,
    );
    await stage.context.setOffline(true);
    await sco.set({ 'cmi.core.lesson_location': 'x' });
    await sco.tell('commit');
    await stage.page.getByRole('alert').getByText('cannot be saved').waitFor();
    await stage.context.setOffline(false);
    await stage.page.getByRole('alert').waitFor({ state: 'hidden' });
    expect(await stage.activity('a')).toMatchObject({ cmi: { 'cmi.core.lesson_location': 'x' } });
  });

  it('keeps nothing of a launch that is not tracked, and says so', async () => {
    await openWith({}, ['a'], { tracking: false });
    const sco = await stage.content('a');
    await sco.set({ 'cmi.core.lesson_status': 'completed' });
    expect(await sco.tell('commit')).toBe('true');
    expect(await stage.page.getByRole('status').textContent()).toBe('Nothing is kept');
    expect(await stage.activity('a')).toBeUndefined();
  });

  it('starts a course anew only within its own launch', async () => {
    await openWith({}, ['a']);
    await (await stage.content('a')).set({ 'cmi.core.lesson_location': 'mine', 'cmi.core.exit': 'suspend' });
    await stage.button('Exit').click();
    await stage.untilLeft();
    await stage.open(`course-${count}`);
    expect(await (await stage.content('a')).get('cmi.core.lesson_location')).toBe('');
  });
});
