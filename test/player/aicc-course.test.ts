import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { finishLaunch } from '../../src/player/finish-launch';
import { aiccCourse } from '../support/course-packages';
import { describeInBrowser, PlayerStage, until } from '../support/player';
import { readReply, unitId } from '../support/unit-hacp';
import { type Json, xapiApi } from '../support/xapi';

/** Content that does as it is told by its buttons, and begins where it was. */
const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>golf</title><h1>golf</h1>
<p id="place"></p><p id="last"></p>
<script>
const told = new Map([...new URLSearchParams(location.search)].map(([name, value]) => [name.toLowerCase(), value]));
const ask = (command, ...lines) => fetch(told.get('aicc_url'), {
  method: 'POST',
  keepalive: true,
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  body: 'command=' + command + '&version=4.0&session_id=' + escape(told.get('aicc_sid')) +
    '&aicc_data=' + encodeURIComponent(lines.join('\\r\\n')),
}).then(async (response) => {
  const text = await response.text();
  document.getElementById('last').textContent = command + ' ' + /error=(\\d)/.exec(text)[1];
  return text;
});
const button = (label, act) => {
  const made = document.createElement('button');
  made.textContent = label;
  made.onclick = act;
  document.body.append(made);
};
button('turn the page', () =>
  ask('PutParam', '[Core]', 'Lesson_Status=incomplete', 'Time=00:01:00', '[Core_Lesson]', 'page 2'));
button('answer', () => ask('PutInteractions', '"interaction_id","type_interaction","student_response","result"', '"q1","C","a","C"'));
button('pass', () => ask('PutParam', '[Core]', 'Lesson_Status=passed', 'Score=90,100,0', 'Time=00:02:00'));
button('end', () => ask('ExitAU'));
button('suspend', async () => {
  await ask('PutParam', '[Core]', 'Lesson_Status=incomplete,suspend');
  await ask('ExitAU');
});
(async () => {
  const answer = await ask('GetParam');
  document.getElementById('place').textContent =
    (/\\[Core_Lesson\\]\\r\\n(.*)\\r\\n/.exec(answer)[1] || 'page 1') + ', ' + /Lesson_Status=(.*)/.exec(answer)[1].trim();
  document.body.dataset.ready = 'yes';
})();
</script></html>`;

const twoUnits = {
  'course.au': '"System_ID","File_Name"\r\n"A001","golf.html"\r\n"A002","putting.html"\r\n',
  'course.des': '"System_ID","Title"\r\n"A001","Golf"\r\n"A002","Putting"\r\n',
  'course.cst': '"block","member","member"\r\n"root","A001","A002"\r\n',
  'golf.html': page,
  'putting.html': page.replaceAll('golf', 'putting'),
};

describeInBrowser('an AICC course in the player', () => {
  let stage: PlayerStage;

  beforeAll(async () => {
    stage = await PlayerStage.start();
    const units = '"System_ID","File_Name"\r\n"A001","golf.html"\r\n';
    await stage.import('golf', aiccCourse({ 'course.au': units, 'golf.html': page }));
  });
  afterAll(() => stage.stop());
  beforeEach(() => stage.newPage());

  const press = async (name: string): Promise<void> => {
    await stage.page.frameLocator('#frame').getByRole('button', { name, exact: true }).click();
  };
  const shows = (text: string) => stage.page.frameLocator('#frame').getByText(text, { exact: true }).waitFor();
  const verbs = async (): Promise<string[]> => {
    const { id: registration, application_id: applicationId } = await stage.registration();
    const api = xapiApi(stage.hub, await stage.hub.newKey({ applicationId }));
    const { statements } = await api.list({ registration, ascending: 'true' });
    return statements.map((one) => String((one['verb'] as Json)['id']).replace(/.*\//, ''));
  };

  it('begins, suspends, resumes, answers and passes, and shows what came of it', async () => {
    await stage.import('two', aiccCourse(twoUnits));
    await stage.open('two');
    await shows('page 1, not attempted,ab-initio');
    await press('turn the page');
    await shows('PutParam 0');
    await press('suspend');
    await stage.page.locator('#message').getByText('This part has ended').waitFor();
    expect(await stage.activity(unitId)).toMatchObject({ completion: 'incomplete', attempts: 1, session_open: false });

    await stage.item('Golf').click();
    await shows('page 2, incomplete,resume');
    await press('answer');
    await shows('PutInteractions 0');
    await press('pass');
    await stage.page.getByRole('status').getByText('90 %').waitFor();
    const passed = { completion: 'completed', success: 'passed', score: 0.9 };
    expect(await stage.activity(unitId)).toMatchObject({ ...passed, attempts: 2, seconds: 180, session_open: true });

    await stage.button('Exit').click();
    await stage.untilLeft();
    expect(
      await until(
        () => stage.activity(unitId),
        (row) => row?.session_open === false,
      ),
    ).toMatchObject(passed);
    expect(await stage.registration()).toMatchObject({ completion: 'incomplete', progress: 0.5, score: 0.9 });
    expect(await verbs()).toEqual([
      'initialized',
      'suspended',
      'resumed',
      'responded',
      'completed',
      'passed',
      'terminated',
    ]);
  });

  it('that has nothing else is left when its content ends', async () => {
    await stage.open('golf');
    await shows('page 1, not attempted,ab-initio');
    await press('pass');
    await shows('PutParam 0');
    await press('end');
    await stage.untilLeft();
    expect(await stage.registration()).toMatchObject({ completion: 'completed', success: 'passed' });
  });

  it('that is closed without a word is finished when nothing is heard of it any more', async () => {
    await stage.open('golf');
    await shows('page 1, not attempted,ab-initio');
    await press('turn the page');
    await shows('PutParam 0');
    await stage.page.close();
    const { id } = await stage.launch();
    await finishLaunch(id, stage.hub.resources, new Date(Date.now() + 24 * 3600 * 1000));
    expect(await stage.launch()).toMatchObject({ state: 'finished', finished_by: 'timeout' });
    expect(await stage.activity(unitId)).toMatchObject({ completion: 'incomplete', seconds: 60, session_open: false });
    expect(await verbs()).toEqual(['initialized', 'terminated']);
  });
});

/** A collection of real packages; not part of the project. */
const folder = path.resolve(__dirname, '../../../shared/packages/aicc');
const describeThem = existsSync(folder) ? describeInBrowser : describe.skip;

describeThem('real AICC packages in the player', () => {
  let stage: PlayerStage;

  beforeAll(async () => {
    stage = await PlayerStage.start();
  });
  afterAll(() => stage.stop());

  it.each(existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.zip')) : [])(
    '%s is opened',
    async (file) => {
      await stage.newPage();
      const problems: string[] = [];
      stage.page.on('pageerror', ({ message }) => problems.push(message));
      // One is on a site of its own, which may be away.
      const opened = stage.page.waitForRequest(/[?&]aicc_sid=/);
      await stage.import(file, readFileSync(path.join(folder, file)));
      await stage.open(file);
      const told = new URL((await opened).url()).searchParams;
      const body = new URLSearchParams({ command: 'GetParam', session_id: told.get('aicc_sid')! });
      const answer = await fetch(told.get('aicc_url')!, { method: 'POST', body });
      expect(readReply(answer.status, await answer.text()).value('Lesson_Status')).toBe('not attempted,ab-initio');
      expect(problems).toEqual([]);
    },
  );
});
