import type { Completion } from '../../src/programs/completions.schemas';
import { enrollLearners } from '../../src/programs/enroll-learners';
import type { EnrollmentSummary } from '../../src/programs/hub-enrollments.schemas';
import type { Learner } from '../../src/programs/learners.schemas';
import type { Program } from '../../src/programs/programs.schemas';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { type HubApi, hubApi } from '../support/hub-api';

let hub: TestHub;
let key: TestKey;
let api: HubApi;
beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey();
  api = hubApi(hub, key);
});
afterAll(() => hub.close());

const send: HubApi['send'] = (...request) => api.send(...request);
let made = 0;
const unique = () => `c-${(made += 1)}`;
const newLearner = (more: object = {}) => api.post<Learner>('/learners', { uid: unique(), ...more }, 201);
const report = (body: object) => api.post<Completion>('/completions', body, 201);
const completionsOf = async ({ id }: Learner, query = '') =>
  (await api.get<{ completions: Completion[] }>(`/learners/${id}/completions${query}`)).completions;

/** A learner who is enrolled in a program of golf and chess. */
async function enrolled() {
  const items = [{ course_id: 'golf' }, { course_id: 'chess' }];
  const program = await api.post<Program>('/programs', { title: 'Both', items }, 201);
  const learner = await newLearner();
  const learners = [{ id: learner.id }];
  await enrollLearners({ applicationId: key.applicationId, programId: program.id, learners }, hub.resources);
  return learner;
}

const enrollmentOf = async ({ id }: Learner) =>
  (await api.get<{ enrollments: EnrollmentSummary[] }>(`/learners/${id}/enrollments`)).enrollments[0]!;

describe('POST /hub/v1/completions', () => {
  it('advances the enrollment, and completes it with the last course', async () => {
    const learner = await enrolled();
    await report({ learner_id: learner.id, course_id: 'golf' });
    expect(await enrollmentOf(learner)).toMatchObject({ state: 'active', progress: 50 });
    await report({ uid: learner.uid.toUpperCase(), course_id: 'chess' });
    expect(await enrollmentOf(learner)).toMatchObject({ state: 'complete', progress: 100 });
  });

  it('answers what is stored', async () => {
    const learner = await newLearner({ email: 'Ann@example.com' });
    const body = {
      email: 'ANN@example.com',
      course_id: 'golf',
      completed_at: '2026-01-31T13:00:00+01:00',
      source_id: 's-1',
    };
    const stored = await report(body);
    expect(stored).toEqual({
      id: expect.any(Number) as number,
      learner_id: learner.id,
      email: null,
      uid: null,
      course_id: 'golf',
      completed_at: '2026-01-31T12:00:00.000Z',
      received_at: expect.any(String) as string,
      door: 'hub',
      source_id: 's-1',
    });
    expect(await completionsOf(learner)).toEqual([stored]);
  });

  it('stores the same one once: by its source id, or by learner, course and time', async () => {
    const learner = await newLearner();
    const named = { learner_id: learner.id, course_id: 'golf', source_id: unique() };
    expect(await report(named)).toEqual(await report({ ...named, completed_at: '2026-01-01T00:00:00Z' }));
    const timed = { learner_id: learner.id, course_id: 'golf', completed_at: '2026-01-31T12:00:00Z' };
    expect(await report(timed)).toEqual(await report(timed));
    expect(await completionsOf(learner)).toHaveLength(2);
  });

  it('refuses a source id that stands for another learner or course', async () => {
    const [one, other] = [await newLearner(), await newLearner()];
    const first = { learner_id: one.id, course_id: 'golf', source_id: unique() };
    await report(first);
    for (const change of [{ learner_id: other.id }, { course_id: 'chess' }])
      expect(await send('POST', '/completions', { ...first, ...change })).toMatchObject({
        status: 409,
        body: { code: 'taken', errors: [{ path: 'source_id' }] },
      });
    expect(await completionsOf(other)).toEqual([]);
  });

  it('keeps one for whom nobody knows yet, and counts it once they are there', async () => {
    const uid = unique();
    const waiting = await report({ uid: uid.toUpperCase(), course_id: 'golf' });
    expect(waiting).toMatchObject({ learner_id: null, uid, email: null });
    const learner = await api.post<Learner>('/learners', { uid }, 201);
    expect(await completionsOf(learner)).toEqual([{ ...waiting, learner_id: learner.id }]);
  });

  it('takes the time of a clock that is a little ahead, as now', async () => {
    const ahead = new Date(Date.now() + 60_000).toISOString();
    const { completed_at } = await report({ uid: unique(), course_id: 'golf', completed_at: ahead });
    expect(Date.parse(completed_at)).toBeLessThan(Date.parse(ahead));
  });

  it.each([
    ['learner_id', { course_id: 'golf' }],
    ['learner_id', { learner_id: 999_999, course_id: 'golf' }],
    ['learner_id', { learner_id: '1', course_id: 'golf' }],
    ['uid', { uid: '', course_id: 'golf' }],
    ['email', { email: 'nobody', course_id: 'golf' }],
    ['course_id', { uid: 'x' }],
    ['course_id', { uid: 'x', course_id: 'x'.repeat(256) }],
    ['source_id', { uid: 'x', course_id: 'golf', source_id: 'x'.repeat(256) }],
    ['completed_at', { uid: 'x', course_id: 'golf', completed_at: 'yesterday' }],
    ['completed_at', { uid: 'x', course_id: 'golf', completed_at: '2026-02-30T00:00:00Z' }],
    ['completed_at', { uid: 'x', course_id: 'golf', completed_at: '0000-01-01T00:00:00Z' }],
    ['completed_at', { uid: 'x', course_id: 'golf', completed_at: '2999-01-01T00:00:00Z' }],
    ['colour', { uid: 'x', course_id: 'golf', colour: 'red' }],
  ])('refuses it where %s is not as it should be', async (path, body) => {
    const answer = await send('POST', '/completions', body);
    expect([answer.status, answer.body.errors.map((error) => error.path)]).toEqual([400, [path]]);
  });

  it('refuses what cannot be stored', async () => {
    for (const uid of ['a\u0000b', 'a\udc00b']) {
      expect((await send('POST', '/completions', { uid, course_id: 'x' })).status).toBe(400);
      expect((await send('POST', '/completions/bulk', { completions: [{ uid, course_id: 'x' }] })).status).toBe(400);
    }
  });
});

describe('POST /hub/v1/completions/bulk', () => {
  it('stores many in one go, in any order, each once', async () => {
    const learner = await enrolled();
    const twice = { learner_id: learner.id, course_id: 'chess', source_id: unique() };
    const { completions } = await api.post<{ completions: Completion[] }>(
      '/completions/bulk',
      { completions: [twice, { uid: learner.uid, course_id: 'golf' }, twice] },
      201,
    );
    expect(completions.map(({ course_id }) => course_id)).toEqual(['chess', 'golf', 'chess']);
    expect(completions[0]).toEqual(completions[2]);
    expect(await enrollmentOf(learner)).toMatchObject({ state: 'complete' });
  });

  it('names every entry that is wrong, and stores none', async () => {
    const learner = await newLearner();
    const fine = { learner_id: learner.id, course_id: 'golf' };
    const completions = [fine, { course_id: 'golf' }, { uid: 'x' }, { ...fine, completed_at: '2999-01-01T00:00:00Z' }];
    const { status, body } = await send('POST', '/completions/bulk', { completions });
    expect([status, body.errors.map(({ index, path }) => [index, path])]).toEqual([
      400,
      [
        [1, 'learner_id'],
        [2, 'course_id'],
        [3, 'completed_at'],
      ],
    ]);
    expect(
      (await send('POST', '/completions/bulk', { completions: [fine, { ...fine, learner_id: 999_999 }] })).body.errors,
    ).toMatchObject([{ index: 1, path: 'learner_id' }]);
    expect(await completionsOf(learner)).toEqual([]);
  });

  it('takes a thousand and no more', async () => {
    const completions = Array.from({ length: 1001 }, (_, nth) => ({ uid: `bulk-${nth}`, course_id: 'golf' }));
    expect((await send('POST', '/completions/bulk', { completions })).status).toBe(400);
    expect((await send('POST', '/completions/bulk', { completions: completions.slice(1) })).status).toBe(201);
    for (const body of [{}, { completions: [] }, { completions: 'x' }, [], { completions: [7] }])
      expect((await send('POST', '/completions/bulk', body)).status).toBe(400);
  });
});

describe('GET /hub/v1/learners/{id}/completions', () => {
  it('pages by id, and by course', async () => {
    const learner = await newLearner();
    const stored: Completion[] = [];
    for (const course_id of ['golf', 'chess', 'golf']) stored.push(await report({ learner_id: learner.id, course_id }));
    expect(await completionsOf(learner)).toEqual(stored);
    expect(await completionsOf(learner, '?course_id=chess')).toEqual([stored[1]]);
    const { next } = await api.get<{ next: string }>(`/learners/${learner.id}/completions?limit=2`);
    expect(await completionsOf(learner, `?after=${next}`)).toEqual([stored[2]]);
    expect((await send('GET', '/learners/999999/completions')).status).toBe(404);
  });
});

describe('completions of another application', () => {
  it('are not told of, and its learners are unknown', async () => {
    const learner = await newLearner();
    const stranger = hubApi(hub, await hub.newKey());
    const body = { learner_id: learner.id, course_id: 'golf' };
    expect((await stranger.call('POST', '/completions', body)).status).toBe(400);
    const mine = { uid: learner.uid, course_id: 'golf', source_id: unique() };
    expect(await stranger.post('/completions', mine, 201)).toMatchObject({ learner_id: null });
    expect(await report(mine)).toMatchObject({ learner_id: learner.id });
  });

  it('need a key of an application, with the scope', async () => {
    const reader = hubApi(hub, await hub.newKey({ scopes: ['read:hub'], applicationId: key.applicationId }));
    const body = { uid: 'x', course_id: 'golf' };
    expect((await reader.call('POST', '/completions', body)).status).toBe(403);
    expect((await reader.call('POST', '/completions/bulk', { completions: [body] })).status).toBe(403);
    expect((await hubApi(hub, await hub.adminKey()).call('POST', '/completions', body)).status).toBe(403);
  });
});
