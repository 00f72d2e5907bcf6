import { v7 as uuid } from 'uuid';
import { insertCourse } from '../../src/courses/courses.store';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { registerObject, send } from '../support/learning-objects';

let hub: TestHub;
let key: TestKey;

beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey();
  for (const id of ['golf', 'a/b', 'Excursion:83']) await course(id);
});
afterAll(() => hub.close());

const course = (courseId: string) =>
  hub.resources.db.transaction((tx) =>
    insertCourse(tx, { id: uuid(), application_id: key.applicationId, course_id: courseId, title: 'Golf', tags: [] }),
  );

const lo = (score: number | '' = 7.5) => ({
  id: 12,
  name: 'Golf',
  'LORI v1.5 item1': 4,
  'LORI v1.5 comments': '',
  interactions: { time: 3 },
  'Metric Score: LORI WAM CW': score,
  'Metric Score: LORIEM': '',
});
const form = (fields: Record<string, string>) => new URLSearchParams(fields);
const put = (id: string, body: unknown, by: TestKey = key) =>
  send(hub, by, 'PUT', `/los/${encodeURIComponent(id)}`, body);

interface Received {
  id: number;
  id_repository: string;
  course_id: string | null;
  scores: Record<string, number | null>;
  changed_at: string;
}
const received = async (query = '', by = key) => {
  const path = `/hub/v1/received-learning-objects?${query}`;
  const { body } = await send<{ received_learning_objects: Received[] }>(hub, by, 'GET', path);
  return body.received_learning_objects;
};
const one = async (id: string) => (await received()).find(({ id_repository }) => id_repository === id)!;
const history = async (id: number) => {
  const path = `/hub/v1/received-learning-objects/${id}/scores`;
  const { body } = await send<{ scores: { scores: Received['scores'] }[] }>(hub, key, 'GET', path);
  return body.scores.map(({ scores }) => scores['LORI WAM CW']);
};

describe('PUT /los/:id', () => {
  it.each([
    ['a form with JSON text', 'golf', form({ id_loep: '12', id_repository: 'golf', lo: JSON.stringify(lo()) })],
    ['JSON', 'a/b', { id_loep: 12, id_repository: 'a/b', lo: lo() }],
    ['JSON with JSON text', 'Excursion:83', { lo: JSON.stringify(lo()) }],
  ])('takes %s about a course', async (_, id, body) => {
    const answer = await put(id, body);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({});
    const { id: row, ...shown } = await one(id);
    expect(shown).toMatchObject({ course_id: id, id_loep: 12, key_id: key.id, learning_object_id: null });
    expect(shown.scores).toEqual({ 'LORI WAM CW': 7.5, LORIEM: null });
    const data = await send(hub, key, 'GET', `/hub/v1/received-learning-objects/${row}`);
    expect(Object.entries(data.body['lo'] as object)).toEqual(Object.entries(lo()));
  });

  it('takes it about a learning object, and for the course that this is tied to', async () => {
    const id = await registerObject(hub, key, { id_repository: 'lo:1' });
    expect((await put('lo:1', { lo: { ...lo(), id_repository: 'lo:1' } })).status).toBe(200);
    expect(await one('lo:1')).toMatchObject({ course_id: null, learning_object_id: id });
    await send(hub, key, 'PATCH', `/hub/v1/learning-objects/${id}`, { course_id: 'golf' });
    expect((await received('course_id=golf')).map(({ id_repository }) => id_repository)).toContain('lo:1');
  });

  it('keeps the latest, and a history of the scores that changed', async () => {
    await course('history');
    for (const score of [7.5, 7.5, 8, '', '', 8] as const) await put('history', { lo: lo(score) });
    const row = await one('history');
    expect(row.scores['LORI WAM CW']).toBe(8);
    expect(await history(row.id)).toEqual([7.5, 8, null, 8]);
    await put('history', { lo: { ...lo(8), name: 'Renamed' } });
    expect(await history(row.id)).toHaveLength(4);
    expect((await one('history')).changed_at > row.changed_at).toBe(true);
  });

  it('keeps one row and one score of many requests at once', async () => {
    await course('at once');
    const answers = await Promise.all(Array.from({ length: 8 }, () => put('at once', { lo: lo() })));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(8).fill(200));
    expect(await history((await one('at once')).id)).toEqual([7.5]);
  });

  it.each([
    ['no lo', {}, { lo: ['is required'] }],
    ['no JSON text', { lo: '{"a":' }, { lo: [expect.stringContaining('JSON object')] }],
    ['a list', { lo: '[1]' }, { lo: [expect.stringContaining('JSON object')] }],
    ['null', { lo: null }, { lo: [expect.stringContaining('JSON object')] }],
    ['what is nested too deeply', { lo: `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}` }, { lo: [expect.any(String)] }],
    ['another id_repository', { id_repository: 'x', lo: lo() }, { id_repository: [expect.stringContaining('golf')] }],
    ['another one within', { lo: { id_repository: 'x' } }, { id_repository: [expect.stringContaining('golf')] }],
    ['no number', { id_loep: 'twelve', lo: {} }, { id_loep: [expect.any(String)] }],
  ])('refuses %s with 400', async (_, body, problems) => {
    const answer = await put('golf', body);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(problems);
  });

  it('takes odd text as it is', async () => {
    await course('odd');
    const odd = { name: '\u{1f3cc}', half: '\ud800', 'Metric Score: x': 'none', ['__proto__']: 1 };
    expect((await put('odd', form({ lo: JSON.stringify(odd) }))).status).toBe(200);
    expect((await put('odd', form({ lo: '{"name":"\\u0000"}' }))).status).toBe(200);
  });

  it('is 404 with {error} for an id that the application does not know', async () => {
    for (const answer of [await put('nowhere', { lo: lo() }), await put('golf', { lo: lo() }, await hub.newKey())]) {
      expect(answer.status).toBe(404);
      expect(answer.body).toEqual({ error: expect.any(String) });
    }
  });

  it('is 401 with {error} without credentials', async () => {
    const { status, body } = await send(hub, undefined, 'PUT', '/los/golf', { lo: lo() });
    expect(status).toBe(401);
    expect(body).toEqual({ error: expect.any(String) });
  });

  it('takes a body of up to a megabyte', async () => {
    const sized = (bytes: number) => put('golf', { lo: { ...lo(), description: 'x'.repeat(bytes) } });
    expect((await sized(1_000_000)).status).toBe(200);
    const { status, body } = await sized(1024 * 1024);
    expect(status).toBe(413);
    expect(body).toEqual({ error: expect.any(String) });
  });
});

describe('received learning objects', () => {
  it('are none of another application’s', async () => {
    await put('golf', { lo: lo() });
    const { id } = await one('golf');
    const stranger = await hub.newKey();
    expect(await received('', stranger)).toEqual([]);
    for (const path of ['', '/scores']) {
      const answer = await send(hub, stranger, 'GET', `/hub/v1/received-learning-objects/${id}${path}`);
      expect(answer.status).toBe(404);
    }
  });
});
