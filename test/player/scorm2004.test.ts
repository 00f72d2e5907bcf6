import { manifestOf, type PackageContents, scormItems } from '../support/course-packages';
import { itemOf, resourceOf, scoCourse, scoPage } from '../support/played-courses';
import { describeInBrowser, PlayerStage, until } from '../support/player';

const sequenced = (items: string, names: string[], organization: string): PackageContents => ({
  'imsmanifest.xml': manifestOf(
    scormItems(items + organization, names.map((name) => resourceOf(name, 'sco', '2004')).join(''), '2004 4th Edition'),
  ),
  ...Object.fromEntries(names.map((name) => [`${name}.html`, scoPage(name)])),
});

const flowOnly = '<imsss:sequencing><imsss:controlMode choice="false" flow="true"/></imsss:sequencing>';

const passedByMeasure = `<imsss:sequencing><imsss:objectives><imsss:primaryObjective objectiveID="po" satisfiedByMeasure="true">
  <imsss:minNormalizedMeasure>0.6</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives></imsss:sequencing>`;

/** Lesson b cannot be had before a is satisfied: a shared objective says so. */
const guarded = `<imsss:sequencing><imsss:sequencingRules><imsss:preConditionRule>
  <imsss:ruleConditions conditionCombination="any">
    <imsss:ruleCondition referencedObjective="before" operator="not" condition="satisfied"/>
    <imsss:ruleCondition referencedObjective="before" operator="not" condition="objectiveStatusKnown"/></imsss:ruleConditions>
  <imsss:ruleAction action="disabled"/></imsss:preConditionRule></imsss:sequencingRules>
  <imsss:objectives><imsss:primaryObjective objectiveID="own"/><imsss:objective objectiveID="before">
    <imsss:mapInfo targetObjectiveID="a-done" readSatisfiedStatus="true"/></imsss:objective></imsss:objectives></imsss:sequencing>`;
const writesDone = `<imsss:sequencing><imsss:objectives><imsss:primaryObjective objectiveID="own">
  <imsss:mapInfo targetObjectiveID="a-done" writeSatisfiedStatus="true"/></imsss:primaryObjective></imsss:objectives></imsss:sequencing>`;

describeInBrowser('a SCORM 2004 course in the player', () => {
  let stage: PlayerStage;

  beforeAll(async () => {
    stage = await PlayerStage.start();
    await stage.import('one', scoCourse(['a'], { version: '2004 3rd Edition', item: passedByMeasure }));
    await stage.import('two', scoCourse(['a', 'b'], { version: '2004 3rd Edition' }));
    await stage.import('flow', sequenced(itemOf('a') + itemOf('b') + itemOf('c'), ['a', 'b', 'c'], flowOnly));
    const choice = '<imsss:sequencing><imsss:controlMode choice="true" flow="true"/></imsss:sequencing>';
    await stage.import('guarded', sequenced(itemOf('a', writesDone) + itemOf('b', guarded), ['a', 'b'], choice));
  });
  afterAll(() => stage.stop());
  beforeEach(() => stage.newPage());

  it('is passed by the measure that its manifest asks for', async () => {
    await stage.open('one');
    const sco = await stage.content('a');
    expect(await sco.get('cmi.scaled_passing_score')).toBe('0.6');
    expect(await sco.get('cmi.objectives.0.id')).toBe('po');
    await sco.set({ 'cmi.score.scaled': '0.7', 'cmi.completion_status': 'completed', 'cmi.session_time': 'PT1M' });
    await sco.tell('finish');
    await stage.untilLeft();
    expect(await stage.registration()).toMatchObject({
      completion: 'completed',
      success: 'passed',
      score: 0.7,
      seconds: 60,
    });
  });

  it('is failed by it', async () => {
    await stage.open('one');
    const sco = await stage.content('a');
    await sco.set({ 'cmi.score.scaled': '0.5', 'cmi.completion_status': 'completed' });
    await sco.tell('finish');
    await stage.untilLeft();
    expect(await stage.registration()).toMatchObject({ completion: 'completed', success: 'failed' });
  });

  it('without rules is gone through in any order, and completed by all its parts', async () => {
    await stage.open('two');
    await stage.content('a');
    await stage.item('Lesson b').click();
    await (await stage.content('b')).set({ 'cmi.completion_status': 'completed', 'cmi.success_status': 'passed' });
    await stage.button('Previous').click();
    await (await stage.content('a')).set({ 'cmi.completion_status': 'completed', 'cmi.success_status': 'passed' });
    await stage.button('Exit').click();
    await stage.untilLeft();
    expect(await stage.registration()).toMatchObject({ completion: 'completed', success: 'passed' });
  });

  it('obeys its control modes', async () => {
    await stage.open('flow');
    await stage.content('a');
    expect(await stage.item('Lesson c').isDisabled()).toBe(true);
    expect(await stage.button('Previous').isDisabled()).toBe(true);
    await stage.button('Next').click();
    await stage.content('b');
    await stage.button('Next').click();
    await stage.content('c');
    expect(await stage.button('Next').isDisabled()).toBe(true);
  });

  it('obeys its rules, and what activities share', async () => {
    await stage.open('guarded');
    const first = await stage.content('a');
    expect(await stage.item('Lesson b').isDisabled()).toBe(true);
    await first.set({
      'cmi.success_status': 'passed',
      'cmi.completion_status': 'completed',
      'adl.nav.request': 'continue',
    });
    await first.tell('finish');
    await stage.content('b');
    expect(await stage.activity('a')).toMatchObject({ success: 'passed', session_open: false });
  });

  it('goes where content asks for', async () => {
    await stage.open('flow');
    const sco = await stage.content('a');
    expect(await sco.get('adl.nav.request_valid.continue')).toBe('true');
    await sco.set({ 'adl.nav.request': 'continue' });
    await sco.tell('finish');
    await (await stage.content('b')).set({ 'adl.nav.request': 'exitAll' });
    await (await stage.content('b')).tell('finish');
    await stage.untilLeft();
    expect(await stage.launch()).toMatchObject({ state: 'finished', finished_by: 'exit' });
  });

  it('goes on where it was when its page is loaded again, with its sequencing', async () => {
    const link = await stage.open('flow');
    await stage.content('a');
    await stage.button('Next').click();
    const sco = await stage.content('b');
    await sco.set({
      'cmi.location': 'p4',
      'cmi.suspend_data': 's'.repeat(9000),
      'cmi.exit': 'suspend',
      'cmi.session_time': 'PT20S',
    });
    await stage.page.goto(link);
    const again = await stage.content('b');
    expect(await again.get('cmi.entry')).toBe('resume');
    expect(await again.get('cmi.location')).toBe('p4');
    expect(await again.get('cmi.suspend_data')).toBe('s'.repeat(9000));
    expect(await again.get('cmi.total_time')).toBe('PT20S');
    expect(await stage.button('Previous').isEnabled()).toBe(true);
  });

  it('loses nothing when the tab is closed', async () => {
    await stage.open('flow');
    const sco = await stage.content('a');
    await sco.set({ 'cmi.location': 'end', 'cmi.exit': 'suspend', 'cmi.session_time': 'PT2M' });
    await stage.page.close({ runBeforeUnload: true });
    const row = await until(
      () => stage.activity('a'),
      (found) => found?.session_open === false,
    );
    expect(row).toMatchObject({ seconds: 120, cmi: { 'cmi.location': 'end' } });
  });

  it('is told by the standard’s codes what is wrong', async () => {
    await stage.open('one');
    const sco = await stage.content('a');
    expect(await sco.refusal('cmi.completion_status', 'done')).toBe('406');
    expect(await sco.refusal('cmi.score.scaled', '2')).toBe('407');
    expect(await sco.refusal('cmi.learner_id', 'me')).toBe('404');
    expect(await sco.refusal('cmi.nonsense', 'x')).toBe('401');
    expect(await sco.refusal('cmi.interactions.0.type', 'choice')).toBe('408');
    expect(await sco.refusal('cmi.suspend_data', 'x'.repeat(64_001))).toBe('351');
  });
});
