import { type HubApi, hubApi } from '../support/hub-api';
import { startHub, type TestHub } from '../support/hub';
import type { Group } from '../../src/programs/groups.schemas';
import type { Learner } from '../../src/programs/learners.schemas';

let hub: TestHub;
let api: HubApi;
beforeAll(async () => {
  hub = await startHub();
  api = hubApi(hub, await hub.newKey());
});
afterAll(() => hub.close());

const send: HubApi['send'] = (...request) => api.send(...request);

let made = 0;
const person = (more: object = {}) => ({ uid: `u-${(made += 1)}`, first_name: 'Ann', last_name: 'Lee', ...more });
const create = (more?: object) => api.post<Learner>('/learners', person(more), 201);
const list = async (query = '') => (await api.get<{ learners: Learner[] }>(`/learners${query}`)).learners;

describe('POST /hub/v1/learners', () => {
  it('answers the whole learner', async () => {
    const given = person({ email: 'Ann@example.com', avatar_url: 'https://example.com/ann.png' });
    const learner = await api.post<Learner>('/learners', given, 201);
    expect(learner).toEqual({
      id: expect.any(Number) as number,
      ...given,
      created_at: expect.any(String) as string,
      updated_at: learner.created_at,
    });
    expect(await api.get(`/learners/${learner.id}`)).toEqual(learner);
  });

  it('needs no more than a uid', async () => {
    expect(await api.post<Learner>('/learners', { uid: 'bare' }, 201)).toMatchObject({
      first_name: '',
      last_name: '',
      email: null,
      avatar_url: null,
    });
  });

  it('refuses a uid or an email that another has, in either case', async () => {
    const { uid } = await create({ email: 'taken@example.com' });
    for (const [path, body] of [
      ['uid', { uid: uid.toUpperCase() }],
      ['email', person({ email: 'TAKEN@example.com' })],
    ] as const)
      expect(await send('POST', '/learners', body)).toMatchObject({
        status: 409,
        body: { code: 'taken', errors: [{ path }] },
      });
  });

  it.each([
    ['uid', {}],
    ['uid', { uid: '' }],
    ['uid', { uid: 7 }],
    ['uid', { uid: 'x'.repeat(256) }],
    ['email', { uid: 'x', email: 'nobody' }],
    ['email', { uid: 'x', email: `${'x'.repeat(250)}@example.com` }],
    ['first_name', { uid: 'x', first_name: null }],
    ['last_name', { uid: 'x', last_name: 'x'.repeat(256) }],
    ['avatar_url', { uid: 'x', avatar_url: 'javascript:alert(1)' }],
    ['avatar_url', { uid: 'x', avatar_url: `https://example.com/${'x'.repeat(2000)}` }],
    ['shoe_size', { uid: 'x', shoe_size: 43 }],
  ])('refuses it where %s is not as it should be', async (path, body) => {
    expect(await send('POST', '/learners', body)).toMatchObject({ status: 400, body: { errors: [{ path }] } });
  });

  it('refuses what cannot be stored', async () => {
    expect((await send('POST', '/learners', { uid: 'a\u0000b' })).status).toBe(400);
    expect((await send('POST', '/learners', { uid: 'a\ud800b' })).status).toBe(400);
    expect((await send('POST', '/learners/bulk', { learners: [{ uid: 'a\u0000b' }] })).status).toBe(400);
    expect((await send('POST', '/learners/bulk', { learners: [{ uid: 'a\ud800b' }] })).status).toBe(400);
  });
});

describe('GET /hub/v1/learners', () => {
  it('finds one by uid or email, in either case, and nobody else', async () => {
    const learner = await create({ email: 'find.me@example.com' });
    expect(await list(`?uid=${learner.uid.toUpperCase()}`)).toEqual([learner]);
    expect(await list('?email=FIND.ME@example.com')).toEqual([learner]);
    expect(await list(`?email=find.me@example.com&uid=other`)).toEqual([]);
  });

  it('pages by id', async () => {
    const own = hubApi(hub, await hub.newKey());
    const entries = Array.from({ length: 5 }, (_, nth) => ({ uid: `p${nth}` }));
    await own.post('/learners/bulk', { learners: entries });
    const seen: string[] = [];
    let after = '';
    for (let page = 0; page < 3; page += 1) {
      const answer = await own.get<{ learners: Learner[]; next?: string }>(`/learners?limit=2${after}`);
      seen.push(...answer.learners.map(({ uid }) => uid));
      expect(answer.next === undefined).toBe(page === 2);
      after = `&after=${answer.next}`;
    }
    expect(seen).toEqual(['p0', 'p1', 'p2', 'p3', 'p4']);
  });

  it.each(['limit=0', 'limit=1001', 'after=x', 'after=WyJ4Il0'])('refuses %s', async (query) => {
    expect((await send('GET', `/learners?${query}`)).status).toBe(400);
  });
});

describe('PATCH /hub/v1/learners/{id}', () => {
  it('changes what is given, and takes away with null', async () => {
    const learner = await create({ email: 'before@example.com', avatar_url: 'http://example.com/a' });
    const changed = await send('PATCH', `/learners/${learner.id}`, { first_name: 'Zoë', email: null });
    expect(changed.body).toEqual({
      ...learner,
      first_name: 'Zoë',
      email: null,
      updated_at: expect.any(String) as string,
    });
    const free = await create({ email: 'before@example.com' });
    expect(free.email).toBe('before@example.com');
  });

  it('refuses what another has, and what is not there', async () => {
    const [one, other] = [await create({ email: 'one@example.com' }), await create()];
    expect((await send('PATCH', `/learners/${other.id}`, { uid: one.uid })).status).toBe(409);
    expect((await send('PATCH', `/learners/${other.id}`, { email: 'ONE@example.com' })).status).toBe(409);
    expect((await send('PATCH', `/learners/${one.id}`, { uid: one.uid.toUpperCase() })).status).toBe(200);
    expect((await send('PATCH', `/learners/${other.id}`, { uid: null })).status).toBe(400);
    expect((await send('PATCH', '/learners/999999', {})).status).toBe(404);
  });
});

describe('DELETE /hub/v1/learners/{id}', () => {
  it('deletes the learner, once', async () => {
    const { id, uid } = await create();
    expect((await send('DELETE', `/learners/${id}`)).status).toBe(204);
    expect((await send('DELETE', `/learners/${id}`)).status).toBe(404);
    expect((await send('GET', `/learners/${id}`)).status).toBe(404);
    expect(await list(`?uid=${uid}`)).toEqual([]);
  });
});

describe('POST /hub/v1/learners/bulk', () => {
  it('creates and changes by uid, and says how many and which', async () => {
    const known = await create({ email: 'known@example.com' });
    const answer = await send('POST', '/learners/bulk', {
      learners: [
        { uid: 'bulk-1', email: 'bulk@example.com' },
        { uid: known.uid.toUpperCase(), last_name: 'Ng' },
      ],
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { created: 1, updated: 1, learners: [{ uid: 'bulk-1' }, { id: known.id }] },
    });
    expect(await api.get(`/learners/${known.id}`)).toMatchObject({ last_name: 'Ng', email: 'known@example.com' });
  });

  it('names every entry that is wrong, however many there are, and saves none', async () => {
    const learners = Array.from({ length: 60 }, (_, nth) =>
      nth === 30 ? { uid: 'fine' } : { uid: `b${nth}`, email: 'x' },
    );
    const { status, body } = await send('POST', '/learners/bulk', { learners });
    expect(status).toBe(400);
    expect(body.errors.map(({ index }) => index)).toEqual(
      learners.flatMap(({ uid }, nth) => (uid === 'fine' ? [] : [nth])),
    );
    expect(await list('?uid=fine')).toEqual([]);
  });

  it('refuses one uid or email twice, and an email that another learner has', async () => {
    await create({ email: 'owner@example.com' });
    for (const [code, index, learners] of [
      ['not_unique', 1, [{ uid: 'twice' }, { uid: 'TWICE' }]],
      ['not_unique', 1, [person({ email: 'same@example.com' }), person({ email: 'SAME@example.com' })]],
      ['taken', 0, [person({ email: 'Owner@example.com' })]],
    ] as const)
      expect(await send('POST', '/learners/bulk', { learners })).toMatchObject({
        status: 400,
        body: { code, errors: [{ index }] },
      });
  });

  it.each([[{}], [{ learners: [] }], [{ learners: 'x' }], [{ learners: [{ uid: 'x' }], more: 1 }], [[]]])(
    'refuses %j',
    async (body) => {
      expect((await send('POST', '/learners/bulk', body)).status).toBe(400);
    },
  );

  it('takes ten thousand and no more', async () => {
    const own = hubApi(hub, await hub.newKey());
    const learners = Array.from({ length: 10_001 }, (_, nth) => ({
      ...person({ email: `learner-${nth}@a-rather-long-name.example.com` }),
      avatar_url: `https://avatars.example.com/${nth}.png`,
    }));
    expect((await own.call('POST', '/learners/bulk', { learners })).status).toBe(400);
    expect(await own.post('/learners/bulk', { learners: learners.slice(1) })).toMatchObject({ created: 10_000 });
  });
});

describe('groups', () => {
  const group = () => api.post<Group>('/groups', { name: 'Sales' }, 201);
  const members = async ({ id }: Group) =>
    (await api.get<{ learners: Learner[] }>(`/groups/${id}/members`)).learners.map(({ uid }) => uid);

  it('are created, listed, read, renamed and deleted', async () => {
    const sales = await group();
    expect(sales).toEqual({
      id: expect.any(Number) as number,
      name: 'Sales',
      created_at: sales.updated_at,
      updated_at: expect.any(String) as string,
    });
    expect((await send('PATCH', `/groups/${sales.id}`, { name: 'Marketing' })).body).toMatchObject({
      name: 'Marketing',
    });
    expect(await api.get(`/groups/${sales.id}`)).toMatchObject({ name: 'Marketing' });
    const { groups } = await api.get<{ groups: Group[] }>('/groups');
    expect(groups.at(-1)).toMatchObject({ id: sales.id, name: 'Marketing' });
    expect((await send('DELETE', `/groups/${sales.id}`)).status).toBe(204);
    for (const [method, body] of [['GET'], ['DELETE'], ['PATCH', { name: 'x' }]] as const)
      expect((await send(method, `/groups/${sales.id}`, body)).status).toBe(404);
    for (const body of [{}, { name: '' }, { name: 'x'.repeat(256) }, { name: 'x', more: 1 }])
      expect((await send('POST', '/groups', body)).status).toBe(400);
  });

  it('have members, who are added and removed one by one or many at once', async () => {
    const [sales, one, two] = [await group(), await create(), await create({ email: 'two@example.com' })];
    const path = `/groups/${sales.id}/members`;
    expect(await api.post(path, { learners: [{ uid: one.uid }, { email: 'TWO@example.com' }] })).toEqual({ added: 2 });
    expect(await api.post(path, { learners: [{ id: one.id }] })).toEqual({ added: 0 });
    expect(await members(sales)).toEqual([one.uid, two.uid]);
    const { groups } = await api.get<{ groups: Group[] }>(`/learners/${one.id}/groups`);
    expect(groups).toEqual([sales]);
    expect(await api.post(`${path}/remove`, { learners: [{ id: one.id }] })).toEqual({ removed: 1 });
    expect(await api.post(`${path}/remove`, { learners: [{ id: one.id }] })).toEqual({ removed: 0 });
    expect((await send('PUT', `${path}/${one.id}`)).status).toBe(204);
    expect((await send('PUT', `${path}/${one.id}`)).status).toBe(204);
    expect(await members(sales)).toEqual([one.uid, two.uid]);
    expect((await send('DELETE', `${path}/${one.id}`)).status).toBe(204);
    expect((await send('DELETE', `${path}/${one.id}`)).status).toBe(404);
    expect(await members(sales)).toEqual([two.uid]);
  });

  it('page their members', async () => {
    const [sales, one, two] = [await group(), await create(), await create()];
    const path = `/groups/${sales.id}/members`;
    await api.post(path, { learners: [{ id: two.id }, { id: one.id }] });
    const first = await api.get<{ learners: Learner[]; next: string }>(`${path}?limit=1`);
    expect(first.learners).toEqual([one]);
    expect(await api.get(`${path}?after=${first.next}`)).toEqual({ learners: [two] });
  });

  it('refuse members who are not there or named twice, naming each, and add none', async () => {
    const [sales, one] = [await group(), await create()];
    const { status, body } = await send('POST', `/groups/${sales.id}/members`, {
      learners: [{ id: one.id }, { id: 999_999 }, { uid: one.uid }, { email: 'nobody@example.com' }],
    });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      { index: 1, path: 'id' },
      { index: 2, path: 'uid' },
      { index: 3, path: 'email' },
    ]);
    expect(await members(sales)).toEqual([]);
    for (const learners of [[], [{}], [7], [{ id: 'x' }], [{ id: 1, more: 1 }]])
      expect((await send('POST', `/groups/${sales.id}/members`, { learners })).status).toBe(400);
    for (const method of ['PUT', 'DELETE'])
      expect((await send(method, `/groups/${sales.id}/members/999999`)).status).toBe(404);
    for (const target of ['', '/remove'])
      expect((await send('POST', `/groups/999999/members${target}`, { learners: [{ id: one.id }] })).status).toBe(404);
  });
});

describe('learners and groups of another application', () => {
  it('are not there', async () => {
    const [learner, { id: groupId }] = [await create(), await api.post<Group>('/groups', { name: 'Sales' }, 201)];
    const stranger = hubApi(hub, await hub.newKey());
    for (const [method, path, body] of [
      ['GET', `/learners/${learner.id}`],
      ['PATCH', `/learners/${learner.id}`, { first_name: 'x' }],
      ['DELETE', `/learners/${learner.id}`],
      ['GET', `/learners/${learner.id}/groups`],
      ['GET', `/groups/${groupId}`],
      ['PATCH', `/groups/${groupId}`, { name: 'x' }],
      ['DELETE', `/groups/${groupId}`],
      ['GET', `/groups/${groupId}/members`],
      ['POST', `/groups/${groupId}/members`, { learners: [{ id: learner.id }] }],
      ['POST', `/groups/${groupId}/members/remove`, { learners: [{ id: learner.id }] }],
      ['PUT', `/groups/${groupId}/members/${learner.id}`],
      ['DELETE', `/groups/${groupId}/members/${learner.id}`],
    ] as const)
      expect([method, path, (await stranger.call(method, path, body)).status]).toEqual([method, path, 404]);
    const own = await stranger.post<Group>('/groups', { name: 'Mine' }, 201);
    expect((await stranger.call('PUT', `/groups/${own.id}/members/${learner.id}`)).status).toBe(404);
    expect(await stranger.get(`/learners?uid=${learner.uid}`)).toEqual({ learners: [] });
    expect((await stranger.call('POST', '/learners', { uid: learner.uid })).status).toBe(201);
  });

  it('need a key of an application, with the scope', async () => {
    const admin = hubApi(hub, await hub.adminKey());
    const reader = hubApi(hub, await hub.newKey({ scopes: ['read:hub'] }));
    expect((await admin.call('GET', '/learners')).status).toBe(403);
    expect((await reader.call('GET', '/groups')).status).toBe(200);
    expect((await reader.call('POST', '/groups', { name: 'x' })).status).toBe(403);
  });
});
