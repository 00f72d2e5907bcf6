import { ensureDemoKey } from '../../src/applications/bootstrap';
import { startHub, type TestHub } from '../support/hub';

let hub: TestHub;
let admin: string;

beforeAll(async () => {
  hub = await startHub();
  admin = await hub.adminKey();
});
afterAll(() => hub.close());

const post = (path: string, body: unknown, key = admin) =>
  hub.fetch(path, { method: 'POST', key, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

const created = async <T>(response: Promise<Response>): Promise<T> => {
  const answer = await response;
  expect(answer.status).toBe(201);
  return (await answer.json()) as T;
};

describe('POST /hub/v1/applications', () => {
  it('creates an application that is listed from then on', async () => {
    const application = await created<{ id: string }>(post('/hub/v1/applications', { name: 'acme' }));
    const list = (await (await hub.fetch('/hub/v1/applications', { key: admin })).json()) as {
      applications: unknown[];
    };
    expect(list.applications).toContainEqual(expect.objectContaining({ id: application.id, name: 'acme' }));
  });

  it('refuses a second of the same name with 409', async () => {
    await created(post('/hub/v1/applications', { name: 'twice' }));
    const answer = await post('/hub/v1/applications', { name: 'twice' });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: 'application_exists', status: 409 });
  });

  it.each([
    ['no name', {}, 'name'],
    ['an empty name', { name: '' }, 'name'],
    ['a number for a name', { name: 5 }, 'name'],
    ['a member it does not know', { name: 'x', owner: 'y' }, 'owner'],
  ])('refuses %s and names the member', async (_, body, member) => {
    const answer = await post('/hub/v1/applications', body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ errors: [{ path: member }] });
  });

  it.each(['a\u0000b', 'half \ud83d'])(
    'refuses text that cannot be stored before it reaches the database: %j',
    async (name) => {
      expect((await post('/hub/v1/applications', { name })).status).toBe(400);
    },
  );

  it('refuses a key that is not an administrator’s with 403 that names the scope', async () => {
    const answer = await post('/hub/v1/applications', { name: 'mine' }, (await hub.newKey()).basic);
    expect(answer.status).toBe(403);
    expect(((await answer.json()) as { detail: string }).detail).toContain('admin');
  });
});

describe('GET /hub/v1/applications', () => {
  it('pages by limit and next, each application once', async () => {
    for (const name of ['page-1', 'page-2', 'page-3']) await created(post('/hub/v1/applications', { name }));
    const names: string[] = [];
    let next: string | undefined;
    do {
      const query = next === undefined ? '' : `&after=${encodeURIComponent(next)}`;
      const answer = await hub.fetch(`/hub/v1/applications?limit=2${query}`, { key: admin });
      const page = (await answer.json()) as { applications: { name: string }[]; next?: string };
      expect(page.applications.length).toBeLessThanOrEqual(2);
      names.push(...page.applications.map(({ name }) => name));
      next = page.next;
    } while (next !== undefined);
    expect(names).toEqual(expect.arrayContaining(['page-1', 'page-2', 'page-3']));
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(['0', '1001', 'ten', '1.5'])('refuses limit=%s', async (limit) => {
    const answer = await hub.fetch(`/hub/v1/applications?limit=${limit}`, { key: admin });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ path: 'limit' }] });
  });

  it('refuses an after that it did not give', async () => {
    expect((await hub.fetch('/hub/v1/applications?after=nonsense', { key: admin })).status).toBe(400);
  });
});

describe('keys', () => {
  const newKey = async (body: object = {}) => {
    const { id } = await created<{ id: string }>(post('/hub/v1/applications', { name: `keys ${Math.random()}` }));
    const key = await created<{ id: string; secret: string }>(post(`/hub/v1/applications/${id}/keys`, body));
    return { ...key, applicationId: id, basic: `Basic ${btoa(`${key.id}:${key.secret}`)}` };
  };
  const courses = (key: string) => hub.fetch('/api/v2/courses', { key });

  it('show their secret once: it opens the api, and is nowhere in the list or the database', async () => {
    const key = await newKey();
    expect((await courses(key.basic)).status).toBe(200);
    const list = await (await hub.fetch(`/hub/v1/applications/${key.applicationId}/keys`, { key: admin })).text();
    expect(list).toContain(key.id);
    expect(list).not.toContain(key.secret);
    const { rows } = await hub.resources.db.raw<{ rows: unknown[] }>('select * from api_keys');
    expect(JSON.stringify(rows)).not.toContain(key.secret);
  });

  it('are refused once they are revoked', async () => {
    const key = await newKey();
    expect((await hub.fetch(`/hub/v1/keys/${key.id}`, { method: 'DELETE', key: admin })).status).toBe(204);
    expect((await courses(key.basic)).status).toBe(401);
    expect((await hub.fetch(`/hub/v1/keys/${key.id}`, { method: 'DELETE', key: admin })).status).toBe(404);
  });

  it('are refused after they expire', async () => {
    expect((await courses((await newKey({ expires_at: '2020-01-01T00:00:00Z' })).basic)).status).toBe(401);
    expect((await courses((await newKey({ expires_at: '2120-01-01T00:00:00Z' })).basic)).status).toBe(200);
  });

  it('cannot be made with the scope admin, an unknown scope, or for an unknown application', async () => {
    const { applicationId } = await newKey();
    const path = `/hub/v1/applications/${applicationId}/keys`;
    expect((await post(path, { scopes: ['admin'] })).status).toBe(400);
    expect((await post(path, { scopes: ['everything'] })).status).toBe(400);
    expect((await post('/hub/v1/applications/5d0c5a6e-0000-4000-8000-000000000000/keys', {})).status).toBe(404);
  });

  it('note when they were used', async () => {
    const key = await newKey();
    await courses(key.basic);
    const answer = await hub.fetch(`/hub/v1/applications/${key.applicationId}/keys`, { key: admin });
    const { keys } = (await answer.json()) as { keys: { last_used_at: string | null }[] };
    expect(keys[0]?.last_used_at).not.toBeNull();
  });

  it.each([
    ['a wrong secret', (id: string) => `Basic ${btoa(`${id}:wrong`)}`],
    ['an unknown id', () => `Basic ${btoa('nobody:wrong')}`],
    ['no colon', () => `Basic ${btoa('nobody')}`],
    ['another scheme', () => 'Digest x'],
    ['U+0000 in the id', () => `Basic ${btoa('a\u0000b:c')}`],
  ])('are refused with %s: 401 that says how to authenticate', async (_, header) => {
    const { id } = await newKey();
    const answer = await courses(header(id));
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('Basic');
    const body = (await answer.json()) as { message: string; error: string };
    expect(body.message).toBe(body.error);
  });
});

describe('the demo key', () => {
  it('is refused unless the hub runs under npm start', async () => {
    await ensureDemoKey(hub.resources);
    await ensureDemoKey(hub.resources);
    const demo = `Basic ${btoa('demo:demo-secret')}`;
    expect((await hub.fetch('/api/v2/courses', { key: demo })).status).toBe(401);
  });
});
