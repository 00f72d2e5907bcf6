import { finishLaunch } from '../../src/player/finish-launch';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { hubApi } from '../support/hub-api';
import { scoCourse } from '../support/played-courses';
import { importCourse, linkTo, openSession } from '../support/player';
import { type CallCourseApi, courseApi } from '../support/scorm-cloud';

interface Statement {
  id: string;
  verb: { id: string };
  object: { id: string; definition?: Record<string, unknown> };
  result?: Record<string, unknown>;
  context: { registration: string; contextActivities: Record<string, { id: string }[]> };
}

let hub: TestHub;
let key: TestKey;
let call: CallCourseApi;

beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey();
  call = courseApi(hub, key);
  await importCourse(hub, call, 'two', scoCourse(['a', 'b']));
});
afterAll(() => hub.close());

interface Opened {
  session: string;
  registration: string;
  launchId: string;
}

const open = async (): Promise<Opened> => openLink(await linkTo(call, 'two'));

async function openLink(link: string): Promise<Opened> {
  const session = await openSession(link);
  const launch = (await hub.resources.db('launches').orderBy('created_at', 'desc').first())!;
  return { session, registration: launch.registration_id, launchId: launch.id };
}
const commit = async ({ session }: Opened, number: number, activity: object): Promise<void> => {
  const body = {
    opening: 1,
    number,
    current: 'a',
    activity: { id: 'a', session: 1, ended: false, values: {}, seconds: 0, ...activity },
  };
  const answer = await fetch(`${session}commit`, { method: 'POST', body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
};
const statementsOf = async ({ registration }: Opened): Promise<Statement[]> => {
  const answer = await hub.fetch(`/xapi/statements?registration=${registration}&ascending=true`, {
    key,
    headers: { 'x-experience-api-version': '1.0.3' },
  });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { statements: Statement[] }).statements;
};
const verbsOf = (statements: Statement[]): string[] => statements.map(({ verb }) => verb.id.replace(/^.*\//, ''));

describe('statements of a SCORM course', () => {
  it('say what happened, by ADL’s profile, each once', async () => {
    const launch = await open();
    await commit(launch, 1, { values: { 'cmi.core.entry': 'ab-initio' } });
    const answered = {
      'cmi.interactions.0.id': 'q 1',
      'cmi.interactions.0.type': 'choice',
      'cmi.interactions.0.student_response': 'b',
      'cmi.interactions.0.result': 'wrong',
      'cmi.interactions.0.correct_responses.0.pattern': 'a',
      'cmi.comments': 'too hard',
    };
    await commit(launch, 2, { values: answered });
    await commit(launch, 2, { values: answered });
    const passed = { 'cmi.core.lesson_status': 'passed', 'cmi.core.score.raw': '80' };
    await commit(launch, 3, { values: passed, seconds: 61.5, ended: true });

    const statements = await statementsOf(launch);
    expect(verbsOf(statements)).toEqual(['initialized', 'responded', 'commented', 'completed', 'passed', 'terminated']);
    const [first, responded, commented, , , last] = statements;
    const course = first!.context.contextActivities['grouping']![0]!.id;
    expect(first).toMatchObject({
      object: { id: `${course}/a`, definition: { type: 'http://adlnet.gov/expapi/activities/lesson' } },
      context: {
        registration: launch.registration,
        contextActivities: { category: [{ id: 'https://w3id.org/xapi/scorm' }] },
      },
    });
    expect(responded).toMatchObject({
      object: {
        id: `${course}/a/interactions/q%201`,
        definition: { interactionType: 'choice', correctResponsesPattern: ['a'] },
      },
      result: { response: 'b', success: false },
      context: { contextActivities: { parent: [{ id: `${course}/a` }] } },
    });
    expect(commented!.result).toEqual({ response: 'too hard' });
    expect(last!.result).toEqual({ completion: true, success: true, score: { scaled: 0.8 }, duration: 'PT61.5S' });
  });

  it('say that a session was suspended, and that the next goes on', async () => {
    const launch = await open();
    await commit(launch, 1, { values: { 'cmi.core.entry': 'ab-initio' } });
    await commit(launch, 2, { values: { 'cmi.core.exit': 'suspend' }, ended: true });
    await commit(launch, 3, { session: 2, values: { 'cmi.core.entry': 'resume' } });
    expect(verbsOf(await statementsOf(launch))).toEqual(['initialized', 'suspended', 'resumed']);
  });

  it('do not repeat what a session resumes with, and say what is answered anew', async () => {
    const launch = await open();
    const answer = { 'cmi.interactions.0.id': 'q', 'cmi.interactions.0.learner_response': 'b' };
    const at = (time: string) => ({ ...answer, 'cmi.interactions.0.timestamp': time });
    const first = '2026-02-03T04:05:06Z';
    await commit(launch, 1, { values: { 'cmi.entry': 'ab-initio', ...answer } });
    await commit(launch, 2, { values: { ...at(first), 'cmi.exit': 'suspend' }, ended: true });
    await commit(launch, 3, { session: 2, values: { 'cmi.entry': 'resume', ...at(first) } });
    await commit(launch, 4, { session: 2, values: at('2026-02-03T05:05:06Z') });
    await commit(launch, 5, { session: 3, values: { 'cmi.entry': 'ab-initio', ...at(first) } });
    expect(verbsOf(await statementsOf(launch))).toEqual([
      'initialized',
      'responded',
      'suspended',
      'resumed',
      'responded',
      'initialized',
      'responded',
    ]);
  });

  it('leave to a learner’s other launch what is under way there', async () => {
    const hubKey = hubApi(hub, key);
    const { id } = await hubKey.post<{ id: number }>(
      '/learners',
      { uid: 'ann', first_name: 'Ann', last_name: 'Lee' },
      201,
    );
    const launched = async (): Promise<Opened> => {
      const { launchLink } = await hubKey.post<{ launchLink: string }>(`/learners/${id}/courses/two/launch`, {}, 201);
      return openLink(launchLink);
    };
    const [left, here] = [await launched(), await launched()];
    await commit(here, 1, { values: { 'cmi.core.entry': 'ab-initio' } });
    const later = new Date(Date.now() + 24 * 3600 * 1000);
    await finishLaunch(left.launchId, hub.resources, later);
    expect(verbsOf(await statementsOf(here))).toEqual(['initialized']);
    await finishLaunch(here.launchId, hub.resources, later);
    expect(verbsOf(await statementsOf(here))).toEqual(['initialized', 'terminated']);
  });

  it('say that a session ended of which nothing was heard any more', async () => {
    const launch = await open();
    await commit(launch, 1, { values: { 'cmi.core.entry': 'ab-initio', 'cmi.core.lesson_status': 'incomplete' } });
    await finishLaunch(launch.launchId, hub.resources, new Date(Date.now() + 24 * 3600 * 1000));
    const statements = await statementsOf(launch);
    expect(verbsOf(statements)).toEqual(['initialized', 'terminated']);
    expect(statements[1]!.result).toMatchObject({ completion: false });
  });

  it('are other applications’ as little as their courses', async () => {
    const launch = await open();
    await commit(launch, 1, {});
    const stranger = await hub.newKey();
    const answer = await hub.fetch(`/xapi/statements?registration=${launch.registration}`, {
      key: stranger,
      headers: { 'x-experience-api-version': '1.0.3' },
    });
    expect(((await answer.json()) as { statements: Statement[] }).statements).toEqual([]);
  });
});
