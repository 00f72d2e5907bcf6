import { scoCourse } from '../support/played-courses';
import { describeInBrowser, PlayerStage, until } from '../support/player';

describeInBrowser('a SCORM 1.2 course in the player', () => {
  let stage: PlayerStage;

  beforeAll(async () => {
    stage = await PlayerStage.start();
    const item = '<adlcp:masteryscore>80</adlcp:masteryscore><adlcp:datafromlms>from the LMS</adlcp:datafromlms>';
    await stage.import('one', scoCourse(['a'], { item }));
    await stage.import('three', scoCourse(['a', 'b', 'c']));
  });
  afterAll(() => stage.stop());
  beforeEach(() => stage.newPage());

  it('is told what the manifest says, and begins', async () => {
    await stage.open('one');
    const sco = await stage.content('a');
    expect(await sco.get('cmi.core.entry')).toBe('ab-initio');
    expect(await sco.get('cmi.launch_data')).toBe('from the LMS');
    expect(await sco.get('cmi.student_data.mastery_score')).toBe('80');
    expect(await sco.get('cmi.core.lesson_status')).toBe('not attempted');
    await until(
      () => stage.activity('a'),
      (row) => row?.session_open === true,
    );
  });

  it('is passed by its score, and its result shown and kept', async () => {
    await stage.open('one');
    const sco = await stage.content('a');
    await sco.set({
      'cmi.core.score.raw': '90',
      'cmi.core.lesson_status': 'completed',
      'cmi.core.session_time': '00:01:30',
    });
    expect(await sco.tell('commit')).toBe('true');
    expect(await stage.activity('a')).toMatchObject({ completion: 'completed', score: 0.9, session_open: true });
    await stage.page.getByRole('status').getByText('Completed · 90 %').waitFor();
    expect(await sco.tell('finish')).toBe('true');
    await stage.untilLeft();
    expect(await stage.registration()).toMatchObject({
      completion: 'completed',
      success: 'passed',
      score: 0.9,
      seconds: 90,
    });
    expect(await stage.launch()).toMatchObject({ state: 'finished', finished_by: 'exit' });
  });

  it('is failed by its score', async () => {
    await stage.open('one');
    const sco = await stage.content('a');
    await sco.set({ 'cmi.core.score.raw': '20', 'cmi.core.lesson_status': 'completed' });
    await sco.tell('finish');
    await stage.untilLeft();
    expect(await stage.registration()).toMatchObject({ completion: 'incomplete', success: 'failed', score: 0.2 });
  });

  it('is moved through with buttons and the outline, and completed by all its parts', async () => {
    await stage.open('three');
    const next = stage.button('Next');
    const first = await stage.content('a');
    expect(await stage.button('Previous').isDisabled()).toBe(true);
    await first.set({ 'cmi.core.lesson_status': 'completed' });
    await next.click();
    const second = await stage.content('b');
    await second.set({ 'cmi.core.lesson_status': 'passed' });
    await stage.item('Lesson c').click();
    const third = await stage.content('c');
    expect(await next.isDisabled()).toBe(true);
    await third.set({ 'cmi.core.lesson_status': 'completed' });
    await stage.button('Exit').click();
    await stage.untilLeft();
    expect(await stage.registration()).toMatchObject({ completion: 'completed', success: 'passed' });
    for (const id of ['a', 'b', 'c'])
      expect(await stage.activity(id)).toMatchObject({ completion: 'completed', session_open: false });
  });

  it('goes on where it was when its page is loaded again', async () => {
    const link = await stage.open('three');
    await stage.content('a');
    await stage.button('Next').click();
    const sco = await stage.content('b');
    await sco.set({
      'cmi.suspend_data': 'x'.repeat(3000),
      'cmi.core.lesson_location': 'page 7',
      'cmi.core.exit': 'suspend',
      'cmi.core.session_time': '00:00:20',
    });
    await stage.page.goto(link);
    const again = await stage.content('b');
    expect(await again.get('cmi.core.entry')).toBe('resume');
    expect(await again.get('cmi.core.lesson_location')).toBe('page 7');
    expect(await again.get('cmi.suspend_data')).toBe('x'.repeat(3000));
    expect(await again.get('cmi.core.total_time')).toBe('00:00:20');
  });

  it('loses nothing when the tab is closed', async () => {
    await stage.open('one');
    const sco = await stage.content('a');
    await sco.set({
      'cmi.core.lesson_location': 'last page',
      'cmi.core.exit': 'suspend',
      'cmi.core.session_time': '00:02:00',
    });
    await stage.page.close({ runBeforeUnload: true });
    const row = await until(
      () => stage.activity('a'),
      (found) => found?.session_open === false,
    );
    expect(row).toMatchObject({ seconds: 120 });
    expect(row!.cmi).toMatchObject({ 'cmi.core.lesson_location': 'last page' });
  });

  it('keeps what it was told while the network was away', async () => {
    await stage.open('one');
    const sco = await stage.content('a');
    await until(
      () => stage.activity('a'),
      (row) => row !== undefined,
    );
    await stage.context.setOffline(true);
    await sco.set({ 'cmi.core.lesson_status': 'completed', 'cmi.core.score.raw': '85' });
    expect(await sco.tell('commit')).toBe('false');
    expect(await sco.tell('error')).toBe('101');
    await stage.context.setOffline(false);
    const row = await until(
      () => stage.activity('a'),
      (found) => found?.completion === 'completed',
    );
    expect(row).toMatchObject({ score: 0.85 });
  });

  it('saves by itself what content never commits', async () => {
    await stage.set('one', { PlayerCommCommitFrequency: '300' });
    await stage.open('one');
    const sco = await stage.content('a');
    await sco.set({ 'cmi.core.lesson_location': 'unsaved' });
    await until(
      () => stage.activity('a'),
      (row) => row?.cmi['cmi.core.lesson_location'] === 'unsaved',
    );
  });

  it('is told by the standard’s codes what is wrong', async () => {
    await stage.open('one');
    const sco = await stage.content('a');
    expect(await sco.refusal('cmi.core.lesson_status', 'finished')).toBe('405');
    expect(await sco.refusal('cmi.core.student_id', 'me')).toBe('403');
    expect(await sco.refusal('cmi.core._children', 'x')).toBe('402');
    expect(await sco.refusal('cmi.suspend_data', 'x'.repeat(64_001))).toBe('405');
    expect(await sco.refusal('cmi.nonsense', 'x')).toBe('401');
    expect(await sco.set({ 'cmi.suspend_data': 'x'.repeat(64_000) })).toEqual(['true']);
    expect(await sco.tell('commit')).toBe('true');
  });
});
