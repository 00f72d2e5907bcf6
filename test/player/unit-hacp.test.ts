import { finishLaunch } from '../../src/player/finish-launch';
import type { RegistrationActivityRow } from '../../src/player/registrations.store';
import { aiccCourse } from '../support/course-packages';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { importCourse } from '../support/player';
import { type CallCourseApi, courseApi } from '../support/scorm-cloud';
import { type AiccUnit, openAiccUnitOf, readReply } from '../support/unit-hacp';
import { openLaunchOf, tincanCourse } from '../support/unit-xapi';
import { type Json, xapiApi } from '../support/xapi';

let hub: TestHub;
let key: TestKey;
let call: CallCourseApi;

/** Two units, the first of which has objectives. */
const course = aiccCourse({
  'course.au':
    '"System_ID","File_Name","Mastery_Score","Max_Time_Allowed","Time_Limit_Action","Core_Vendor"\r\n' +
    '"A001","index.html?a=b#top","80","00:30:00","E,M","key=value"\r\n"A002","index.html","","","",""\r\n',
  'course.des':
    '"System_ID","Developer_ID","Title","Description"\r\n"A001","d","One","-"\r\n"A002","d","Two","-"\r\n"J001","d","Aim","-"\r\n',
  'course.cst': '"block","member"\r\n"root","A001"\r\n"root","A002"\r\n',
  'course.ort': '"course_element","member"\r\n"A001","J001"\r\n',
});

beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey();
  call = courseApi(hub, key);
  await importCourse(hub, call, 'golf', course);
});
afterAll(() => hub.close());

const open = async (request: object = {}): Promise<AiccUnit> =>
  openAiccUnitOf(await openLaunchOf(call, 'golf', request));
const unitRow = async ({ sid }: AiccUnit) => (await hub.resources.db('unit_sessions').where({ id: sid }).first())!;
const launchOf = async (unit: AiccUnit) =>
  (await hub.resources
    .db('launches')
    .where({ id: (await unitRow(unit)).launch_id })
    .first())!;
const registrationOf = async (unit: AiccUnit) =>
  (await hub.resources
    .db('registrations')
    .where({ id: (await unitRow(unit)).registration_id })
    .first())!;
const activityOf = async (unit: AiccUnit): Promise<RegistrationActivityRow> => {
  const { registration_id, activity_id } = await unitRow(unit);
  return (await hub.resources.db('registration_activities').where({ registration_id, activity_id }).first())!;
};
const statementsOf = async (unit: AiccUnit): Promise<Json[]> => {
  const { registration_id: registration } = await unitRow(unit);
  return (await xapiApi(hub, key).list({ registration, ascending: 'true' })).statements;
};
const verbsOf = async (unit: AiccUnit): Promise<string[]> =>
  (await statementsOf(unit)).map((one) => String((one['verb'] as Json)['id']).replace(/.*\//, ''));
const leave = async ({ session }: AiccUnit): Promise<void> => {
  const commit = { opening: 1, number: 1, current: null, leaves: true };
  const answer = await fetch(`${session}commit`, { method: 'POST', body: JSON.stringify(commit) });
  expect(answer.status).toBe(200);
};
const longAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
const endedLongAgo = async ({ sid }: AiccUnit): Promise<void> => {
  await hub.resources
    .db('unit_sessions')
    .where({ id: sid })
    .update({ ended_at: longAgo(2) });
};

const header = '"time","interaction_id","type_interaction","correct_response","student_response","result"';
const answered = [header, '"10:00:00","q1","C","b","a","W"', '"10:00:09","q2","T","t","t","C"'];

describe('an AICC unit', () => {
  it('is opened with the address where it asks, and as which session', async () => {
    const unit = await open();
    expect(unit.address.pathname).toMatch(/^\/c\/[^/]+\/index\.html$/);
    expect([unit.address.searchParams.get('a'), unit.address.hash]).toEqual(['b', '#top']);
    expect(unit.sid).toMatch(/^[A-Za-z0-9-]+$/);
    expect((await fetch(unit.address)).status).toBe(200);
    expect(await verbsOf(unit)).toEqual([]);
  });

  it('is told what there is, and begins by asking', async () => {
    const unit = await open();
    const { registration_id } = await unitRow(unit);
    const { learner } = await registrationOf(unit);
    const { data } = await unit.say('GetParam');
    expect(data).toBe(
      `[Core]\r\nStudent_ID=${learner.id}\r\nStudent_Name=${learner.name}\r\nOutput_File=\r\nCredit=credit\r\n` +
        'Lesson_Location=\r\nLesson_Mode=normal\r\nLesson_Status=not attempted,ab-initio\r\nScore=\r\nTime=0000:00:00\r\n' +
        '[Core_Lesson]\r\n\r\n[Core_Vendor]\r\nkey=value\r\n[Evaluation]\r\nCourse_ID=aicc-1\r\n' +
        '[Student_Data]\r\nMastery_Score=80\r\nMax_Time_Allowed=00:30:00\r\nTime_Limit_Action=E,M\r\n' +
        '[Student_Preferences]\r\n[Objectives_Status]\r\nJ_ID.1=J001\r\n',
    );
    expect(await activityOf(unit)).toMatchObject({ completion: 'incomplete', attempts: 1, session_open: true });
    expect((await unit.say('getparam')).data).toBe(data);
    expect(await verbsOf(unit)).toEqual(['initialized']);
    const [statement] = await statementsOf(unit);
    expect(statement).toMatchObject({ context: { registration: registration_id } });
    expect(JSON.stringify(statement)).not.toContain('https://w3id.org/xapi/scorm');
  });

  it('gets its result by what it reports, and the course with it', async () => {
    const unit = await open();
    await unit.say('GetParam');
    await unit.say('PutParam', [
      '[Core]',
      'Lesson_Status=I',
      'Lesson_Location=p2',
      'Time=00:01:00',
      '[Core_Lesson]',
      'x=1',
    ]);
    await unit.say('PutInteractions', answered);
    await unit.say('PutObjectives', ['"objective_id","score","status"', '"J001","9,10","P"']);
    await unit.say('PutComments', ['"location","comment"', '"p2","Nice."']);
    await unit.say('PutPath', ['"location"', '"p2"']);
    await unit.say('PutPerformance', ['"a"', '"b"']);
    await unit.say('PutParam', ['[core]', 'lesson_status=passed', 'score=18,20,0', 'time=00:01:30']);
    expect((await unit.say('GetParam')).data).toContain('J_ID.1=J001\r\nJ_Score.1=9,10\r\nJ_Status.1=passed\r\n');
    await unit.say('ExitAU');
    const passed = { completion: 'completed', success: 'passed', score: 0.9, seconds: 90 };
    expect(await activityOf(unit)).toMatchObject({
      ...passed,
      session_open: false,
      cmi: { 'cmi.suspend_data': 'x=1', 'cmi.interactions.1.student_response': 't' },
    });
    expect(await unitRow(unit)).toMatchObject({ state: 'ended' });
    expect(await registrationOf(unit)).toMatchObject({ completion: 'incomplete', score: 0.9, seconds: 90 });
    const verbs = ['initialized', 'responded', 'responded', 'commented', 'completed', 'passed', 'terminated'];
    expect(await verbsOf(unit)).toEqual(verbs);
    const [, first, , comment, , , last] = await statementsOf(unit);
    expect(first).toMatchObject({ result: { response: 'a', success: false } });
    expect(comment).toMatchObject({ result: { response: 'Nice.' } });
    expect(last).toMatchObject({
      result: { completion: true, success: true, score: { scaled: 0.9 }, duration: 'PT90S' },
    });

    const second = await openAiccUnitOf(unit.session, 'A002');
    await second.say('PutParam', ['[core]', 'lesson_status=completed', 'time=00:00:30']);
    expect(await registrationOf(unit)).toMatchObject({ completion: 'completed', success: 'passed', seconds: 120 });
    await new Promise((resolve) => setTimeout(resolve, 1100)); // What is known of a session is a second old.
    const told = await (await openAiccUnitOf(unit.session)).say('GetParam');
    expect(['Credit', 'Lesson_Mode', 'Lesson_Status', 'Score'].map(told.value)).toEqual([
      'no-credit',
      'review',
      'passed',
      '18,20,0',
    ]);
  });

  it('resumes what it suspended, with its time before, and says nothing of earlier answers again', async () => {
    const unit = await open();
    await unit.say('GetParam');
    await unit.say('PutInteractions', answered);
    const text = 'page=3\r\n\r\n; kept [as it is]';
    await unit.say('PutParam', ['[Core]', 'Lesson_Status=incomplete,suspend', 'Time=00:01:00', '[Core_Lesson]', text]);
    await unit.say('ExitAU');
    expect(await activityOf(unit)).toMatchObject({ session_open: false });
    const again = await openAiccUnitOf(unit.session);
    const told = await again.say('GetParam');
    expect([told.value('Lesson_Status'), told.value('Time')]).toEqual(['incomplete,resume', '0000:01:00']);
    expect(told.data).toContain(`[Core_Lesson]\r\n${text}\r\n[Core_Vendor]`);
    await again.say('PutParam', ['[core]', 'time=00:00:20']);
    expect(await activityOf(again)).toMatchObject({ attempts: 2, seconds: 80 });
    expect(await verbsOf(unit)).toEqual(['initialized', 'responded', 'responded', 'suspended', 'resumed']);
  });

  it('gets its own data back after a normal end too, and is told that it does not resume', async () => {
    const unit = await open();
    await unit.say('PutParam', ['[Core]', 'Lesson_Status=i', '[Core_Lesson]', 'x']);
    await unit.say('ExitAU');
    const told = await (await openAiccUnitOf(unit.session)).say('GetParam');
    expect([told.value('Lesson_Status'), told.data.includes('[Core_Lesson]\r\nx\r\n')]).toEqual(['incomplete', true]);
  });

  it.each(['opens another', 'leaves'])('that never ends has ended when the learner %s', async (how) => {
    const unit = await open();
    await unit.say('PutParam', ['[Core]', 'Lesson_Status=c', 'Time=00:01:00']);
    if (how === 'leaves') await leave(unit);
    else await openAiccUnitOf(unit.session, 'A002');
    expect(await activityOf(unit)).toMatchObject({ session_open: false });
    expect(await unitRow(unit)).toMatchObject({ state: 'ended' });
    expect(await verbsOf(unit)).toEqual(['initialized', 'completed', 'terminated']);
    // Its last words are under way.
    await unit.say('PutParam', ['[Core]', 'Time=00:01:10']);
    await unit.say('ExitAU');
    expect(await activityOf(unit)).toMatchObject({ seconds: 70, session_open: false });
    expect(await verbsOf(unit)).toEqual(['initialized', 'completed', 'terminated']);
    await hub.resources
      .db('launches')
      .where({ id: (await launchOf(unit)).id })
      .whereNotNull('finished_at')
      .update({ finished_at: longAgo(2) });
    await endedLongAgo(unit);
    await unit.say('PutParam', ['[Core]', 'Time=00:02:00'], 3);
    await unit.say('GetParam', [], 3);
    expect(await activityOf(unit)).toMatchObject({ seconds: 70 });
  });

  it('that is not heard of any more has ended, and goes on when it is', async () => {
    const unit = await open();
    await unit.say('GetParam');
    const { id } = await launchOf(unit);
    const time = async (): Promise<void> => {
      await finishLaunch(id, hub.resources, longAgo(-60));
    };
    await time();
    expect(await activityOf(unit)).toMatchObject({ session_open: false });
    expect(await unitRow(unit)).toMatchObject({ state: 'ended' });
    await unit.say('PutParam', ['[Core]', 'Lesson_Status=c', 'Time=00:01:00']);
    expect(await launchOf(unit)).toMatchObject({ state: 'open', finished_by: null });
    expect(await unitRow(unit)).toMatchObject({ state: 'open', ended_at: null });
    expect(await activityOf(unit)).toMatchObject({ session_open: true });
    await time();
    await unit.say('ExitAU');
    expect(await unitRow(unit)).toMatchObject({ state: 'ended' });
    const told = ['initialized', 'terminated', 'completed', 'terminated'];
    expect(await verbsOf(unit)).toEqual(told);
    expect(await activityOf(unit)).toMatchObject({ session_open: false, seconds: 60 });
  });

  it('resumes where it was taken away without an end', async () => {
    const unit = await open();
    await unit.say('PutParam', ['[Core]', 'Lesson_Status=i', '[Core_Lesson]', 'x']);
    const again = await openAiccUnitOf(unit.session);
    expect((await again.say('GetParam')).value('Lesson_Status')).toBe('incomplete,resume');
    // The earlier session's last words change no end of this one.
    await unit.say('PutParam', ['[Core]', 'Lesson_Status=i,logout', 'Time=00:00:10']);
    await unit.say('ExitAU');
    const { cmi, session_open } = await activityOf(unit);
    expect([cmi['cmi.core.exit'], session_open]).toEqual([undefined, true]);
  });

  it('is answered and not kept where the launch is not tracked', async () => {
    const unit = await open({ tracking: false });
    await unit.say('PutParam', ['[Core]', 'Lesson_Status=passed', 'Score=90', '[Core_Lesson]', 'x']);
    await unit.say('PutInteractions', answered);
    expect((await unit.say('GetParam')).value('Lesson_Status')).toBe('not attempted,ab-initio');
    await unit.say('ExitAU');
    expect([await activityOf(unit), await verbsOf(unit)]).toEqual([undefined, []]);
    expect(await registrationOf(unit)).toMatchObject({ completion: 'unknown' });
  });
});

describe('the HACP door of a unit', () => {
  const asked = (unit: AiccUnit, headers: Record<string, string>) =>
    fetch(unit.url, { method: 'POST', headers, body: Buffer.from(`COMMAND=getPARAM&Session_ID=${unit.sid}&x=y`) });

  it.each(['', 'text/plain', 'application/x-www-form-urlencoded; charset=iso-8859-1', 'text/html'])(
    'takes forms of the type "%s", of any origin',
    async (type) => {
      const unit = await open();
      const answer = await asked(unit, { origin: 'https://elsewhere.example', ...(type && { 'content-type': type }) });
      expect(readReply(answer.status, await answer.text()).error).toBe(0);
      expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('cache-control')).toBe('no-store');
    },
  );

  it('answers what is wrong in HACP’s way', async () => {
    const [unit, other] = [await open(), await open()];
    await unit.say('GetMore', [], 1);
    await unit.say('', [], 1);
    for (const session_id of ['', 'x', other.sid, `${unit.sid}x`]) {
      const answer = await unit.post({ command: 'PutParam', session_id, aicc_data: '[core]\r\nlesson_status=p' });
      expect(readReply(answer.status, await answer.text()).error).toBe(3);
    }
    expect([await activityOf(unit), await activityOf(other)]).toEqual([undefined, undefined]);
    await unit.say('GetParam');
  });

  it('is only there for AICC content, behind its token, and by POST', async () => {
    const unit = await open();
    const foreign = unit.url.replace(/\/u\/[^/]+/, '/u/nobody.knows');
    expect((await fetch(foreign, { method: 'POST', body: 'command=getparam' })).status).toBe(404);
    const got = await fetch(unit.url);
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await fetch(unit.url.replace(/hacp$/, 'xapi/statements'))).status).toBe(401);
    await importCourse(hub, call, 'tincan', tincanCourse());
    const session = await openLaunchOf(call, 'tincan');
    const body = JSON.stringify({ activity: 'https://school.example/golf' });
    const { address } = (await (await fetch(`${session}open`, { method: 'POST', body })).json()) as { address: string };
    const door = new URL(address).searchParams.get('endpoint')!.replace(/xapi\/$/, 'hacp');
    expect((await fetch(door, { method: 'POST', body: 'command=getparam' })).status).toBe(404);
  });

  it('changes nothing by what comes twice, also at the same moment', async () => {
    const unit = await open();
    const reports: [string, string[]][] = [
      ['PutParam', ['[Core]', 'Lesson_Status=p,s', 'Score=90', 'Time=00:01:00', '[Objectives_Status]', 'J_ID.1=J009']],
      ['GetParam', []],
      ['PutInteractions', answered],
      ['PutComments', ['"comment"', '"Nice."']],
      ['ExitAU', []],
    ];
    for (const [command, lines] of reports) {
      await unit.say(command, lines);
      const [before, said] = [await activityOf(unit), await verbsOf(unit)];
      await Promise.all([1, 2, 3].map(() => unit.say(command, lines)));
      expect(await verbsOf(unit)).toEqual(said);
      expect({ ...(await activityOf(unit)), updated_at: before.updated_at }).toEqual(before);
    }
    expect(await activityOf(unit)).toMatchObject({ attempts: 1, seconds: 60 });
    expect(await verbsOf(unit)).toEqual([
      'initialized',
      'completed',
      'passed',
      'responded',
      'responded',
      'commented',
      'suspended',
    ]);
  });

  it('refuses what is too large or too much, and keeps nothing of it', async () => {
    const unit = await open();
    await unit.say('PutParam', ['[Core_Lesson]', 'x'.repeat(64_000)]);
    const statusOf = async (command: string, data: string): Promise<number> =>
      (await unit.post({ command, session_id: unit.sid, aicc_data: data })).status;
    expect(await statusOf('PutParam', `[Core_Lesson]\r\n${'y'.repeat(64_001)}`)).toBe(413);
    expect(await statusOf('PutParam', `[Core]\r\nlesson_location=${'y'.repeat(4001)}`)).toBe(413);
    expect(await statusOf('PutParam', 'y'.repeat(1024 * 1024))).toBe(413);
    const rows = Array.from({ length: 5001 }, (_, at) => `q${at}`).join('\n');
    expect(await statusOf('PutInteractions', `interaction_id\n${rows}`)).toBe(413);
    expect(await statusOf('PutInteractions', `interaction_id\n${'a,'.repeat(250_000)}`)).toBe(200);
    expect((await activityOf(unit)).cmi).toMatchObject({ 'cmi.suspend_data': 'x'.repeat(64_000) });
    expect((await activityOf(unit)).cmi).not.toHaveProperty(['cmi.interactions.1.id']);
  });

  it('takes answers whatever content names them', async () => {
    const unit = await open();
    const ids = ['ü <>'.repeat(900), `${'x'.repeat(254)}\u{1F600}`, '#?/%', '\u0001'];
    const rows = ids.map((id) => `"${id}","?","\u0001","${'y'.repeat(4000)}","1e400"`);
    await unit.say('PutInteractions', [header.replace('"time",', ''), ...rows]);
    expect(await verbsOf(unit)).toEqual(['initialized', ...ids.map(() => 'responded')]);
  });

  it('slows down content that asks without end', async () => {
    const unit = await open();
    const statusOf = async (): Promise<number> => (await unit.post({ command: 'nothing' })).status;
    const statuses = await Promise.all(Array.from({ length: 600 }, statusOf));
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
    await (await open()).say('GetParam');
  });

  it('keeps a report with the statements that are made of it, or neither', async () => {
    const unit = await open();
    await unit.say('GetParam');
    const { db } = hub.resources;
    await db.raw(`create function break_off() returns trigger language plpgsql as $$
      begin raise exception 'broken off'; end $$`);
    await db.raw('create trigger break_off before insert on statement_ids for each row execute function break_off()');
    const report = { command: 'PutParam', session_id: unit.sid, aicc_data: '[core]\r\nlesson_status=passed' };
    try {
      expect((await unit.post(report)).status).toBe(500);
    } finally {
      await db.raw('drop trigger break_off on statement_ids');
    }
    expect(await activityOf(unit)).toMatchObject({ success: 'unknown' });
    expect((await unit.post(report)).status).toBe(200);
    expect(await verbsOf(unit)).toEqual(['initialized', 'completed', 'passed']);
  });

  it('ends with the course', async () => {
    const unit = await open();
    await unit.say('GetParam');
    const { id } = await registrationOf(unit);
    await hub.resources.db('registrations').where({ id }).delete();
    const answer = await unit.post({ command: 'GetParam', session_id: unit.sid });
    // What is known of a session is a second old.
    const isOver = answer.status === 404 || readReply(answer.status, await answer.text()).error === 3;
    expect(isOver).toBe(true);
  });
});
