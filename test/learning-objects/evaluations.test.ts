import { v7 as uuid } from 'uuid';
import { insertCourse } from '../../src/courses/courses.store';
import { learningObjectCallback } from '../../src/learning-objects/learning-object-callback';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { registerObject, send } from '../support/learning-objects';

let hub: TestHub;
let key: TestKey;
let count = 0;

beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey();
});
afterAll(() => hub.close());

const newObject = () => registerObject(hub, key, { id_repository: `object ${count++}` });
const object = (id: number) => `/hub/v1/learning-objects/${id}`;
const call = <T = Record<string, unknown>>(method: string, path: string, body?: unknown, by: TestKey = key) =>
  send<T>(hub, by, method, path, body);
const evaluate = (id: number, body: object, by = key) =>
  call<{ id: number }>('POST', `${object(id)}/evaluations`, body, by);
const assign = (id: number, model: string, reviewer: string) =>
  call<{ id: number; status: string }>('POST', `${object(id)}/assignments`, { model, reviewer });
const callbackOf = async (id: number) => {
  const callback = await learningObjectCallback(hub.resources.db, String(id));
  return callback?.lo as Record<string, unknown>;
};

const lori = (value: number | null) => ({ model: 'LORI v1.5', items: Array<number | null>(9).fill(value) });

describe('POST /hub/v1/learning-objects/{id}/evaluations', () => {
  it('counts from then on in means and scores', async () => {
    const id = await newObject();
    expect((await evaluate(id, { ...lori(5), reviewer: 'ann' })).status).toBe(201);
    await evaluate(id, { ...lori(2), reviewer: 'bob', comments: 'short' });
    await evaluate(id, { ...lori(-1), items: [4, -1, null, -1, -1, -1, -1, -1, -1], reviewer: 'cy' });
    expect(await callbackOf(id)).toMatchObject({
      'Evaluations with LORI v1.5': 3,
      'Completed Evaluations with LORI v1.5': 2,
      'LORI v1.5 item1': 3.67,
      'LORI v1.5 item2': 3.5,
      'LORI v1.5 comments': ['short'],
      'Metric Score: LORI Arithmetic Mean': 6.3, // (2.6667 + 8 · 2.5) / 9 · 2.5 = 6.2963
      'Metric Score: LORIEM': '',
    });
    const { body } = await call<{ models: object[]; scores: object }>('GET', object(id));
    expect(body.scores).toMatchObject({ 'LORI Arithmetic Mean': 6.3, LORIEM: null });
    expect(body.models[0]).toMatchObject({
      model: 'LORI v1.5',
      evaluations: 3,
      completed_evaluations: 2,
      means: [3.67, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5],
    });
  });

  it('keeps texts in their places and tells of those that there are', async () => {
    const id = await newObject();
    const student = { model: 'WBLT-S', items: Array<number>(13).fill(7), reviewer: 'class 4b' };
    await evaluate(id, { ...student, texts: ['liked it', null] });
    expect((await evaluate(id, { ...student, texts: ['', 'too short'] })).status).toBe(201);
    expect(await callbackOf(id)).toMatchObject({
      'Evaluations with WBLT-S': 2,
      'WBLT-S titem1': ['liked it'],
      'WBLT-S titem2': ['too short'],
      'WBLT-S comments': '',
      'Metric Score: WBLT-S Arithmetic Mean': 10,
    });
  });

  it('takes one of each reviewer, whoever is first', async () => {
    const id = await newObject();
    const answers = await Promise.all(Array.from({ length: 4 }, () => evaluate(id, { ...lori(3), reviewer: 'ann' })));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409, 409, 409]);
    expect(await callbackOf(id)).toMatchObject({ 'Evaluations with LORI v1.5': 1, 'LORI v1.5 item1': 3 });
  });

  it('loses none of many at once', async () => {
    const id = await newObject();
    const reviewers = Array.from({ length: 20 }, (_, at) => `reviewer ${at}`);
    await Promise.all(reviewers.map((reviewer, at) => evaluate(id, { ...lori((at % 5) + 1), reviewer })));
    expect(await callbackOf(id)).toMatchObject({ 'Evaluations with LORI v1.5': 20, 'LORI v1.5 item9': 3 });
  });

  it('completes the reviewer’s pending assignment to that model, and no other', async () => {
    const id = await newObject();
    const mine = (await assign(id, 'LORI v1.5', 'ann')).body.id;
    const others = [await assign(id, 'SUS', 'ann'), await assign(id, 'LORI v1.5', 'bob')];
    await evaluate(id, { ...lori(3), reviewer: 'ann' });
    const status = async (of: number) => (await call(`GET`, `/hub/v1/assignments/${of}`)).body['status'];
    expect(await status(mine)).toBe('Completed');
    for (const { body } of others) expect(await status(body.id)).toBe('Pending');
    expect(await callbackOf(id)).toMatchObject({
      'Assignments with LORI v1.5': 2,
      'Completed assignments with LORI v1.5': 1,
      'Pending assignments with LORI v1.5': 1,
      'Pending assignments with SUS': 1,
    });
  });

  it.each([
    ['a value beside the scale', { ...lori(3), items: [1, 1, 1, 6, 1, 1, 1, 1, 1] }, 'items.3'],
    ['a value that is no integer', { ...lori(3), items: [1, 1, 1, 1.5, 1, 1, 1, 1, 1] }, 'items.3'],
    ['a value that is text', { ...lori(3), items: [1, 1, 1, 'x', 1, 1, 1, 1, 1] }, 'items.3'],
    ['too few values', { ...lori(3), items: [1] }, 'items'],
    ['texts that it does not ask for', { ...lori(3), texts: ['x'] }, 'texts'],
    ['too long a comment', { ...lori(3), comments: 'x'.repeat(2001) }, 'comments'],
    ['an automatic model', { model: 'Metadata Quality', items: [1, 1, 1, 1, 1] }, 'model'],
    ['an unknown model', { model: 'LORI', items: [1] }, 'model'],
    ['a member it does not know', { ...lori(3), owner: 'x' }, 'owner'],
  ])('refuses %s and names the member', async (_, body, path) => {
    const answer = await evaluate(await newObject(), { reviewer: 'ann', ...body });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ path }] });
  });

  it('is refused beyond the limit of a model', async () => {
    const id = await newObject();
    await evaluate(id, { ...lori(3), reviewer: 'ann' });
    await hub.resources.db('model_totals').where({ learning_object_id: id }).update({ evaluations: 10_000 });
    const answer = await evaluate(id, { ...lori(3), reviewer: 'bob' });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'too_many_evaluations' });
  });
});

describe('/hub/v1/evaluations/{id}', () => {
  it('is read, changed and deleted, and the means follow', async () => {
    const id = await newObject();
    await evaluate(id, { ...lori(5), reviewer: 'ann' });
    const { body: made } = await evaluate(id, { ...lori(1), reviewer: 'bob', comments: 'no' });
    const path = `/hub/v1/evaluations/${made.id}`;
    expect((await call('GET', path)).body).toEqual(made);
    const changed = await call('PUT', path, { items: [3, 3, 3, 3, 3, 3, 3, 3, null] });
    expect(changed.body).toMatchObject({ reviewer: 'bob', comments: null });
    expect(await callbackOf(id)).toMatchObject({
      'Completed Evaluations with LORI v1.5': 1,
      'LORI v1.5 item1': 4,
      'LORI v1.5 item9': 5,
      'LORI v1.5 comments': '',
    });
    const gone = await Promise.all([call('DELETE', path), call('DELETE', path)]);
    expect(gone.map(({ status }) => status).sort((a, b) => a - b)).toEqual([204, 404]);
    expect(await callbackOf(id)).toMatchObject({ 'Evaluations with LORI v1.5': 1, 'LORI v1.5 item1': 5 });
    expect((await call('GET', path)).status).toBe(404);
    expect((await call('PUT', path, lori(1))).status).toBe(400);
  });

  it('refuses answers that do not fit its model', async () => {
    const { body } = await evaluate(await newObject(), { ...lori(5), reviewer: 'ann' });
    const answer = await call('PUT', `/hub/v1/evaluations/${body.id}`, { items: [9, 1, 1, 1, 1, 1, 1, 1, 1] });
    expect(answer.body).toMatchObject({ status: 400, errors: [{ path: 'items.0' }] });
  });

  it('lists page by page', async () => {
    const id = await newObject();
    for (const reviewer of ['a', 'b', 'c']) await evaluate(id, { ...lori(2), reviewer });
    type List = { evaluations: { reviewer: string }[]; next?: string };
    const first = (await call<List>('GET', `${object(id)}/evaluations?limit=2`)).body;
    const second = (await call<List>('GET', `${object(id)}/evaluations?limit=2&after=${first.next}`)).body;
    expect([...first.evaluations, ...second.evaluations].map(({ reviewer }) => reviewer)).toEqual(['a', 'b', 'c']);
    expect(second.next).toBeUndefined();
  });
});

describe('assignments', () => {
  it('are completed or rejected once', async () => {
    const id = await newObject();
    const { status, body } = await assign(id, 'LOEM', 'ann');
    expect(status).toBe(201);
    expect(body.status).toBe('Pending');
    const ended = await call('POST', `/hub/v1/assignments/${body.id}/reject`);
    expect(ended.body).toMatchObject({ id: body.id, status: 'Rejected' });
    for (const verb of ['complete', 'reject']) {
      expect((await call('POST', `/hub/v1/assignments/${body.id}/${verb}`)).status).toBe(409);
    }
    const again = await assign(id, 'LOEM', 'ann');
    expect((await call('POST', `/hub/v1/assignments/${again.body.id}/complete`)).body['status']).toBe('Completed');
    expect(await callbackOf(id)).toMatchObject({
      'Assignments with LOEM': 2,
      'Completed assignments with LOEM': 1,
      'Rejected assignments with LOEM': 1,
      'Pending assignments with LOEM': 0,
    });
    const { body: list } = await call<{ assignments: unknown[] }>('GET', `${object(id)}/assignments`);
    expect(list.assignments).toHaveLength(2);
  });

  it('are one at a time for a reviewer and model', async () => {
    const id = await newObject();
    const answers = await Promise.all([assign(id, 'SUS', 'ann'), assign(id, 'SUS', 'ann')]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409]);
    expect(await callbackOf(id)).toMatchObject({ 'Assignments with SUS': 1 });
  });

  it('are counted no longer once deleted', async () => {
    const id = await newObject();
    const { body } = await assign(id, 'SUS', 'ann');
    expect((await call('DELETE', `/hub/v1/assignments/${body.id}`)).status).toBe(204);
    expect((await call('DELETE', `/hub/v1/assignments/${body.id}`)).status).toBe(404);
    expect(await callbackOf(id)).toMatchObject({ 'Assignments with SUS': 0 });
  });

  it.each(['Metadata Quality', 'Interaction Quality'])('to %s are refused: it is automatic', async (model) => {
    const answer = await assign(await newObject(), model, 'ann');
    expect(answer.body).toMatchObject({ status: 400, errors: [{ path: 'model' }] });
  });
});

describe('GET /hub/v1/learning-objects', () => {
  it('filters by repository, id and course, and pages', async () => {
    const own = await hub.newKey();
    await course(own, 'golf');
    const ids: number[] = [];
    for (const [id_repository, repository] of [
      ['1', 'a'],
      ['2', 'a'],
      ['1', 'b'],
    ] as const) {
      ids.push(await registerObject(hub, own, { id_repository, repository }));
    }
    await call('PATCH', object(ids[1]!), { course_id: 'golf' }, own);
    type List = { learning_objects: { id: number }[]; next?: string };
    const list = async (query: string) => {
      const { body } = await call<List>('GET', `/hub/v1/learning-objects?${query}`, undefined, own);
      return body.learning_objects.map(({ id }) => ids.indexOf(id));
    };
    expect(await list('')).toEqual([0, 1, 2]);
    expect(await list('repository=a')).toEqual([0, 1]);
    expect(await list('id_repository=1')).toEqual([0, 2]);
    expect(await list('id_repository=1&repository=b')).toEqual([2]);
    expect(await list('course_id=golf')).toEqual([1]);
    const { body } = await call<List>('GET', '/hub/v1/learning-objects?limit=2', undefined, own);
    expect(await list(`after=${body.next}`)).toEqual([2]);
  });

  it('refuses an after of another kind of list', async () => {
    const after = Buffer.from('["name"]').toString('base64url');
    expect((await call('GET', `/hub/v1/learning-objects?after=${after}`)).status).toBe(400);
  });
});

const course = (by: TestKey, courseId: string) =>
  hub.resources.db.transaction((tx) =>
    insertCourse(tx, { id: uuid(), application_id: by.applicationId, course_id: courseId, title: 'Golf', tags: [] }),
  );

describe('PATCH /hub/v1/learning-objects/{id}', () => {
  it('ties to a course of the application, and to none', async () => {
    await course(key, 'tied');
    const id = await newObject();
    expect((await call('PATCH', object(id), { course_id: 'tied' })).body).toMatchObject({ id, course_id: 'tied' });
    expect((await call('PATCH', object(id), { course_id: null })).body).toMatchObject({ course_id: null });
  });

  it.each([
    ['a course that is not there', { course_id: 'nowhere' }],
    ['a course of another application', { course_id: 'theirs' }],
    ['a number', { course_id: 5 }],
    ['nothing', {}],
  ])('refuses %s', async (_, body) => {
    const other = await hub.newKey();
    await course(other, 'theirs');
    const answer = await call('PATCH', object(await newObject()), body);
    expect(answer.body).toMatchObject({ status: 400, errors: [{ path: 'course_id' }] });
  });
});

describe('another application', () => {
  it('finds none of it', async () => {
    const id = await newObject();
    const { body: assignment } = await assign(id, 'SUS', 'ann');
    const { body: evaluation } = await evaluate(id, { ...lori(1), reviewer: 'ann' });
    const stranger = await hub.newKey();
    const requests = [
      ['GET', object(id)],
      ['PATCH', object(id), { course_id: null }],
      ['DELETE', object(id)],
      ['GET', `${object(id)}/assignments`],
      ['POST', `${object(id)}/assignments`, { model: 'SUS', reviewer: 'x' }],
      ['GET', `${object(id)}/evaluations`],
      ['POST', `${object(id)}/evaluations`, { ...lori(1), reviewer: 'x' }],
      ['GET', `/hub/v1/assignments/${assignment.id}`],
      ['POST', `/hub/v1/assignments/${assignment.id}/complete`],
      ['POST', `/hub/v1/assignments/${assignment.id}/reject`],
      ['DELETE', `/hub/v1/assignments/${assignment.id}`],
      ['GET', `/hub/v1/evaluations/${evaluation.id}`],
      ['PUT', `/hub/v1/evaluations/${evaluation.id}`, { items: lori(1).items }],
      ['DELETE', `/hub/v1/evaluations/${evaluation.id}`],
    ] as const;
    for (const [method, path, body] of requests) {
      const answer = await call(method, path, body, stranger);
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    expect((await call('GET', object(id))).status).toBe(200);
  });
});

describe('learningObjectCallback', () => {
  it('has what LOEP’s own API answers', async () => {
    const id = await registerObject(hub, key, { id_repository: 'told' });
    const { body } = await call('GET', '/api/v1/los/told');
    const callback = await learningObjectCallback(hub.resources.db, String(id));
    expect(callback).toEqual({ id_loep: id, id_repository: 'told', lo: body });
  });

  it('is undefined for an object that is gone or has no id of the application’s', async () => {
    const { body } = await call<{ id: number }>('POST', '/api/v1/los', {
      lo: { name: 'x', url: 'https://example.org' },
    });
    expect(await learningObjectCallback(hub.resources.db, String(body.id))).toBeUndefined();
    expect(await learningObjectCallback(hub.resources.db, '999999')).toBeUndefined();
  });
});
