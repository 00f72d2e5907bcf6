import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describeInBrowser, PlayerStage, until } from '../support/player';
import { golf, tincanCourse } from '../support/unit-xapi';

/** Content that does as it is told by its buttons, and begins where it was. */
const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>golf</title><h1>golf</h1>
<p id="place"></p><p id="last"></p>
<script>
const told = new URLSearchParams(location.search);
const agent = told.get('actor');
const ask = (path, method, body) => fetch(told.get('endpoint') + path, {
  method,
  keepalive: true,
  headers: { Authorization: told.get('auth'), 'X-Experience-API-Version': '1.0.3', 'Content-Type': 'application/json' },
  body: body === undefined ? undefined : JSON.stringify(body),
}).then(async (response) => {
  document.getElementById('last').textContent = path.replace(/[?].*/, '') + ' ' + response.status;
  return response.status === 200 ? response.json() : undefined;
});
const say = (name, result) => ask('statements', 'POST', {
  actor: JSON.parse(agent),
  verb: { id: 'http://adlnet.gov/expapi/verbs/' + name },
  object: { id: told.get('activity_id') },
  context: { registration: told.get('registration') },
  ...(result && { result }),
});
const state = 'activities/state?' + new URLSearchParams({
  activityId: told.get('activity_id'), agent, registration: told.get('registration'), stateId: 'bookmark',
});
const button = (label, act) => {
  const made = document.createElement('button');
  made.textContent = label;
  made.onclick = act;
  document.body.append(made);
};
button('turn the page', () => ask(state, 'PUT', { page: 2 }));
button('pass', () => say('passed', { score: { scaled: 0.9 }, duration: 'PT2M' }));
window.addEventListener('pagehide', () => say('terminated'));
(async () => {
  const found = await ask(state, 'GET');
  document.getElementById('place').textContent = 'page ' + (found ? found.page : 1);
  await say('initialized');
  document.body.dataset.ready = 'yes';
})();
</script></html>`;

describeInBrowser('an xAPI course in the player', () => {
  let stage: PlayerStage;

  beforeAll(async () => {
    stage = await PlayerStage.start();
    await stage.import('golf', tincanCourse(page));
  });
  afterAll(() => stage.stop());
  beforeEach(() => stage.newPage());

  it('begins, resumes by its state, and shows what it says of itself', async () => {
    const link = await stage.open('golf');
    await stage.content('golf');
    const content = stage.page.frameLocator('#frame');
    await content.getByText('page 1').waitFor();
    expect(await stage.activity(golf)).toMatchObject({ completion: 'incomplete', attempts: 1 });
    await content.getByRole('button', { name: 'turn the page' }).click();
    await content.getByText('activities/state 204').waitFor();

    await stage.page.goto(link);
    await content.getByText('page 2').waitFor();
    await stage.content('golf');
    await content.getByRole('button', { name: 'pass' }).click();
    await content.getByText('statements 200').waitFor();
    await stage.page.getByRole('status').getByText('Passed').waitFor();
    const passed = { completion: 'completed', success: 'passed', score: 0.9 };
    expect(await stage.activity(golf)).toMatchObject({ ...passed, attempts: 2 });

    await stage.button('Exit').click();
    await stage.untilLeft();
    expect(await stage.registration()).toMatchObject(passed);
    expect(await stage.launch()).toMatchObject({ state: 'finished', finished_by: 'exit' });
    const { id } = await stage.registration();
    const units = () => stage.hub.resources.db('unit_sessions').where({ registration_id: id, state: 'ended' });
    expect(await until(units, (rows) => rows.length === 2)).toHaveLength(2);
  });
});

/** A collection of real packages; not part of the project. */
const folder = path.resolve(__dirname, '../../../shared/packages/xapi');
const describeThem = existsSync(folder) ? describeInBrowser : describe.skip;

describeThem('real xAPI packages in the player', () => {
  let stage: PlayerStage;

  beforeAll(async () => {
    stage = await PlayerStage.start();
  });
  afterAll(() => stage.stop());

  it.each([
    ['basic_course.zip', 'Basic xAPI Course'],
    ['GolfExample_TCAPI.zip', 'Tin Can Golf Example'],
  ])('%s is opened', async (file, title) => {
    await stage.newPage();
    await stage.import(file, readFileSync(path.join(folder, file)));
    await stage.open(file);
    await stage.page.locator(`iframe[title*="${title}"]`).waitFor();
    const frame = await until(
      () => Promise.resolve(stage.page.frames().find((one) => one.url().includes('/index.html'))),
      (found) => found !== undefined,
    );
    const told = new URL(frame!.url()).searchParams;
    const headers = { authorization: told.get('auth')!, 'x-experience-api-version': '1.0.3' };
    const answer = await fetch(`${told.get('endpoint')}statements`, { headers });
    expect(await answer.json()).toMatchObject({ statements: [{ object: { id: told.get('activity_id') } }] });
  });
});
