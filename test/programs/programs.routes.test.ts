import type { Group } from '../../src/programs/groups.schemas';
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

const golf = { title: 'Golf', items: [{ course_id: 'golf' }, { title: 'Sign off', requires_approval: true }] };
const create = (more: object = {}) => api.post<Program>('/programs', { ...golf, ...more }, 201);
const send: HubApi['send'] = (...request) => api.send(...request);

const defaults = {
  default_days_until_due: null,
  default_due_on_date: null,
  expires: false,
  default_days_until_expiration: null,
  auto_re_enroll: false,
  re_enrollment_period: null,
  non_linear: false,
  reminder_days: [],
};

describe('POST /hub/v1/programs', () => {
  it('answers the whole program, with an ETag', async () => {
    const answer = await api.call('POST', '/programs', {
      ...golf,
      description: 'For beginners',
      default_days_until_due: 30,
      reminder_days: [7, 1],
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('etag')).toBe('"1"');
    const program = (await answer.json()) as Program;
    const item = { id: expect.any(Number) as number, days_until_due: null, waived_at: null };
    expect(program).toEqual({
      id: expect.any(Number) as number,
      title: 'Golf',
      description: 'For beginners',
      ...defaults,
      default_days_until_due: 30,
      reminder_days: [7, 1],
      created_at: expect.any(String) as string,
      updated_at: program.created_at,
      items: [
        { ...item, course_id: 'golf', title: null, requires_approval: false },
        { ...item, course_id: null, title: 'Sign off', requires_approval: true },
      ],
    });
    expect(await api.get(`/programs/${program.id}`)).toEqual(program);
  });

  it('needs no more than a title', async () => {
    expect(await api.post('/programs', { title: 'Bare' }, 201)).toMatchObject({
      description: null,
      ...defaults,
      items: [],
    });
  });

  it('keeps a due date in UTC', async () => {
    expect(await create({ default_due_on_date: '2027-01-01T01:00:00+02:00' })).toMatchObject({
      default_due_on_date: '2026-12-31T23:00:00.000Z',
    });
  });

  it.each([
    ['title', { title: '' }],
    ['title', { title: 'x'.repeat(256) }],
    ['title', { title: null }],
    ['description', { description: 'x'.repeat(10_001) }],
    ['expires', { expires: 'yes' }],
    ['default_days_until_due', { default_days_until_due: -1 }],
    ['default_days_until_due', { default_days_until_due: 36_501 }],
    ['default_due_on_date', { default_due_on_date: 'tomorrow' }],
    ['default_due_on_date', { default_due_on_date: '2026-02-30T00:00:00Z' }],
    ['default_due_on_date', { default_due_on_date: '0000-01-01T00:00:00Z' }],
    ['default_due_on_date', { default_due_on_date: '9999-12-31T23:59:59-23:00' }],
    ['default_due_on_date', { default_due_on_date: '2016-12-31T23:59:60Z' }],
    ['default_due_on_date', { default_due_on_date: '2027-01-01T00:00:00Z', default_days_until_due: 3 }],
    ['default_days_until_expiration', { expires: true }],
    ['auto_re_enroll', { auto_re_enroll: true }],
    [
      're_enrollment_period',
      { expires: true, default_days_until_expiration: 30, auto_re_enroll: true, re_enrollment_period: 30 },
    ],
    ['reminder_days', { reminder_days: [1, 2, 3, 4, 5, 6] }],
    ['reminder_days', { reminder_days: [1, 1] }],
    ['reminder_days.0', { reminder_days: [0] }],
    ['colour', { colour: 'red' }],
    ['items.0.course_id', { items: [{}] }],
    ['items.0.course_id', { items: [{ title: 'Only a title' }] }],
    ['items.0.course_id', { items: [{ course_id: 'x'.repeat(256) }] }],
    ['items.0.title', { items: [{ requires_approval: true }] }],
    ['items.1.requires_approval', { items: [{ course_id: 'golf' }, { course_id: 'chess', requires_approval: true }] }],
    ['items.1.course_id', { items: [{ course_id: 'golf' }, { course_id: 'golf' }] }],
    ['items.0.days_until_due', { items: [{ course_id: 'golf', days_until_due: 0.5 }] }],
    ['items.0.id', { items: [{ id: 1, course_id: 'golf' }] }],
    ['items.0.colour', { items: [{ course_id: 'golf', colour: 'red' }] }],
    ['items', { items: Array.from({ length: 201 }, (_, nth) => ({ course_id: `c${nth}` })) }],
  ])('refuses it where %s is not as it should be', async (path, more) => {
    const { status, body } = await send('POST', '/programs', { ...golf, ...more });
    expect([status, body.errors.map((error) => error.path)]).toEqual([400, [path]]);
  });

  it('refuses what cannot be stored', async () => {
    for (const title of ['a\u0000b', 'a\udc00b']) expect((await send('POST', '/programs', { title })).status).toBe(400);
  });
});

describe('GET /hub/v1/programs', () => {
  it('pages by id, without items', async () => {
    const own = hubApi(hub, await hub.newKey());
    for (const title of ['A', 'B', 'C']) await own.post('/programs', { ...golf, title }, 201);
    const first = await own.get<{ programs: Program[]; next: string }>('/programs?limit=2');
    expect(first.programs.map(({ title }) => title)).toEqual(['A', 'B']);
    expect(first.programs[0]).not.toHaveProperty('items');
    const rest = await own.get<{ programs: Program[] }>(`/programs?after=${first.next}`);
    expect(rest.programs.map(({ title }) => title)).toEqual(['C']);
    expect(rest).not.toHaveProperty('next');
  });
});

describe('PATCH /hub/v1/programs/{id}', () => {
  it('changes what is given, and keeps items that are named by their id', async () => {
    const before = await create({ expires: true, default_days_until_expiration: 365 });
    const [course, step] = before.items;
    const answer = await send('PATCH', `/programs/${before.id}`, {
      description: 'New',
      auto_re_enroll: true,
      items: [step, { course_id: 'chess', days_until_due: 5 }, { ...course, title: 'Golf basics' }],
    });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        ...before,
        description: 'New',
        auto_re_enroll: true,
        updated_at: expect.any(String) as string,
        items: [step, { course_id: 'chess', days_until_due: 5 }, { ...course, title: 'Golf basics' }],
      },
    });
    expect(await api.get(`/programs/${before.id}`)).toEqual(answer.body);
  });

  it('refuses a change of another version than the one that If-Match names', async () => {
    const { id } = await create();
    const patch = (title: string, etag: string) =>
      api.call('PATCH', `/programs/${id}`, { title }, { 'if-match': etag });
    const first = await patch('First', '"1"');
    expect([first.status, first.headers.get('etag')]).toEqual([200, '"2"']);
    expect((await patch('Late', '"1"')).status).toBe(412);
    expect((await patch('Second', '"2"')).status).toBe(200);
    expect(await api.get(`/programs/${id}`)).toMatchObject({ title: 'Second' });
  });

  it('refuses an item of another program, and an item that becomes another course', async () => {
    const [one, other] = [await create(), await create()];
    for (const items of [[other.items[0]], [one.items[0], one.items[0]], [{ ...one.items[0], course_id: 'chess' }]])
      expect((await send('PATCH', `/programs/${one.id}`, { items })).status).toBe(400);
    expect(await api.get(`/programs/${one.id}`)).toEqual(one);
  });

  it('refuses settings that contradict those that are there', async () => {
    const { id } = await create({ default_days_until_due: 3 });
    const { status, body } = await send('PATCH', `/programs/${id}`, { default_due_on_date: '2027-01-01T00:00:00Z' });
    expect([status, body.errors[0]?.path]).toEqual([400, 'default_due_on_date']);
  });
});

describe('groups of a program', () => {
  const learner = (uid: string) => api.post<Learner>('/learners', { uid }, 201);
  const enrolled = async ({ id }: Learner): Promise<number[]> =>
    (await api.get<{ enrollments: { program_id: number }[] }>(`/learners/${id}/enrollments`)).enrollments.map(
      ({ program_id }) => program_id,
    );

  it('have their members enrolled, those who are there and those who join; who leaves is removed', async () => {
    const [{ id }, group] = [await create(), await api.post<Group>('/groups', { name: 'Sales' }, 201)];
    const [one, two] = [await learner('one'), await learner('two')];
    const members = `/groups/${group.id}/members`;
    await api.post(members, { learners: [{ id: one.id }] });
    for (let time = 0; time < 2; time += 1)
      expect((await send('PUT', `/programs/${id}/groups/${group.id}`)).status).toBe(204);
    expect(await api.get(`/programs/${id}/groups`)).toEqual({ groups: [group] });
    expect((await send('PUT', `${members}/${two.id}`)).status).toBe(204);
    expect([await enrolled(one), await enrolled(two)]).toEqual([[id], [id]]);
    expect((await send('DELETE', `${members}/${one.id}`)).status).toBe(204);
    expect([await enrolled(one), await enrolled(two)]).toEqual([[], [id]]);
    expect((await send('DELETE', `/programs/${id}/groups/${group.id}`)).status).toBe(204);
    expect(await enrolled(two)).toEqual([]);
    expect((await send('DELETE', `/programs/${id}/groups/${group.id}`)).status).toBe(404);
    expect(await api.get(`/programs/${id}/groups`)).toEqual({ groups: [] });
  });

  it('are no longer a source once they are deleted', async () => {
    const [{ id }, group, one] = [
      await create(),
      await api.post<Group>('/groups', { name: 'X' }, 201),
      await learner('x'),
    ];
    await send('PUT', `/programs/${id}/groups/${group.id}`);
    await send('PUT', `/groups/${group.id}/members/${one.id}`);
    expect(await enrolled(one)).toEqual([id]);
    expect((await send('DELETE', `/groups/${group.id}`)).status).toBe(204);
    expect(await enrolled(one)).toEqual([]);
    expect(await api.get(`/programs/${id}/groups`)).toEqual({ groups: [] });
  });

  it('have to be there, as the program', async () => {
    const [{ id }, group] = [await create(), await api.post<Group>('/groups', { name: 'X' }, 201)];
    for (const path of [`${id}/groups/999999`, `999999/groups/${group.id}`])
      for (const method of ['PUT', 'DELETE']) expect((await send(method, `/programs/${path}`)).status).toBe(404);
  });
});

describe('DELETE /hub/v1/programs/{id}', () => {
  it('makes it invisible at once, and leaves no way in', async () => {
    const [{ id }, group] = [await create(), await api.post<Group>('/groups', { name: 'X' }, 201)];
    await send('PUT', `/programs/${id}/groups/${group.id}`);
    expect((await send('DELETE', `/programs/${id}`)).status).toBe(204);
    for (const [method, path, body] of [
      ['GET', ''],
      ['PATCH', '', { title: 'x' }],
      ['DELETE', ''],
      ['GET', '/groups'],
      ['PUT', `/groups/${group.id}`],
      ['DELETE', `/groups/${group.id}`],
    ] as const)
      expect([method, path, (await send(method, `/programs/${id}${path}`, body)).status]).toEqual([method, path, 404]);
    const { id: learner } = await api.post<Learner>('/learners', { uid: 'after' }, 201);
    expect(await api.post(`/groups/${group.id}/members`, { learners: [{ id: learner }] })).toEqual({ added: 1 });
    expect(await api.get(`/learners/${learner}/enrollments`)).toEqual({ enrollments: [] });
  });
});

describe('programs of another application', () => {
  it('are not there', async () => {
    const [program, { id: groupId }] = [await create(), await api.post<Group>('/groups', { name: 'Sales' }, 201)];
    await send('PUT', `/programs/${program.id}/groups/${groupId}`);
    const stranger = hubApi(hub, await hub.newKey());
    const own = await stranger.post<Group>('/groups', { name: 'Mine' }, 201);
    const path = `/programs/${program.id}`;
    for (const [method, target, body] of [
      ['GET', path],
      ['PATCH', path, { title: 'x' }],
      ['DELETE', path],
      ['GET', `${path}/groups`],
      ['PUT', `${path}/groups/${own.id}`],
      ['PUT', `${path}/groups/${groupId}`],
      ['DELETE', `${path}/groups/${groupId}`],
    ] as const)
      expect([method, target, (await stranger.call(method, target, body)).status]).toEqual([method, target, 404]);
    expect(await stranger.get('/programs')).toEqual({ programs: [] });
  });

  it('need a key of an application, with the scope', async () => {
    const admin = hubApi(hub, await hub.adminKey());
    const reader = hubApi(hub, await hub.newKey({ scopes: ['read:hub'], applicationId: key.applicationId }));
    expect((await admin.call('GET', '/programs')).status).toBe(403);
    expect((await reader.call('GET', '/programs')).status).toBe(200);
    expect((await reader.call('POST', '/programs', golf)).status).toBe(403);
  });

  it('have ids that are numbers', async () => {
    for (const id of ['x', '0', '1.5', '9'.repeat(20)]) expect((await send('GET', `/programs/${id}`)).status).toBe(400);
  });
});
