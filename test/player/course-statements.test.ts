import { v7 as uuid } from 'uuid';
import { courseStatement } from '../../src/player/course-statement.rules';
import { insertRegistration } from '../../src/player/registrations.store';
import { recordStatements } from '../../src/player/record-statements';
import { findVersionById } from '../../src/courses/courses.store';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { importCourse } from '../support/player';
import { makeLearner } from '../support/registrations';
import { type CallCourseApi, courseApi } from '../support/scorm-cloud';
import { golf, openLaunchOf, type OpenedUnit, openUnitOf, tincanCourse, verb } from '../support/unit-xapi';
import { type Json, xapiApi } from '../support/xapi';

/** As the vendor's client has it. */
interface ClientStatement {
  id: string;
  actor: { account: { name: string } };
  verb: { id: string };
  objectActivity?: { id: string; definition?: { interactionType?: string } };
  context: { registration: string; contextActivities?: { grouping: { id: string }[] } };
  stored: Date;
  timestamp: Date;
}
interface Page {
  statements: ClientStatement[];
  more?: string;
}

let hub: TestHub;
let key: TestKey;
let call: CallCourseApi;

beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey();
  call = courseApi(hub, key);
});
afterAll(() => hub.close());

const list = async (course: string, options: object = {}): Promise<Page> => {
  const { data, error } = await call<Page>('getCourseStatements', course, options);
  if (error) throw new Error(error.message);
  return data;
};
const refusal = async (course: string, options: object) => {
  const { status, error } = await call('getCourseStatements', course, options);
  return { status, message: error?.message };
};
const verbsOf = ({ statements }: Page): string[] => statements.map((one) => one.verb.id.replace(/^.*\//, ''));
const open = async (course: string): Promise<OpenedUnit> => openUnitOf(await openLaunchOf(call, course), golf);
const say = async (unit: OpenedUnit, name: string, more: Json = {}): Promise<void> => {
  expect((await unit.post(unit.statement({ verb: verb(name), ...more }))).status).toBe(200);
};
const newVersion = (course: string): Promise<void> =>
  importCourse(hub, call, course, tincanCourse(), { mayCreateNewVersion: true });

describe('statements of a course', () => {
  it('are those of its launches, of all its versions, the newest first, as the vendor’s client reads them', async () => {
    await importCourse(hub, call, 'golf', tincanCourse());
    const first = await open('golf');
    await newVersion('golf');
    const second = await open('golf');
    await say(first, 'attempted');
    await say(second, 'passed', { result: { score: { scaled: 0.9 } } });
    await say(first, 'failed');
    const page = await list('golf');
    expect(page.more).toBeUndefined();
    expect(verbsOf(page)).toEqual(['failed', 'passed', 'attempted', 'launched', 'launched']);
    expect(page.statements[1]).toMatchObject({
      actor: { account: { name: `preview-${second.registration}`, homePage: hub.url } },
      objectActivity: { id: golf },
      result: { score: { scaled: 0.9 } },
      context: { registration: second.registration },
      authority: { account: { name: key.applicationId } },
    });
    for (const { stored, timestamp } of page.statements) {
      expect([stored.getTime(), timestamp.getTime()]).toEqual([expect.any(Number), expect.any(Number)]);
    }
    const { data } = await call<Page>('getCourseVersionStatements', 'golf', 0, {});
    expect(verbsOf(data)).toEqual(['failed', 'attempted', 'launched']);
    expect(verbsOf((await call<Page>('getCourseVersionStatements', 'golf', 1, {})).data)).toEqual([
      'passed',
      'launched',
    ]);
  });

  it('are whole xAPI statements to whoever reads them without the client', async () => {
    await importCourse(hub, call, 'plain', tincanCourse());
    const unit = await open('plain');
    const result = { extensions: { 'https://school.example/clubs': ['driver', 'putter'] } };
    await say(unit, 'experienced', { result });
    const answer = await hub.fetch('/api/v2/courses/plain/xAPIStatements', { key });
    const [shown] = ((await answer.json()) as { statements: Json[] }).statements;
    const [kept] = (await xapiApi(hub, key).list({ registration: unit.registration })).statements;
    expect(shown).toEqual({ ...kept, objectActivity: kept!['object'] });
  });

  it('leave out what was voided, what others say of the course, and other courses’', async () => {
    await importCourse(hub, call, 'alone', tincanCourse());
    await importCourse(hub, call, 'other', tincanCourse());
    const unit = await open('alone');
    const [id] = (await (await unit.post(unit.statement({ verb: verb('attempted') }))).json()) as string[];
    await say(unit, 'voided', { verb: verb('voided'), object: { objectType: 'StatementRef', id } });
    await say(await open('other'), 'progressed');
    const theirs = { actor: unit.actor, verb: verb('mastered'), object: { id: golf } };
    const inRegistration = { ...theirs, context: { registration: unit.registration } };
    expect(await xapiApi(hub, key).post([theirs, inRegistration])).toHaveLength(2);
    const page = await list('alone');
    expect(verbsOf(page)).toEqual(['voided', 'launched']);
    expect(page.statements[0]).toMatchObject({ objectStatementReference: { objectType: 'StatementRef', id } });
    expect(verbsOf(await list('alone', { learnerId: `preview-${unit.registration}` }))).toEqual(['voided', 'launched']);
  });

  it('are one learner’s where their id is given, of any of their registrations', async () => {
    await importCourse(hub, call, 'club', tincanCourse());
    await newVersion('club');
    const { db } = hub.resources;
    const course = await db('courses').where({ course_id: 'club' }).first<{ id: string }>();
    const versions = await db('course_versions')
      .where({ course_id: course.id })
      .orderBy('version')
      .pluck<string[]>('id');
    for (const [place, learner] of [0, 1, 1].map((at) => [versions[at]!, at] as const).entries()) {
      const version = (await findVersionById(db, learner[0]))!;
      const registration = {
        id: uuid(),
        application_id: key.applicationId,
        course_id: course.id,
        version_id: version.id,
        revision: 1,
        kind: 'enrolled' as const,
        learner_id: await makeLearner(db, key.applicationId),
        learner: { id: place === 2 ? 'bea' : 'Ada', name: 'Somebody' },
      };
      const activity = { identifier: golf, type: 'SCO' as const, title: 'Golf', children: [] };
      const result = { completion: 'completed' as const, success: 'unknown' as const, score: null, progress: null };
      const after = { ...result, cmi: {}, attempts: 1, session_open: true, seconds: 1 };
      await db.transaction(async (tx) => {
        await insertRegistration(tx, registration);
        const row = (await tx('registrations').where({ id: registration.id }).first())!;
        const source = { launch: { id: uuid(), options: {} }, registration: row, version };
        await recordStatements(tx, [{ activity, before: undefined, after }], source, String(place), hub.resources);
      });
    }
    const ofAda = await list('club', { learnerId: 'Ada' });
    expect(verbsOf(ofAda)).toEqual(['completed', 'initialized', 'completed', 'initialized']);
    expect(new Set(ofAda.statements.map(({ actor }) => actor.account.name))).toEqual(new Set(['Ada']));
    const ofVersion = await call<Page>('getCourseVersionStatements', 'club', 1, { learnerId: 'Ada' });
    expect(ofVersion.data.statements).toHaveLength(2);
    expect((await list('club', { learnerId: 'bea' })).statements).toHaveLength(2);
    expect((await list('club', { learnerId: 'ada' })).statements).toEqual([]);
    expect((await list('club')).statements).toHaveLength(6);
  });

  it('are of a time by when they were stored, both ends of it in the answer', async () => {
    await importCourse(hub, call, 'timed', tincanCourse());
    const unit = await open('timed');
    for (const name of ['attempted', 'progressed', 'passed']) {
      await say(unit, name, { timestamp: '2001-01-01T00:00:00Z' });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const [, progressed] = (await list('timed')).statements;
    const at = progressed!.stored.toISOString();
    expect(verbsOf(await list('timed', { since: at }))).toEqual(['passed', 'progressed']);
    expect(verbsOf(await list('timed', { until: at }))).toEqual(['progressed', 'attempted', 'launched']);
    expect(verbsOf(await list('timed', { since: at, until: at }))).toEqual(['progressed']);
    expect(verbsOf(await list('timed', { until: '2002-01-01' }))).toEqual([]);
  });

  it('come a hundred a page, and more leads on by what the first page was asked for', async () => {
    await importCourse(hub, call, 'long', tincanCourse());
    const unit = await open('long');
    const statements = Array.from({ length: 45 }, () => unit.statement());
    for (let sent = 0; sent < 5; sent += 1) expect((await unit.post(statements)).status).toBe(200);
    const learnerId = `preview-${unit.registration}`;
    const pages: Page[] = [await list('long', { learnerId })];
    await say(unit, 'passed');
    while (pages.at(-1)!.more !== undefined) pages.push(await list('long', { more: pages.at(-1)!.more }));
    expect(pages.map((page) => page.statements.length)).toEqual([100, 100, 26]);
    const all = pages.flatMap((page) => page.statements);
    expect(new Set(all.map(({ id }) => id)).size).toBe(226);
    expect(verbsOf(pages[2]!).at(-1)).toBe('launched');
  });

  it('are refused by the parameter that is wrong', async () => {
    await importCourse(hub, call, 'strict', tincanCourse());
    const unit = await open('strict');
    const many = Array.from({ length: 45 }, () => unit.statement());
    for (let sent = 0; sent < 3; sent += 1) await unit.post(many);
    const { more } = await list('strict');
    expect((await list('strict', { more })).statements).toHaveLength(36);
    await importCourse(hub, call, 'neighbour', tincanCourse());
    for (const [course, options, name] of [
      ['strict', { since: 'yesterday' }, 'since'],
      ['strict', { until: '2026-02-30' }, 'until'],
      ['strict', { learnerId: 'a'.repeat(256) }, 'learnerId'],
      ['strict', { more: 'made.up' }, 'more'],
      ['strict', { more: `${more}x` }, 'more'],
      ['neighbour', { more }, 'more'],
    ] as const) {
      expect(await refusal(course, options)).toEqual({ status: 400, message: expect.stringContaining(name) });
    }
    const ofVersion = await call('getCourseVersionStatements', 'strict', 0, { more });
    expect(ofVersion).toMatchObject({ status: 400, error: { message: expect.stringContaining('more') } });
  });

  it('are nobody else’s: another application’s course and a version that is not there are 404', async () => {
    await importCourse(hub, call, 'mine', tincanCourse());
    const stranger = courseApi(hub, await hub.newKey());
    expect(await stranger('getCourseStatements', 'mine', {})).toMatchObject({ status: 404 });
    expect(await stranger('getCourseVersionStatements', 'mine', 0, {})).toMatchObject({ status: 404 });
    expect(await call('getCourseVersionStatements', 'mine', 1, {})).toMatchObject({
      status: 404,
      error: { message: expect.stringContaining('mine') },
    });
  });
});

describe('the object of a statement', () => {
  const actor = { mbox: 'mailto:ada@example.com' };
  const inner = { actor, verb: { id: 'v' }, object: { id: 'a' } };
  it.each([
    ['objectActivity', { id: 'https://a.example' }],
    ['objectActivity', { objectType: 'Activity', id: 'https://a.example' }],
    ['objectAgentGroup', { objectType: 'Agent', ...actor }],
    ['objectAgentGroup', { objectType: 'Group', member: [actor] }],
    ['objectStatementReference', { objectType: 'StatementRef', id: uuid() }],
  ])('is %s too', (name, object) => {
    expect(courseStatement({ actor, object })).toEqual({ actor, object, [name]: object });
  });

  it('is objectSubStatement too, with its own object in the same way', () => {
    const shown = { objectType: 'SubStatement', ...inner, objectActivity: inner.object };
    expect(courseStatement({ object: { objectType: 'SubStatement', ...inner } })).toEqual({
      object: shown,
      objectSubStatement: shown,
    });
  });
});
