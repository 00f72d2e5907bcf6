import { v5 as uuidOf } from 'uuid';
import { cmi5Texts, cmi5Unit, cmi5Xml, type PackageContents } from '../support/course-packages';
import { type Enrolled, LaunchFixture } from '../support/enrolled-launches';
import { startHub, type TestHub } from '../support/hub';
import type { Problem } from '../support/hub-api';
import { scoCourse } from '../support/played-courses';
import { category, extension, openAu, RunningAu } from '../support/unit-cmi5';
import { type Json, xapiApi } from '../support/xapi';
import type { WaivedUnit } from '../../src/player/units.schemas';

const id = (name: string): string => `https://example.com/${name}`;

/** Two AUs in a block, and a block whose AU asks for nothing. */
const course: PackageContents = {
  'cmi5.xml': cmi5Xml(
    `<block id="${id('block')}">${cmi5Texts('The block')}${cmi5Unit(
      'first',
      'au.html',
      'moveOn="CompletedAndPassed" activityType="https://example.com/types/lesson"',
    )}${cmi5Unit('second', 'au.html', 'moveOn="Passed"')}</block>
    <block id="${id('free-block')}">${cmi5Texts('The free block')}${cmi5Unit('free', 'au.html')}</block>`,
  ),
  'au.html': '<!doctype html><title>au</title>',
};
const onlyOne: PackageContents = {
  'cmi5.xml': cmi5Xml(cmi5Unit('first', 'au.html', 'moveOn="CompletedOrPassed"')),
  'au.html': course['au.html']!,
};

let hub: TestHub;
let golf: LaunchFixture;

beforeAll(async () => {
  hub = await startHub();
  golf = new LaunchFixture(hub, await hub.newKey());
  await golf.import('golf', course);
  await golf.import('putting', onlyOne);
});
afterAll(() => hub.close());

type Whose = Pick<Enrolled['learner'], 'id'>;

const ask = (learner: Whose, request: object, { of = 'golf', by = golf } = {}) =>
  by.api.send('POST', `/learners/${learner.id}/courses/${encodeURIComponent(of)}/waive`, request);
async function waive(learner: Whose, au = 'first', reason = 'Administrative', of = 'golf'): Promise<WaivedUnit> {
  const { status, body } = await ask(learner, { au_id: id(au), reason }, { of });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body as unknown as WaivedUnit;
}
const open = async (learner: Whose, au = 'first', of = 'golf') => openAu(await golf.openCourse(learner, of), id(au));
const begin = async (learner: Whose, au = 'first', of = 'golf') => RunningAu.begin(await open(learner, au, of));

const list = async (registration: string): Promise<Json[]> =>
  (await xapiApi(hub, golf.key).list({ registration, ascending: 'true' })).statements;
/** What was said, each with the publisher's id of what it is about. */
const saidIn = async (registration: string): Promise<string[]> =>
  (await list(registration)).map((one) => {
    const { grouping } = (one['context'] as { contextActivities: { grouping: { id: string }[] } }).contextActivities;
    return `${String((one['verb'] as Json)['id']).replace(/.*\//, '')} ${grouping[0]!.id.replace(id(''), '')}`;
  });
const sessionOf = (statement: Json): unknown =>
  (statement['context'] as { extensions: Json }).extensions[extension('sessionid')];
const waivedIn = async (registration: string): Promise<Json[]> =>
  (await list(registration)).filter((one) => String((one['verb'] as Json)['id']).endsWith('/waived'));

describe('POST /learners/{id}/courses/{courseId}/waive', () => {
  it('9.3.7.0-1, 9.3.7.0-2 (d), 9.5.2.0-1 (d2), 9.5.3.0-1 (d2), 9.5.5.2-1, 9.6.2.2-1 (d4): says that the AU was waived, and why', async () => {
    const learner = await golf.programs.learner();
    const running = await begin(learner);
    await running.say('initialized', 'terminated');
    const { au, sessionId } = running;
    const answer = await waive(learner, 'first', 'Tested Out');
    expect(answer).toEqual({
      au_id: id('first'),
      reason: 'Tested Out',
      waived_at: expect.any(String) as string,
      registration: { id: au.registration, completion: 'incomplete', success: 'unknown', progress: 2 / 3 },
    });
    const [statement, ...more] = await waivedIn(au.registration);
    expect(more).toEqual([]);
    expect(statement).toMatchObject({
      actor: au.actor,
      verb: { id: 'https://w3id.org/xapi/adl/verbs/waived' },
      object: { id: au.activityId, definition: { type: 'https://example.com/types/lesson' } },
      result: {
        success: true,
        completion: true,
        extensions: { 'https://w3id.org/xapi/cmi5/result/extensions/reason': 'Tested Out' },
      },
      context: {
        registration: au.registration,
        contextActivities: { category: [category('cmi5'), category('moveon')], grouping: [{ id: id('first') }] },
      },
      timestamp: answer.waived_at,
      authority: { account: { name: golf.key.applicationId } },
    });
    expect(sessionOf(statement!)).not.toBe(sessionId);
  });

  it('9.3.0.0-11, 9.3.7.0-3, 9.3.9.0-1: in a session of its own, of which only what it satisfies is told', async () => {
    const learner = await golf.programs.learner();
    const { au } = await begin(learner);
    const first = await waive(learner);
    await waive(learner, 'second');
    expect(await saidIn(au.registration)).toEqual([
      'satisfied free-block',
      'launched first',
      'waived first',
      'waived second',
      'satisfied block',
      'satisfied course',
    ]);
    const [, launched, one, two, block, whole] = (await list(au.registration)).map(sessionOf);
    expect([block, whole]).toEqual([two, two]);
    expect(new Set([launched, one, two, first.registration.id]).size).toBe(4);
    expect(await golf.registrations(learner)).toMatchObject([
      { completion: 'completed', success: 'passed', progress: 1 },
    ]);
  });

  it('9.3.0.0-11 (d1), 9.3.7.0-4, 9.3.7.0-4 (d): once, however often and by how many it is asked for', async () => {
    const learner = await golf.programs.learner();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, nth) => waive(learner, 'first', nth % 2 === 0 ? 'Administrative' : 'Tested Out')),
    );
    const again = await waive(learner, 'first', 'another');
    for (const answer of answers) expect(answer).toEqual(again);
    expect(['Administrative', 'Tested Out']).toContain(again.reason);
    expect(await golf.registrations(learner)).toHaveLength(1);
    expect(await saidIn(again.registration.id)).toEqual(['satisfied free-block', 'waived first']);
  });

  it('begins the registration that is launched then, in the same version', async () => {
    await golf.import('moving', course);
    const learner = await golf.programs.learner();
    const { registration } = await waive(learner, 'first', 'Administrative', 'moving');
    await golf.import('moving', course, { mayCreateNewVersion: true });
    const running = await begin(learner, 'second', 'moving');
    expect(running.au.registration).toBe(registration.id);
    await running.say('initialized', 'passed', 'terminated');
    expect(await saidIn(registration.id)).toEqual([
      'satisfied free-block',
      'waived first',
      'launched second',
      'initialized second',
      'passed second',
      'satisfied block',
      'satisfied course',
      'terminated second',
    ]);
    const [waived] = await waivedIn(registration.id);
    const au = await openAu(running.au.session, id('first'));
    expect((waived!['object'] as Json)['id']).toBe(au.activityId);
  });

  it('completes the course, which advances the enrollment', async () => {
    const all = await golf.enrolled({}, [{ course_id: 'putting' }, { course_id: 'golf' }]);
    const answer = await waive(all.learner, 'first', 'Equivalent AU', 'putting');
    expect(answer.registration).toMatchObject({ completion: 'completed', success: 'passed', progress: 1 });
    await golf.record();
    expect(await golf.items(all)).toEqual(['complete', 'pending']);
    expect(await golf.completions(all.learner)).toEqual([
      { door: 'launch', source_id: answer.registration.id, course_id: 'putting' },
    ]);
  });

  it('outweighs that the AU was failed, whose own results are taken as ever', async () => {
    const learner = await golf.programs.learner();
    const first = await begin(learner, 'first', 'putting');
    await first.say('initialized', 'failed', 'terminated');
    expect((await waive(learner, 'first', 'x', 'putting')).registration).toMatchObject({ success: 'passed' });
    const second = await begin(learner, 'first', 'putting');
    expect(second.launchData['launchMode']).toBe('Normal');
    expect(await second.say('initialized', 'failed')).toBe(200);
    const third = await begin(learner, 'first', 'putting');
    expect(await third.say('initialized', 'passed', 'completed', 'terminated')).toBe(200);
    expect((await saidIn(first.au.registration)).filter((said) => said.startsWith('satisfied'))).toEqual([
      'satisfied course',
    ]);
    expect(await golf.registrations(learner)).toMatchObject([{ completion: 'completed', success: 'passed' }]);
  });

  it('shows the AU as done, and takes the learner past it', async () => {
    const learner = await golf.programs.learner();
    await waive(learner);
    const session = await golf.openCourse(learner, 'golf');
    const { states } = (await (await fetch(`${session}state`)).json()) as { states: Record<string, Json> };
    expect(states[id('first')]).toMatchObject({ completion: 'completed', success: 'passed', seconds: 0, attempts: 0 });
  });

  it('waits for a session that says something of the AU at the same moment', async () => {
    const learners = await golf.programs.learners(6);
    const running = await Promise.all(learners.map((learner) => begin(learner, 'first', 'putting')));
    for (const one of running) await one.say('initialized');
    const answers = await Promise.all(
      learners.flatMap((learner, nth) => [
        running[nth]!.say('completed'),
        ask(learner, { au_id: id('first'), reason: 'x' }, { of: 'putting' }).then(({ status }) => status),
      ]),
    );
    for (const status of answers) expect([200, 409]).toContain(status);
    for (const { au } of running) {
      const satisfied = (await saidIn(au.registration)).filter((said) => said.startsWith('satisfied'));
      expect(satisfied).toEqual(['satisfied course']);
    }
  });

  it('9.3.9: says so whatever content has stored under an id that it can work out', async () => {
    const learner = await golf.programs.learner();
    const running = await begin(learner, 'first', 'putting');
    await running.say('initialized');
    const { registration } = running.au;
    for (const name of ['satisfied/', 'waived/'].flatMap((word) => [
      `${word}${id('course')}`,
      `${word}${id('first')}`,
    ])) {
      expect((await running.post({ ...running.allowed(), id: uuidOf(name, registration) })).status).toBe(200);
    }
    await waive(learner, 'first', 'x', 'putting');
    expect((await saidIn(registration)).slice(-2)).toEqual(['waived first', 'satisfied course']);
  });

  it('refuses what cannot be waived, and leaves nothing behind', async () => {
    await golf.import('scorm', scoCourse(['a']));
    const learner = await golf.programs.learner();
    const waiver = { au_id: id('first'), reason: 'Administrative' };
    const stranger = new LaunchFixture(hub, await hub.newKey());
    const answers: [Promise<{ status: number; body: Problem }>, number, string][] = [
      [ask(learner, { ...waiver, au_id: id('free') }), 409, 'satisfied already'],
      [ask(learner, { ...waiver, au_id: id('nowhere') }), 400, 'Nothing is waived'],
      [ask(learner, { ...waiver, au_id: id('block') }), 400, 'Nothing is waived'],
      [ask(learner, { ...waiver, au_id: id('course') }), 400, 'Nothing is waived'],
      [ask(learner, { ...waiver, au_id: 'a' }, { of: 'scorm' }), 409, 'no cmi5 course'],
      [ask(learner, waiver, { of: 'nowhere' }), 404, 'no course'],
      [ask({ id: 999_999 }, waiver), 404, 'no learner'],
      [ask(learner, waiver, { by: stranger }), 404, 'no learner'],
      [ask(learner, { au_id: id('first') }), 400, ''],
      [ask(learner, { ...waiver, reason: '  ' }), 400, ''],
      [ask(learner, { ...waiver, reason: 'x'.repeat(256) }), 400, ''],
      [ask(learner, { ...waiver, reason: 'a\u0000b' }), 400, ''],
      [ask(learner, { ...waiver, more: 1 }), 400, ''],
    ];
    for (const [answer, status, words] of answers) {
      const { body, ...found } = await answer;
      expect([found.status, body.detail]).toEqual([status, expect.stringContaining(words)]);
    }
    expect(await golf.registrations(learner)).toEqual([]);
    expect(await hub.resources.db('statements').where({ application_id: stranger.key.applicationId })).toEqual([]);
  });

  it('refuses an AU that its content has satisfied', async () => {
    const learner = await golf.programs.learner();
    const running = await begin(learner, 'second');
    await running.say('initialized', 'passed', 'terminated');
    const { status, body } = await ask(learner, { au_id: id('second'), reason: 'x' });
    expect([status, body.code]).toEqual([409, 'already_satisfied']);
    expect(await waivedIn(running.au.registration)).toEqual([]);
  });

  it('takes the scope write:hub', async () => {
    const learner = await golf.programs.learner();
    const { applicationId } = golf.key;
    const reader = new LaunchFixture(hub, await hub.newKey({ applicationId, scopes: ['read:hub', 'write'] }));
    const { status, body } = await ask(learner, { au_id: id('first'), reason: 'x' }, { by: reader });
    expect([status, body.detail]).toEqual([403, expect.stringContaining('write:hub')]);
  });

  it('begins another registration after a re-enrollment, where the last one was completed before', async () => {
    const all = await golf.enrolled({}, [{ course_id: 'putting' }]);
    const first = await waive(all.learner, 'first', 'x', 'putting');
    await golf.record();
    await golf.programs.enroll(all.programId, [{ id: all.learner.id }]);
    const second = await waive(all.learner, 'first', 'x', 'putting');
    expect(second.registration.id).not.toBe(first.registration.id);
    expect(await waivedIn(second.registration.id)).toHaveLength(1);
  });
});
