import { v7 as uuid } from 'uuid';
import { insertCourse, insertVersion } from '../../src/courses/courses.store';
import { learningObjectCallback } from '../../src/learning-objects/learning-object-callback';
import { upsertActivity } from '../../src/player/registrations.store';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { registerObject, send } from '../support/learning-objects';
import { register } from '../support/registrations';

let hub: TestHub;
let key: TestKey;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());
beforeEach(async () => {
  key = await hub.newKey();
});

const addCourse = (courseId: string, typicalTime?: string, by: TestKey = key): Promise<unknown> =>
  hub.resources.db.transaction(async (tx) => {
    const course = await insertCourse(tx, {
      id: uuid(),
      application_id: by.applicationId,
      course_id: courseId,
      title: courseId,
      tags: [],
    });
    const rootActivity = { identifier: 'root', type: 'AGGREGATION' as const, title: '', children: [] };
    const version = {
      id: uuid(),
      course_id: course!.id,
      version: 0,
      title: courseId,
      learning_standard: 'SCORM12' as const,
      xapi_activity_id: `https://example.com/${course!.id}`,
      identifier: 'm',
      metadata: { title: courseId, keywords: [], ...(typicalTime !== undefined && { typicalTime }) },
      languages: [],
      structure: { launchHref: 'a.html', sequenced: false, parserWarnings: [], rootActivity },
    };
    const revision = { package_key: null, file_key: null, file_name: null, file_type: null };
    return insertVersion(tx, version, revision);
  });

interface Played {
  seconds: number;
  interactions: number;
  completion?: 'completed' | 'incomplete';
  kind?: 'preview' | 'enrolled';
}

/** A registration that was played: an activity with so many answers. */
async function play(courseId: string, { seconds, interactions, completion = 'incomplete', kind = 'enrolled' }: Played) {
  const { db } = hub.resources;
  const id = await register(db, key.applicationId, courseId, { kind, seconds, completion });
  await answer(id, seconds, interactions);
  return id;
}

const answer = (registration: string, seconds: number, count: number): Promise<void> =>
  hub.resources.db.transaction((tx) =>
    upsertActivity(tx, {
      registration_id: registration,
      activity_id: 'a',
      cmi: Object.fromEntries(Array.from({ length: count }, (_, at) => [`cmi.interactions.${at}.id`, 'q'])),
      completion: 'incomplete',
      success: 'unknown',
      score: null,
      progress: null,
      seconds,
      attempts: 1,
      session_open: false,
    }),
  );

interface Shown {
  id: number;
  scores: Record<string, number | null>;
  models: { model: string; evaluations: number; completed_evaluations: number; means: (number | null)[] }[];
}
const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
  const { body: answered, status } = await send<T>(hub, key, method, path, body);
  expect(status).toBeLessThan(300);
  return answered;
};
const model = 'Interaction Quality';
const tie = (id: number, course: string | null) =>
  call<Shown>('PATCH', `/hub/v1/learning-objects/${id}`, { course_id: course });
const modelOf = ({ models }: Shown) => models.find((one) => one.model === model)!;
const qualityOf = async (id: number) => {
  const shown = await call<Shown>('GET', `/hub/v1/learning-objects/${id}`);
  return [modelOf(shown).means, shown.scores[model], modelOf(shown).evaluations];
};

/** The example of docs/learning-objects.md. */
async function playExample(courseId: string): Promise<void> {
  await play(courseId, { seconds: 900, interactions: 12, completion: 'completed' });
  await play(courseId, { seconds: 1200, interactions: 10 });
  await play(courseId, { seconds: 40, interactions: 0 });
  await play(courseId, { seconds: 260, interactions: 2 });
}

describe('Interaction Quality of a learning object', () => {
  it('is made of what learners did in the course that it is tied to', async () => {
    await addCourse('golf', 'PT20M');
    const id = await registerObject(hub, key);
    await playExample('golf');
    expect(await qualityOf(id)).toEqual([[null, null, null], null, 0]);
    // 0.303 · 5 + 0.435 · 7.5 + 0.262 · 3 = 5.5635
    const shown = await tie(id, 'golf');
    expect(modelOf(shown)).toMatchObject({ evaluations: 1, completed_evaluations: 1, means: [5, 7.5, 3] });
    expect(shown.scores[model]).toBe(5.56);
    const lo = await call('GET', '/api/v1/los/Excursion%3A83');
    expect(lo).toMatchObject({
      'Interaction Quality ditem1': 5,
      'Interaction Quality ditem3': 3,
      'Evaluations with Interaction Quality': 1,
      'Metric Score: Interaction Quality': 5.56,
    });
    expect((await learningObjectCallback(hub.resources.db, String(id)))?.lo).toEqual(lo);
    await tie(id, null);
    expect(await qualityOf(id)).toEqual([[null, null, null], null, 0]);
  });

  it('is blank while there are previews alone, and registrations in which nothing was opened', async () => {
    await addCourse('quiet');
    const id = await registerObject(hub, key);
    await tie(id, 'quiet');
    await play('quiet', { seconds: 600, interactions: 3, kind: 'preview' });
    await register(hub.resources.db, key.applicationId, 'quiet');
    expect(await qualityOf(id)).toEqual([[null, null, null], null, 0]);
    await play('quiet', { seconds: 30, interactions: 0, completion: 'completed' });
    // Half a minute of ten; it stayed, for it completed.
    expect(await qualityOf(id)).toEqual([[0.5, 10, 0], 4.5, 1]);
  });

  it('counts the interactions of the attempt that has the most', async () => {
    await addCourse('again');
    const id = await registerObject(hub, key);
    await tie(id, 'again');
    const registration = await play('again', { seconds: 600, interactions: 10 });
    await answer(registration, 600, 4);
    expect((await qualityOf(id))[0]).toEqual([10, 10, 5]);
    await answer(registration, 600, 20);
    expect((await qualityOf(id))[0]).toEqual([10, 10, 10]);
  });

  it('is another application’s course’s never, though the id is the same', async () => {
    await addCourse('same');
    const id = await registerObject(hub, key);
    await tie(id, 'same');
    const own = key;
    key = await hub.newKey();
    await addCourse('same');
    await play('same', { seconds: 600, interactions: 10 });
    key = own;
    expect((await qualityOf(id))[1]).toBeNull();
  });

  it('is asked of the database once for a list of objects', async () => {
    for (const course of ['a', 'b']) {
      await addCourse(course, 'PT20M');
      await playExample(course);
      for (const name of ['1', '2'])
        await tie(await registerObject(hub, key, { id_repository: course + name }), course);
    }
    await registerObject(hub, key);
    const asked: string[] = [];
    const note = ({ sql }: { sql: string }): void => void asked.push(sql);
    hub.resources.db.on('query', note);
    const { learning_objects: objects } = await call<{ learning_objects: Shown[] }>('GET', '/hub/v1/learning-objects');
    const los = await call<Record<string, unknown>[]>('GET', '/api/v1/los');
    hub.resources.db.removeListener('query', note);
    expect(objects.map(({ scores }) => scores[model])).toEqual([5.56, 5.56, 5.56, 5.56, null]);
    expect(los.map((lo) => lo[`Metric Score: ${model}`])).toEqual([5.56, 5.56, 5.56, 5.56, '']);
    expect(asked.filter((sql) => sql.includes('registrations'))).toHaveLength(2);
  });
});

describe('a tie to a course', () => {
  const told = async () => {
    const { db } = hub.resources;
    const of = { application_id: key.applicationId };
    const [deliveries, events] = [await db('deliveries').where(of), await db('hub_events').where(of)];
    return [deliveries.length, events.length];
  };

  it('is told of where it changes what the object is worth, and not where it does not', async () => {
    await call('POST', '/hub/v1/endpoints', { url: 'https://loep.example/', dialect: 'loep' });
    await addCourse('used');
    await addCourse('unused');
    await playExample('used');
    const id = await registerObject(hub, key);
    await hub.resources.db('deliveries').where({ application_id: key.applicationId }).delete();
    const [, before] = await told();
    await tie(id, 'unused');
    expect(await told()).toEqual([0, before]);
    await tie(id, 'used');
    expect(await told()).toEqual([1, before! + 1]);
    await tie(id, 'used');
    expect(await told()).toEqual([1, before! + 1]);
  });
});
