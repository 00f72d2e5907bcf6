import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { cmi5Texts, cmi5Unit, cmi5Xml, type PackageContents } from '../support/course-packages';
import { describeInBrowser, PlayerStage, until } from '../support/player';

/** An AU that does as it is told by its buttons. */
const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>au</title><h1>au</h1><p id="last"></p>
<script>
const told = new URLSearchParams(location.search);
const [endpoint, agent, registration, activityId] = ['endpoint', 'actor', 'registration', 'activityId'].map((name) => told.get(name));
let token, data, over = false;
const ask = async (path, method, body) => {
  const response = await fetch(endpoint + path, {
    method,
    keepalive: true,
    headers: { Authorization: 'Basic ' + token, 'X-Experience-API-Version': '1.0.3', 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  document.getElementById('last').textContent = path.replace(/[?].*/, '') + ' ' + response.status;
  return response;
};
const categories = 'https://w3id.org/xapi/cmi5/context/categories/';
const statementOf = (name, result) => ({
  id: crypto.randomUUID(),
  timestamp: new Date().toISOString(),
  actor: JSON.parse(agent),
  verb: { id: 'http://adlnet.gov/expapi/verbs/' + name },
  object: { id: activityId },
  ...(result && { result }),
  context: {
    ...data.contextTemplate,
    registration,
    contextActivities: {
      ...data.contextTemplate.contextActivities,
      category: [
        { id: categories + 'cmi5' },
        ...(result && ('success' in result || 'completion' in result) ? [{ id: categories + 'moveon' }] : []),
      ],
    },
  },
});
const say = (name, result) => ask('statements', 'POST', statementOf(name, result));
const button = (label, act) => {
  const made = document.createElement('button');
  made.textContent = label;
  made.onclick = act;
  document.body.append(made);
};
const end = () => {
  if (over) return;
  over = true;
  return say('terminated', { duration: 'PT30S' });
};
button('complete', () => say('completed', { completion: true, duration: 'PT20S' }));
button('pass', () => say('passed', { success: true, duration: 'PT20S' }));
button('finish', async () => { await end(); location.href = data.returnURL; });
button('say nothing more', () => { over = true; });
window.addEventListener('pagehide', end);
(async () => {
  token = (await (await fetch(told.get('fetch'), { method: 'POST' })).json())['auth-token'];
  const place = { activityId, agent, registration, stateId: 'LMS.LaunchData' };
  data = await (await ask('activities/state?' + new URLSearchParams(place), 'GET')).json();
  await ask('agents/profile?' + new URLSearchParams({ agent, profileId: 'cmi5LearnerPreferences' }), 'GET');
  await say('initialized');
  document.body.dataset.ready = 'yes';
})();
</script></html>`;

const id = (name: string): string => `https://example.com/${name}`;
const course: PackageContents = {
  'cmi5.xml': cmi5Xml(
    `<block id="${id('block')}">${cmi5Texts('The block')}${cmi5Unit('one', 'one.html', 'moveOn="Completed"')}${cmi5Unit(
      'two',
      'two.html',
      'moveOn="Passed"',
    )}</block>`,
  ),
  'one.html': page.replace('<h1>au</h1>', '<h1>one</h1>'),
  'two.html': page.replace('<h1>au</h1>', '<h1>two</h1>'),
};

/** What was said in the newest registration. */
async function verbsIn(stage: PlayerStage): Promise<string[]> {
  const { id: registration, application_id: applicationId } = await stage.registration();
  const key = await stage.hub.newKey({ applicationId });
  const answer = await stage.hub.fetch(`/xapi/statements?ascending=true&registration=${registration}`, {
    key,
    headers: { 'x-experience-api-version': '1.0.3' },
  });
  const { statements } = (await answer.json()) as { statements: { verb: { id: string } }[] };
  return statements.map(({ verb }) => verb.id.replace(/.*\//, ''));
}

/** Asks as AUs do that were not written with the end of their pages in mind. */
const careless = [
  ['fetch', page.replace('keepalive: true,', '')],
  [
    'synchronous-xhr',
    page.replace(
      'const end = () => {',
      `const end = () => {
  if (over) return;
  over = true;
  const request = new XMLHttpRequest();
  request.open('POST', endpoint + 'statements', false);
  request.setRequestHeader('Authorization', 'Basic ' + token);
  request.setRequestHeader('X-Experience-API-Version', '1.0.3');
  request.setRequestHeader('Content-Type', 'application/json');
  request.send(JSON.stringify(statementOf('terminated', { duration: 'PT30S' })));
};
const endByFetch = () => {`,
    ),
  ],
] as const;

describeInBrowser('a cmi5 course in the player', () => {
  let stage: PlayerStage;

  beforeAll(async () => {
    stage = await PlayerStage.start();
    await stage.import('golf', course);
    await stage.set('golf', { PlayerShowCourseStructure: 'YES', PlayerEnableChoiceNav: 'YES' });
  });
  afterAll(() => stage.stop());
  beforeEach(() => stage.newPage());

  const content = () => stage.page.frameLocator('#frame');
  const press = async (name: string): Promise<void> => {
    await content().getByRole('button', { name, exact: true }).click();
  };
  const sessions = async () => {
    const { id: registration } = await stage.registration();
    return stage.hub.resources.db('unit_sessions').where({ registration_id: registration }).orderBy('id');
  };

  it('9.3.9.0-5, 10.2.6.0-1: is satisfied by its AUs, which come back to the player', async () => {
    await stage.open('golf');
    await stage.content('one');
    await press('complete');
    await content().getByText('statements 200').waitFor();
    await press('finish');
    await stage.page.locator('#message').getByText('This part has ended').waitFor();
    expect(await stage.activity(id('one'))).toMatchObject({ completion: 'completed', seconds: 30 });

    await stage.item('Unit two').click();
    await stage.content('two');
    await press('pass');
    await content().getByText('statements 200').waitFor();
    await press('finish');
    await stage.page.locator('#message').getByText('This part has ended').waitFor();
    const done = { completion: 'completed', success: 'passed', progress: 1 };
    expect(await stage.registration()).toMatchObject(done);
    expect(await verbsIn(stage)).toEqual([
      'launched',
      'initialized',
      'completed',
      'terminated',
      'launched',
      'initialized',
      'passed',
      'satisfied',
      'satisfied',
      'terminated',
    ]);
    await stage.page.getByRole('status').getByText('Passed').waitFor();
    await stage.button('Exit').click();
    await stage.untilLeft();
    expect(await stage.registration()).toMatchObject(done);
  });

  it('has the last word of an AU that is taken away, and abandons one that has none', async () => {
    await stage.open('golf');
    await stage.content('one');
    await stage.item('Unit two').click();
    await stage.content('two');
    await press('say nothing more');
    await stage.item('Unit one').click();
    await stage.content('one');
    expect(await sessions()).toMatchObject([{ state: 'ended' }, { state: 'abandoned' }, { state: 'open' }]);
    await stage.button('Exit').click();
    await stage.untilLeft();
    await until(sessions, (rows) => rows.every(({ state }) => state !== 'open'));
    expect((await sessions()).map(({ state }) => state)).toEqual(['ended', 'abandoned', 'ended']);
  });

  it('has the last word of an AU whose tab is closed', async () => {
    await stage.open('golf');
    await stage.content('one');
    await stage.page.close({ runBeforeUnload: true });
    await until(sessions, (rows) => rows[0]?.state === 'ended');
    expect(await stage.activity(id('one'))).toMatchObject({ completion: 'incomplete', seconds: 30 });
  });

  describe.each(careless)('whose AU says its last word by %s', (how, html) => {
    const file = 'au.html';
    beforeAll(() => stage.import(how, { 'cmi5.xml': cmi5Xml(cmi5Unit('one', file)), [file]: html }));

    const ended = async (): Promise<number | undefined> => {
      await until(sessions, (rows) => rows[0]?.state === 'ended');
      return (await stage.activity(id('one')))?.seconds;
    };

    it.each(['FRAMESET', 'NEW_WINDOW'])('is heard to its end in %s', async (PlayerScoLaunchType) => {
      await stage.set(how, { PlayerScoLaunchType });
      const opened = stage.context.waitForEvent('page', { predicate: (one) => one !== stage.page, timeout: 10_000 });
      opened.catch(() => undefined); // In the frame there is none.
      await stage.open(how);
      const shown = PlayerScoLaunchType === 'FRAMESET' ? content() : await opened;
      await shown.locator('body[data-ready]').waitFor();
      await stage.button('Exit').click();
      expect(await ended()).toBe(30);
    });

    it('is heard when the tab is closed', async () => {
      await stage.set(how, { PlayerScoLaunchType: 'FRAMESET' });
      await stage.open(how);
      await content().locator('body[data-ready]').waitFor();
      await stage.page.close({ runBeforeUnload: true });
      expect(await ended()).toBe(30);
    });
  });
});

/** A collection of real packages; not part of the project. */
const folder = path.resolve(__dirname, '../../../shared/packages/cmi5');
const packages = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.zip')) : [];
const describeThem = packages.length > 0 ? describeInBrowser : describe.skip;

describeThem('real cmi5 packages in the player', () => {
  let stage: PlayerStage;

  beforeAll(async () => {
    stage = await PlayerStage.start();
  });
  afterAll(() => stage.stop());

  it.each(packages.length > 0 ? packages : ['none'])('%s begins, and nothing that it says is refused', async (file) => {
    await stage.newPage();
    const refused: string[] = [];
    stage.page.on('response', (response) => {
      const isUnit = response.url().includes('/u/');
      const isAbsent = response.status() === 404 && response.request().method() === 'GET';
      if (isUnit && response.status() >= 400 && !isAbsent) refused.push(`${response.status()} ${response.url()}`);
    });
    await stage.import(file, readFileSync(path.join(folder, file)));
    await stage.open(file);
    await until(
      () => verbsIn(stage),
      (verbs) => verbs.includes('initialized'),
    );
    await stage.button('Exit').click();
    await stage.untilLeft();
    await until(
      () => verbsIn(stage),
      (verbs) => verbs.includes('terminated'),
    );
    expect(refused).toEqual([]);
  });
});
