import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { v7 as uuid } from 'uuid';
import { type FanOut, startFanOut } from '../../src/events/fan-out';
import { type HubEventRelay, startHubEventRelay } from '../../src/events/relay-hub-events';
import { addDays, type ProgramSettings } from '../../src/programs/program-settings.rules';
import type { LearnerRow } from '../../src/programs/learners.store';
import { type CompletionRelay, startCompletionRelay } from '../../src/programs/relay-completions';
import { createLearner } from '../../src/programs/save-learners';
import type { ProgramItemInput } from '../../src/programs/save-program';
import { caliperApi, newActivity } from '../support/caliper-api';
import { startDrains, type TestDrains } from '../support/deliveries';
import { type Entry, eventOf, eventStore } from '../support/events';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { hubApi } from '../support/hub-api';
import { type HubWorkers, startWorkers } from '../support/hub-workers';
import { scoCourse } from '../support/played-courses';
import { describeInBrowser, importCourse, linkTo, Sco, startBrowser } from '../support/player';
import { ProgramFixture } from '../support/programs';
import { closeReceivers, ok, type Receiver, startReceiver } from '../support/receivers';
import { courseApi } from '../support/scorm-cloud';
import { devServer } from '../support/temporal';
import { untilStarted } from '../support/workflows';

jest.setTimeout(120_000);

let hub: TestHub;
let workers: HubWorkers;
let drains: TestDrains;
let work: (FanOut | HubEventRelay | CompletionRelay)[];

beforeAll(async () => {
  const temporal = await devServer();
  hub = await startHub();
  workers = await startWorkers(hub, temporal, ['enrollments']);
  drains = startDrains(hub.resources);
  const needs = { ...hub.resources, databaseUrl: hub.config.database.url };
  work = [startHubEventRelay(needs), startFanOut(needs), startCompletionRelay(needs)];
});
afterAll(async () => {
  await Promise.all(work.map((one) => one.stop()));
  await drains.stop();
  await workers.stop();
  await hub.close();
  await (await devServer()).remove();
});
afterEach(closeReceivers);

let partners = 0;

/** An application with a key, an event-store program and what tests do with its programs. */
async function partner() {
  const eventProgram = `DOOR${(partners += 1)}`;
  const key = await hub.newKey({ programs: [eventProgram] });
  const programs = ProgramFixture.of(hub.resources.db, key.applicationId);
  return { key, eventProgram, programs, store: eventStore(hub, key), caliper: caliperApi(hub, key) };
}
type Partner = Awaited<ReturnType<typeof partner>>;

interface Report {
  learner: Pick<LearnerRow, 'uid' | 'email'>;
  course: string;
  /** Of the event; one of its own unless given. */
  id?: string;
}

const taken = ({ status }: { status: number }): void => {
  if (status !== 200) throw new Error(`the event was answered ${status}`);
};

/** A completion as each door takes it: with the same id it is the same one. */
const doors: Readonly<Record<string, (by: Partner, report: Report) => Promise<void>>> = {
  'a Caliper event': async ({ caliper }, { learner: { uid, email }, course, id = uuid() }) =>
    taken(
      await caliper.events(
        newActivity({
          id: `urn:uuid:${id}`,
          actor: { id: `https://school.example/users/${uid}`, type: 'TimebackUser', email: email ?? 'no@body.example' },
          object: {
            id: 'https://school.example/activities/1',
            type: 'TimebackActivityContext',
            subject: 'Reading',
            app: { name: 'Reader' },
            course: { id: `https://school.example/courses/${course}`, name: course },
          },
        }),
      ),
    ),
  'an event of the event store': async ({ store, eventProgram }, { learner: { uid, email }, course, id = uuid() }) =>
    taken(
      await store.put(
        `${eventProgram}-${id}`,
        eventOf(eventProgram, { ProgramMemberId: email ?? uid, EventData: { courseId: course } }),
      ),
    ),
  'the hub API': async ({ key }, { learner: { uid, email }, course, id = uuid() }) => {
    const answer = await hub.fetch('/hub/v1/completions', {
      method: 'POST',
      key,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ uid, ...(email !== null && { email }), course_id: course, source_id: id }),
    });
    if (answer.status !== 201) throw new Error(await answer.text());
  },
};

/** When the events of each door say it was. */
const happened: Readonly<Record<string, Date>> = {
  'a Caliper event': new Date('2026-03-02T09:15:00.000Z'),
  'an event of the event store': new Date('2026-01-31T12:30:00Z'),
};

/** What events told of has been recorded. */
async function untilRecorded({ key }: Partner): Promise<void> {
  const { db } = hub.resources;
  const waiting = db('completion_queue').where({ application_id: key.applicationId }).whereNull('failed_at');
  while (await waiting.clone().first('id')) await delay(10);
}

/** The events from before the application's first learner, program or mapping have been asked, and what they told recorded. */
async function untilCollected(by: Partner): Promise<void> {
  const handle = workers.client.workflow.getHandle(`collect-completions/${by.key.applicationId}`);
  await untilStarted(handle);
  await handle.result();
  await untilRecorded(by);
}

const completionsOf = ({ key }: Partner): Promise<number[]> =>
  hub.resources.db('completions').where({ application_id: key.applicationId }).pluck<number[]>('id');

interface Enrolled {
  by: Partner;
  programId: number;
  learner: LearnerRow;
}

async function enrolled(
  settings: Partial<ProgramSettings> = {},
  items?: readonly ProgramItemInput[],
): Promise<Enrolled> {
  const by = await partner();
  const program = await by.programs.program(settings, items);
  const learner = await by.programs.learner();
  await by.programs.enroll(program.id, [{ id: learner.id }]);
  return { by, programId: program.id, learner };
}

const itemsOf = async ({ by, programId, learner }: Enrolled): Promise<string[]> =>
  (await by.programs.enrollment(programId, learner.id)).items.map(({ state }) => state);

/** As Bridge's API shows it. */
async function shown({ by, programId }: Enrolled): Promise<object | undefined> {
  const answer = await hub.fetch(`/api/author/programs/${programId}/learners`, { key: by.key });
  return ((await answer.json()) as { enrollments: object[] }).enrollments[0];
}

async function subscribe({ key }: Partner, receiver: Receiver): Promise<void> {
  const answer = await hub.fetch('/hub/v1/endpoints', {
    method: 'POST',
    key,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      url: receiver.url,
      dialect: 'events',
      subscription: { types: ['HUB_ENROLLMENT_STEP_COMPLETED', 'HUB_ENROLLMENT_COMPLETED'] },
    }),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
}

const entries = ({ received }: Receiver): Entry[] => received.map(({ body }) => JSON.parse(body) as Entry);

/** The types of the hub's events about enrollments in the application's feed. */
const feedOf = async ({ store, key }: Partner): Promise<(string | undefined)[]> => {
  const { db } = hub.resources;
  while (await db('hub_events').where({ application_id: key.applicationId }).first('id')) await delay(10);
  const { events } = await store.feed({ limit: 1000 });
  return events.map(({ EventType }) => EventType).filter((type) => type?.startsWith('HUB_ENROLLMENT_'));
};

describe.each(Object.entries(doors))('a completion by %s', (_, complete) => {
  it('advances the enrollment, is in the feed, and the subscriber is told', async () => {
    const all = await enrolled({}, [{ course_id: 'golf' }]);
    const { by, learner } = all;
    const receiver = await startReceiver(ok());
    await subscribe(by, receiver);
    await complete(by, { learner, course: 'golf' });
    await receiver.waitFor(2);
    expect(await shown(all)).toMatchObject({ id: learner.id, state: 'complete', current_program_item_index: 1 });
    expect(await feedOf(by)).toEqual([
      'HUB_ENROLLMENT_CREATED',
      'HUB_ENROLLMENT_STEP_COMPLETED',
      'HUB_ENROLLMENT_COMPLETED',
    ]);
    const { id } = await by.programs.enrollment(all.programId, learner.id);
    expect(entries(receiver).map(({ EventType, EventData }) => [EventType, EventData?.['enrollmentId']])).toEqual([
      ['HUB_ENROLLMENT_STEP_COMPLETED', id],
      ['HUB_ENROLLMENT_COMPLETED', id],
    ]);
  });

  it('that comes twice advances once', async () => {
    const all = await enrolled();
    const report = { learner: all.learner, course: 'golf', id: uuid() };
    await complete(all.by, report);
    await untilRecorded(all.by);
    const before = await completionsOf(all.by);
    await complete(all.by, report);
    await complete(all.by, { learner: all.learner, course: 'golf' });
    await untilRecorded(all.by);
    expect(await itemsOf(all)).toEqual(['complete', 'pending']);
    expect((await completionsOf(all.by)).length).toBe(2 * before.length);
    expect(await feedOf(all.by)).toEqual(['HUB_ENROLLMENT_CREATED', 'HUB_ENROLLMENT_STEP_COMPLETED']);
  });

  it('out of its turn waits for it in a linear program, and counts at once in another', async () => {
    const [linear, free] = [await enrolled(), await enrolled({ non_linear: true })];
    for (const all of [linear, free]) {
      await complete(all.by, { learner: all.learner, course: 'putting' });
      await untilRecorded(all.by);
    }
    expect(await itemsOf(linear)).toEqual(['pending', 'pending']);
    expect(await itemsOf(free)).toEqual(['pending', 'complete']);
    await complete(linear.by, { learner: linear.learner, course: 'golf' });
    await untilRecorded(linear.by);
    expect(await itemsOf(linear)).toEqual(['complete', 'complete']);
  });

  it('before the enrollment counts when it is made', async () => {
    const by = await partner();
    const program = await by.programs.program();
    const learner = await by.programs.learner();
    await complete(by, { learner, course: 'golf' });
    await untilRecorded(by);
    await by.programs.enroll(program.id, [{ id: learner.id }]);
    expect(await itemsOf({ by, programId: program.id, learner })).toEqual(['complete', 'pending']);
  });

  it('of somebody unknown counts once they are there', async () => {
    const by = await partner();
    const program = await by.programs.program();
    const [byEmail, byUid] = [
      { uid: 'someone', email: 'someone@school.example' },
      { uid: 'another', email: null },
    ];
    for (const learner of [byEmail, byUid]) await complete(by, { learner, course: 'golf' });
    await untilRecorded(by);
    for (const { uid, email } of [byEmail, byUid]) {
      // Another uid than the event has: it is known by the email.
      const learner = await createLearner(
        by.key.applicationId,
        { uid: email === null ? uid : 'Someone Else', ...(email !== null && { email: email.toUpperCase() }) },
        by.programs.needs,
      );
      await by.programs.enroll(program.id, [{ id: learner.id }]);
      expect(await itemsOf({ by, programId: program.id, learner })).toEqual(['complete', 'pending']);
    }
  });

  it('in the same instant as the enrollment counts, whichever commits first', async () => {
    const by = await partner();
    const program = await by.programs.program({}, [{ course_id: 'golf' }]);
    const learners = await by.programs.learners(40);
    await Promise.all(
      learners.flatMap((learner) => [
        by.programs.enroll(program.id, [{ id: learner.id }]),
        complete(by, { learner, course: 'golf' }),
      ]),
    );
    await untilRecorded(by);
    const states = await hub.resources.db('enrollments').where({ program_id: program.id }).pluck<string[]>('state');
    expect(states).toEqual(Array.from({ length: 40 }, () => 'complete'));
    const feed = await feedOf(by);
    expect(feed.filter((type) => type === 'HUB_ENROLLMENT_COMPLETED')).toHaveLength(40);
  });

  it('in another application does not count', async () => {
    const [all, stranger] = [await enrolled(), await enrolled()];
    await complete(stranger.by, { learner: all.learner, course: 'golf' });
    await untilRecorded(stranger.by);
    expect(await completionsOf(stranger.by)).not.toEqual([]);
    expect(await itemsOf(all)).toEqual(['pending', 'pending']);
  });
});

describe.each(['a Caliper event', 'an event of the event store'])('a completion by %s', (door) => {
  const complete = doors[door]!;

  it('in an application without learners or programs counts once they are made, and once', async () => {
    const [by, stranger] = [await partner(), await partner()];
    const report = { learner: { uid: 'ada', email: null }, course: 'golf', id: uuid() };
    await complete(by, report);
    await complete(stranger, { ...report, course: 'putting', id: uuid() });
    const learner = await createLearner(by.key.applicationId, { uid: 'ada' }, by.programs.needs);
    const program = await by.programs.program();
    await by.programs.enroll(program.id, [{ id: learner.id }]);
    await untilCollected(by);
    const all = { by, programId: program.id, learner };
    expect(await itemsOf(all)).toEqual(['complete', 'pending']);
    const stored = await hub.resources
      .db('completions')
      .where({ application_id: by.key.applicationId })
      .select('course_id', 'completed_at', 'source_id');
    for (const row of stored)
      expect(row).toMatchObject({
        course_id: expect.stringMatching(/golf$/) as string,
        completed_at: happened[door],
        source_id: expect.stringContaining(report.id) as string,
      });
    await complete(by, report);
    await untilRecorded(by);
    expect(await completionsOf(by)).toHaveLength(stored.length);
    expect(await completionsOf(stranger)).toEqual([]);
    expect(await feedOf(by)).toEqual(['HUB_ENROLLMENT_CREATED', 'HUB_ENROLLMENT_STEP_COMPLETED']);
  });

  it('in the same instant as the first learner is made counts', async () => {
    for (let round = 0; round < 3; round += 1) {
      const by = await partner();
      const courses = Array.from({ length: 60 }, (_, nth) => `course-${nth}`);
      await Promise.all([
        ...courses.map(async (course, nth) => {
          await delay(nth);
          await complete(by, { learner: { uid: 'ada', email: null }, course });
        }),
        delay(20 * round).then(() => createLearner(by.key.applicationId, { uid: 'ada' }, by.programs.needs)),
      ]);
      await untilCollected(by);
      const completed = await hub.resources
        .db('completions')
        .where({ application_id: by.key.applicationId })
        .whereNotNull('learner_id')
        .pluck<string[]>('course_id');
      expect(completed).toEqual(expect.arrayContaining(courses));
      expect(new Set(completed).size).toBe(completed.length);
    }
  });
});

describeInBrowser('a completion by a launch', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());

  /** Opens a link in a browser and passes what it finds there. */
  async function pass(link: string): Promise<void> {
    const page = await browser.newPage();
    await page.goto(link);
    const content = page.frameLocator('#frame').locator('body[data-ready]');
    await content.waitFor();
    const frame = page.frames().find((one) => new URL(one.url()).pathname.endsWith('/a.html'))!;
    const sco = new Sco(frame);
    expect(await sco.set({ 'cmi.core.lesson_status': 'passed', 'cmi.core.score.raw': '90' })).toEqual(['true', 'true']);
    expect(await sco.tell('commit')).toBe('true');
    await page.close();
  }

  it('advances the enrollment, is in the feed, and the subscriber is told; one by a preview does nothing', async () => {
    const all = await enrolled({}, [{ course_id: 'golf' }]);
    const { by, learner, programId } = all;
    const call = courseApi(hub, by.key);
    await importCourse(hub, call, 'golf', scoCourse(['a']));
    const receiver = await startReceiver(ok());
    await subscribe(by, receiver);
    const { id } = await by.programs.enrollment(programId, learner.id);
    await pass(await linkTo(call, 'golf'));
    expect(await hub.resources.db('completion_queue').where({ application_id: by.key.applicationId })).toEqual([]);
    expect(await itemsOf(all)).toEqual(['pending']);
    const path = `/enrollments/${id}/items/0/launch`;
    await pass((await hubApi(hub, by.key).post<{ launchLink: string }>(path, {}, 201)).launchLink);
    await receiver.waitFor(2);
    expect(await shown(all)).toMatchObject({ id: learner.id, state: 'complete', current_program_item_index: 1 });
    expect(await feedOf(by)).toEqual([
      'HUB_ENROLLMENT_CREATED',
      'HUB_ENROLLMENT_STEP_COMPLETED',
      'HUB_ENROLLMENT_COMPLETED',
    ]);
    expect(entries(receiver).map(({ EventType, EventData }) => [EventType, EventData?.['enrollmentId']])).toEqual([
      ['HUB_ENROLLMENT_STEP_COMPLETED', id],
      ['HUB_ENROLLMENT_COMPLETED', id],
    ]);
    expect(await completionsOf(by)).toHaveLength(1);
  });
});

describe('a Caliper event', () => {
  const activity = (actor: object, course: string) =>
    newActivity({
      actor: { type: 'TimebackUser', ...actor },
      object: {
        id: 'https://school.example/activities/1',
        type: 'TimebackActivityContext',
        subject: 'Reading',
        app: { name: 'Reader' },
        course: { id: course, name: 'Golf' },
      },
    });

  it('names the course by its whole id or the last segment, the learner by email, else by uid, whole or last segment', async () => {
    const by = await partner();
    const iri = 'https://school.example/courses/golf';
    const program = await by.programs.program({ non_linear: true }, [{ course_id: iri }, { course_id: 'putting' }]);
    const uids = ['https://school.example/users/ada', 'bob', 'urn:school:eve'];
    for (const uid of uids) {
      const learner = await createLearner(by.key.applicationId, { uid }, by.programs.needs);
      await by.programs.enroll(program.id, [{ id: learner.id }]);
    }
    for (const id of [uids[0]!, 'https://school.example/users/bob', uids[2]!]) {
      const unknown = { id, email: `${uuid()}@nowhere.example` };
      taken(await by.caliper.events(activity(unknown, iri), activity(unknown, 'https://school.example/x/putting?y=1')));
    }
    await untilRecorded(by);
    const states = await hub.resources.db('enrollments').where({ program_id: program.id }).pluck<string[]>('state');
    expect(states).toEqual(['complete', 'complete', 'complete']);
  });

  it('of an envelope that is refused completes nothing', async () => {
    const all = await enrolled();
    const event = activity({ id: 'https://school.example/users/x', email: all.learner.email }, 'urn:x/golf');
    const { status } = await all.by.caliper.events(event, { ...event, eventTime: '2026-03-02T09:15:00.001Z' });
    expect(status).toBe(400);
    expect(await hub.resources.db('completion_queue').where({ application_id: all.by.key.applicationId })).toEqual([]);
    expect(await completionsOf(all.by)).toEqual([]);
  });
});

describe('an event of the event store', () => {
  it('that comes to name another course or learner completes that too; other changes complete nothing', async () => {
    const all = await enrolled();
    const { store, eventProgram } = all.by;
    const put = async (course: string, more: object = {}) =>
      taken(
        await store.put(
          `${eventProgram}-1`,
          eventOf(eventProgram, { ProgramMemberId: all.learner.uid, EventData: { courseId: course, ...more } }),
        ),
      );
    await put('golf');
    await put('golf', { score: 1 });
    await untilRecorded(all.by);
    expect(await completionsOf(all.by)).toHaveLength(1);
    await put('putting');
    await untilRecorded(all.by);
    expect(await completionsOf(all.by)).toHaveLength(2);
    expect(await itemsOf(all)).toEqual(['complete', 'complete']);
    taken(await store.delete(`${eventProgram}-1`).then(({ status }) => ({ status: status === 204 ? 200 : status })));
    expect(await itemsOf(all)).toEqual(['complete', 'complete']);
  });

  it('whose change was refused completes nothing', async () => {
    const all = await enrolled();
    const { store, eventProgram } = all.by;
    const event = eventOf(eventProgram, { ProgramMemberId: all.learner.uid });
    expect((await store.put(`${eventProgram}-1`, event, { 'if-match': '"1"' })).status).toBe(412);
    await untilRecorded(all.by);
    expect(await completionsOf(all.by)).toEqual([]);
  });

  it('of the hub’s types never counts, whatever the mapping', async () => {
    const all = await enrolled();
    const { store, eventProgram, key } = all.by;
    await putMapping(key, { events: { types: ['*'], course: 'EventData.courseId' } });
    const members = { ProgramMemberId: all.learner.uid, EventType: 'HUB_ENROLLMENT_STEP_COMPLETED' };
    taken(await store.put(`${eventProgram}-1`, eventOf(eventProgram, members)));
    await untilRecorded(all.by);
    await feedOf(all.by);
    expect(await completionsOf(all.by)).toEqual([]);
    expect(await itemsOf(all)).toEqual(['pending', 'pending']);
  });
});

interface MappingAnswer {
  status: number;
  etag: string | null;
  body: { courses: object[]; errors?: { path: string }[]; [member: string]: unknown };
}

async function mappingAnswer(answer: Response): Promise<MappingAnswer> {
  return {
    status: answer.status,
    etag: answer.headers.get('etag'),
    body: (await answer.json()) as MappingAnswer['body'],
  };
}
const getMapping = async (key: TestKey): Promise<MappingAnswer> =>
  mappingAnswer(await hub.fetch('/hub/v1/completion-mapping', { key }));
const putMapping = async (
  key: TestKey,
  mapping: unknown,
  headers: Record<string, string> = {},
): Promise<MappingAnswer> =>
  mappingAnswer(
    await hub.fetch('/hub/v1/completion-mapping', {
      method: 'PUT',
      key,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(mapping),
    }),
  );

describe('the application’s mapping', () => {
  const defaults = {
    events: { types: ['*_COMP_SUCCESS'], course: 'EventData.courseId', learner: 'ProgramMemberId' },
    caliper: { actions: ['ActivityEvent/Completed'], course: 'object.course.id' },
    courses: [],
  };

  it('counts for events from before where it is the first, and there is nobody yet', async () => {
    const [by, other] = [await partner(), await partner()];
    const put = ({ store, eventProgram }: Partner) =>
      store.put(`${eventProgram}-1`, eventOf(eventProgram, { EventType: 'DONE', ProgramMemberId: 'ada' }));
    taken(await put(by));
    taken(await put(other));
    await other.programs.program();
    await untilCollected(other);
    for (const { key } of [by, other]) await putMapping(key, { events: { types: ['DONE'] } });
    await untilCollected(by);
    expect(await completionsOf(by)).toHaveLength(1);
    expect(await completionsOf(other)).toEqual([]);
  });

  it('is the default until it is put; what is left out then is the default again', async () => {
    const { key, programs } = await partner();
    expect(await getMapping(key)).toEqual({ status: 200, etag: '"0"', body: defaults });
    await programs.program();
    expect((await getMapping(key)).etag).toBe('"0"');
    const courses = [{ foreign_id: 'G-1', course_id: 'golf' }];
    const put = await putMapping(key, { events: { types: ['DONE'] }, courses }, { 'if-match': '"0"' });
    expect(put).toEqual({
      status: 200,
      etag: '"1"',
      body: { ...defaults, events: { ...defaults.events, types: ['DONE'] }, courses },
    });
    expect(await getMapping(key)).toEqual(put);
    expect((await putMapping(key, {}, { 'if-match': '"0"' })).status).toBe(412);
    expect(await getMapping(key)).toEqual(put);
    expect(await putMapping(key, {})).toEqual({ status: 200, etag: '"2"', body: defaults });
  });

  it.each<[string, object, string]>([
    ['a course outside of EventData', { events: { course: 'courseId' } }, 'events.course'],
    ['a member that is not there', { event: {} }, 'event'],
    ['an empty foreign id', { courses: [{ foreign_id: '', course_id: 'golf' }] }, 'courses.0.foreign_id'],
    ['a pattern that is no text', { caliper: { actions: [1] } }, 'caliper.actions.0'],
    [
      'the same foreign id twice',
      { courses: ['golf', 'putting'].map((course_id) => ({ foreign_id: 'G', course_id })) },
      'courses.1.foreign_id',
    ],
  ])('is refused with %s, which is named', async (_, mapping, path) => {
    const { key } = await partner();
    const { status, body } = await putMapping(key, mapping);
    expect({ status, path: body.errors?.[0]?.path }).toEqual({ status: 400, path });
    expect((await getMapping(key)).etag).toBe('"0"');
  });

  it('takes 10,000 courses and not one more', async () => {
    const { key } = await partner();
    const courses = Array.from({ length: 10_001 }, (_, nth) => ({
      foreign_id: `foreign-${nth}`,
      course_id: `c-${nth}`,
    }));
    expect((await putMapping(key, { courses })).status).toBe(400);
    expect((await putMapping(key, { courses: courses.slice(1) })).body.courses).toHaveLength(10_000);
  });

  it('counts from then on, for both doors', async () => {
    const all = await enrolled({ non_linear: true });
    const { by, learner } = all;
    const put = async (id: string, courseId: string) =>
      taken(
        await by.store.put(
          `${by.eventProgram}-${id}`,
          eventOf(by.eventProgram, {
            EventType: 'DONE',
            ProgramMemberId: 'x',
            EventData: { courseId, who: learner.uid },
          }),
        ),
      );
    await put('1', 'golf');
    await putMapping(by.key, {
      events: { types: ['DONE'], learner: 'EventData.who' },
      courses: [
        { foreign_id: 'https://school.example/courses/P', course_id: 'putting' },
        { foreign_id: 'P', course_id: 'golf' },
      ],
    });
    await doors['a Caliper event']!(by, { learner, course: 'P' });
    await untilRecorded(by);
    expect(await itemsOf(all)).toEqual(['pending', 'complete']);
    await put('2', 'P');
    await untilRecorded(by);
    expect(await itemsOf(all)).toEqual(['complete', 'complete']);
  });
});

describe('an approval', () => {
  it('advances the enrollment, is in the feed, and the subscriber is told', async () => {
    const all = await enrolled({}, [{ title: 'Interview', requires_approval: true }, { course_id: 'golf' }]);
    const receiver = await startReceiver(ok());
    await subscribe(all.by, receiver);
    const { id: enrollmentId } = await all.by.programs.enrollment(all.programId, all.learner.id);
    const approval = `/hub/v1/enrollments/${enrollmentId}/items/0/approve`;
    expect((await hub.fetch(approval, { method: 'POST', key: all.by.key })).status).toBe(200);
    await receiver.waitFor(1);
    expect(await shown(all)).toMatchObject({ state: 'active', current_program_item_index: 1 });
    expect(entries(receiver)).toMatchObject([{ EventData: { enrollmentId, position: 0, by: 'approval' } }]);
  });
});

test('a completion that cannot be recorded is put aside, and those around it count', async () => {
  const all = await enrolled();
  const { db, wake } = hub.resources;
  const row = { application_id: all.by.key.applicationId, door: 'events', completed_at: new Date() };
  await db('completion_queue').insert([
    ...Array.from({ length: 7 }, (_, nth) => ({ ...row, event_id: `E-${nth}`, learner: 'x', course: `c-${nth}` })),
    // By no door that there is.
    { ...row, event_id: 'bad', door: 'window', learner: 'x', course: 'golf' },
    { ...row, event_id: 'good', learner: all.learner.uid, course: 'golf' },
  ]);
  wake('completions');
  await untilRecorded(all.by);
  expect(await itemsOf(all)).toEqual(['complete', 'pending']);
  expect(await completionsOf(all.by)).toHaveLength(8);
  const aside = await db('completion_queue').where({ application_id: row.application_id }).pluck<string[]>('event_id');
  expect(aside).toEqual(['bad']);
  await db('completion_queue').where({ application_id: row.application_id }).delete();
});

test('the Temporal Web UI shows an enrollment: whose, its state, its next wake, and why it waits', async () => {
  const all = await enrolled({ default_days_until_due: 30, reminder_days: [7] });
  const enrollment = await all.by.programs.enrollment(all.programId, all.learner.id);
  const handle = workers.client.workflow.getHandle(`enrollment/${enrollment.id}`);
  await untilStarted(handle);
  const details = async (): Promise<string> =>
    (await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails;
  while ((await details()) === '') await delay(50);
  const wake = addDays(enrollment.end_at!, -7);
  expect((await handle.describe()).searchAttributes).toMatchObject({
    HubApplicationId: [all.by.key.applicationId],
    HubProgramId: [String(all.programId)],
    HubLearnerId: [String(all.learner.id)],
    HubEnrollmentId: [String(enrollment.id)],
    HubState: ['active'],
    HubNextWake: [wake],
  });
  expect(await details()).toBe(`active. Waiting until ${wake.toISOString()}, when a reminder is due.`);
  for (const course of ['golf', 'putting'])
    await doors['an event of the event store']!(all.by, { learner: all.learner, course });
  expect(await handle.result()).toBe('complete');
  const { searchAttributes } = await handle.describe();
  expect(searchAttributes).toMatchObject({ HubState: ['complete'] });
  expect(searchAttributes).not.toHaveProperty('HubNextWake');
});
