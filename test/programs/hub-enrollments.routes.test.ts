import { removeEnrollment } from '../../src/programs/remove-enrollment';
import type { EnrollmentSummary, HubEnrollment, Timeline } from '../../src/programs/hub-enrollments.schemas';
import type { Learner } from '../../src/programs/learners.schemas';
import type { Program } from '../../src/programs/programs.schemas';
import { enrollLearners } from '../../src/programs/enroll-learners';
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
const dayMs = 24 * 3600 * 1000;
const step = { title: 'Sign off', requires_approval: true };

let made = 0;
const newLearner = () => api.post<Learner>('/learners', { uid: `e-${(made += 1)}` }, 201);
const newProgram = (more: object = {}) =>
  api.post<Program>('/programs', { title: 'Golf', items: [{ course_id: 'golf' }, step], ...more }, 201);
const enrollIn = ({ id: programId }: Program, { id }: Learner) =>
  enrollLearners({ applicationId: key.applicationId, programId, learners: [{ id }] }, hub.resources);
const of = async ({ id }: Learner, query = ''): Promise<EnrollmentSummary[]> =>
  (await api.get<{ enrollments: EnrollmentSummary[] }>(`/learners/${id}/enrollments${query}`)).enrollments;
const complete = ({ id }: Learner, course_id: string) => api.post('/completions', { learner_id: id, course_id }, 201);

/** A learner who is enrolled in a program of its own. */
async function enrolled(more: object = {}) {
  const [program, learner] = [await newProgram(more), await newLearner()];
  await enrollIn(program, learner);
  const [{ id }] = (await of(learner)) as [EnrollmentSummary];
  return { program, learner, id, path: `/enrollments/${id}` };
}

describe('GET /hub/v1/enrollments/{id}', () => {
  it('shows items, sources, settings, and what happens next and why', async () => {
    const { program, learner, id, path } = await enrolled({
      default_days_until_due: 30,
      reminder_days: [7],
      items: [{ course_id: 'golf', days_until_due: 10 }, step],
    });
    const enrollment = await api.get<HubEnrollment>(path);
    const { created_at } = enrollment;
    const inDays = (days: number): string => new Date(Date.parse(created_at) + days * dayMs).toISOString();
    const item = { state: 'pending', completed_at: null };
    expect(enrollment).toEqual({
      id,
      program_id: program.id,
      learner_id: learner.id,
      state: 'active',
      created_at,
      end_at: inDays(30),
      expires_at: null,
      completed_at: null,
      superseded_at: null,
      deleted_at: null,
      previous_id: null,
      progress: 0,
      current_item_index: 0,
      total_items: 2,
      pending_approvals: 0,
      next_wake: { at: inDays(10), reason: 'step_due' },
      items: [
        {
          ...item,
          position: 0,
          item_id: program.items[0]!.id,
          course_id: 'golf',
          title: null,
          requires_approval: false,
          due_at: inDays(10),
        },
        {
          ...item,
          position: 1,
          item_id: program.items[1]!.id,
          course_id: null,
          title: 'Sign off',
          requires_approval: true,
          due_at: null,
        },
      ],
      sources: [{ kind: 'individual', group_id: null, added_at: created_at }],
      settings: expect.objectContaining({ default_days_until_due: 30, reminder_days: [7] }) as object,
      workflow_id: `enrollment/${id}`,
    });
  });

  it('keeps the settings that the program had, and shows the groups that are sources', async () => {
    const { program, learner, path } = await enrolled({ default_days_until_due: 30 });
    await api.call('PATCH', `/programs/${program.id}`, { default_days_until_due: 5 });
    const { id: groupId } = await api.post<{ id: number }>('/groups', { name: 'Sales' }, 201);
    await api.call('PUT', `/programs/${program.id}/groups/${groupId}`);
    await api.call('PUT', `/groups/${groupId}/members/${learner.id}`);
    const { settings, sources } = await api.get<HubEnrollment>(path);
    expect(settings.default_days_until_due).toBe(30);
    expect(sources).toMatchObject([{ kind: 'individual' }, { kind: 'group', group_id: groupId }]);
  });

  it('shows one that was removed', async () => {
    const { id, learner, path } = await enrolled();
    await removeEnrollment({ applicationId: key.applicationId, enrollmentId: id }, hub.resources);
    expect(await api.get<HubEnrollment>(path)).toMatchObject({ deleted_at: expect.any(String) as string, sources: [] });
    expect(await of(learner)).toEqual([]);
    expect(await of(learner, '?with_deleted=true')).toMatchObject([{ id }]);
  });
});

describe('GET /hub/v1/enrollments/{id}/timeline', () => {
  it('tells all that happened, the oldest first, in pages', async () => {
    const { id, learner, path } = await enrolled();
    await complete(learner, 'golf');
    await removeEnrollment({ applicationId: key.applicationId, enrollmentId: id }, hub.resources);
    const { timeline } = await api.get<Timeline>(`${path}/timeline`);
    expect(timeline.map(({ type }) => type)).toEqual(['enrolled', 'source_added', 'step_completed', 'removed']);
    expect(timeline[2]).toMatchObject({ detail: { position: 0, course_id: 'golf', by: 'completion' } });
    const first = await api.get<Timeline>(`${path}/timeline?limit=3`);
    const rest = await api.get<Timeline>(`${path}/timeline?after=${first.next}`);
    expect([...first.timeline, ...rest.timeline]).toEqual(timeline);
    expect(rest).not.toHaveProperty('next');
  });
});

describe('POST /hub/v1/enrollments/{id}/items/{position}/approve', () => {
  it('approves the step whose turn it is, and completes the enrollment with the last', async () => {
    const { learner, path } = await enrolled();
    expect(await send('POST', `${path}/items/1/approve`)).toMatchObject({ status: 409 });
    await complete(learner, 'golf');
    expect(await api.get(path)).toMatchObject({ pending_approvals: 1, progress: 50, current_item_index: 1 });
    const approved = await api.post<HubEnrollment>(`${path}/items/1/approve`);
    expect(approved).toMatchObject({ state: 'complete', pending_approvals: 0, progress: 100 });
    expect(approved.items[1]).toMatchObject({ state: 'complete' });
    expect(await api.post(`${path}/items/1/approve`)).toEqual(approved);
  });

  it('refuses a course, a step that is not there, and an enrollment that has ended', async () => {
    const { id, path } = await enrolled();
    expect((await send('POST', `${path}/items/0/approve`)).status).toBe(409);
    expect((await send('POST', `${path}/items/2/approve`)).status).toBe(404);
    for (const position of ['-1', 'x', '1001'])
      expect((await send('POST', `${path}/items/${position}/approve`)).status).toBe(400);
    await removeEnrollment({ applicationId: key.applicationId, enrollmentId: id }, hub.resources);
    expect((await send('POST', `${path}/items/1/approve`)).status).toBe(404);
  });
});

describe('GET /hub/v1/learners/{id}/enrollments', () => {
  it('lists those that are live, and all if asked for, in pages', async () => {
    const [learner, one, two] = [
      await newLearner(),
      await newProgram({ items: [{ course_id: 'x' }] }),
      await newProgram(),
    ];
    await enrollIn(one, learner);
    await enrollIn(two, learner);
    await complete(learner, 'x');
    await enrollIn(one, learner);
    const all = await of(learner, '?with_deleted=true');
    expect(all.map(({ program_id }) => program_id)).toEqual([one.id, two.id, one.id]);
    expect(all[0]).toMatchObject({ state: 'complete', superseded_at: expect.any(String) as string });
    expect(all[2]).toMatchObject({ state: 'active', previous_id: all[0]!.id });
    expect(await of(learner)).toEqual(all.slice(1));
    const page = await api.get<{ next: string }>(`/learners/${learner.id}/enrollments?limit=1`);
    expect(await of(learner, `?after=${page.next}`)).toEqual(all.slice(2));
  });
});

describe('enrollments of another application', () => {
  it('are not there', async () => {
    const { learner, path } = await enrolled();
    const stranger = hubApi(hub, await hub.newKey());
    for (const [method, target] of [
      ['GET', path],
      ['GET', `${path}/timeline`],
      ['POST', `${path}/items/1/approve`],
      ['GET', `/learners/${learner.id}/enrollments`],
      ['GET', `/learners/${learner.id}/completions`],
      ['GET', '/enrollments/999999'],
    ] as const)
      expect([method, target, (await stranger.call(method, target)).status]).toEqual([method, target, 404]);
  });

  it('need a key of an application, with the scope', async () => {
    const { path } = await enrolled();
    const reader = hubApi(hub, await hub.newKey({ scopes: ['read:hub'], applicationId: key.applicationId }));
    expect((await reader.call('GET', path)).status).toBe(200);
    expect((await reader.call('POST', `${path}/items/1/approve`)).status).toBe(403);
    expect((await hubApi(hub, await hub.adminKey()).call('GET', path)).status).toBe(403);
  });
});
