import { startHub, type TestHub } from '../support/hub';

let hub: TestHub;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

describe('errors speak the dialect of their path', () => {
  it.each([
    ['/api/v2/nothing', 404, { message: expect.any(String) }],
    ['/hub/v1/nothing', 404, { status: 404, code: 'not_found', detail: expect.any(String) }],
    ['/api/v2/courses', 401, { message: expect.any(String), error: expect.any(String) }],
    ['/hub/v1/applications', 401, { status: 401, code: 'unauthenticated' }],
  ])('GET %s: %i', async (path, status, body) => {
    const answer = await hub.fetch(path);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject(body);
  });

  it('a method that is not there is 405 with Allow', async () => {
    const answer = await hub.fetch('/api/v2/courses/importJobs/noUpload', { method: 'PUT' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toContain('POST');
    expect(await answer.json()).toEqual({ message: expect.stringContaining('PUT') });
  });

  it('a broken percent escape is 400', async () => {
    const answer = await hub.fetch('/api/v2/courses/%E0%A4%A', { key: await hub.newKey() });
    expect(answer.status).toBe(400);
  });
});

describe('every answer', () => {
  it('carries a request id, the caller’s own when it is a plain token', async () => {
    expect((await hub.fetch('/health/live')).headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
    const own = await hub.fetch('/health/live', { headers: { 'x-request-id': 'mine-1' } });
    expect(own.headers.get('x-request-id')).toBe('mine-1');
    const odd = await hub.fetch('/health/live', { headers: { 'x-request-id': 'a b"c' } });
    expect(odd.headers.get('x-request-id')).not.toContain('"');
  });
});

describe('a JSON body', () => {
  const post = async (body: string, type = 'application/json') =>
    hub.fetch('/hub/v1/applications', {
      method: 'POST',
      key: await hub.adminKey(),
      body,
      headers: { 'content-type': type },
    });

  it.each([
    ['that is cut off', '{"name": ', 400],
    ['that is empty', '', 400],
    ['that is a list', '[]', 400],
  ])('%s is 400', async (_, body, status) => {
    expect((await post(body)).status).toBe(status);
  });

  it('of another media type is 415', async () => {
    expect((await post('name=x', 'application/x-www-form-urlencoded')).status).toBe(415);
  });

  it('over a megabyte is 413', async () => {
    expect((await post(JSON.stringify({ name: 'x'.repeat(1024 * 1024) }))).status).toBe(413);
  });
});

describe('GET /openapi.json and /docs', () => {
  it('describe every operation once, with an id and its errors', async () => {
    const document = (await (await hub.fetch('/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string; security: object[]; responses: object }>>;
    };
    expect(document.openapi).toBe('3.1.0');
    const described = Object.values(document.paths).flatMap((path) => Object.values(path));
    const ids = described.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(['getCourses', 'createUploadAndImportCourseJob', 'revokeKey']));
    for (const { operationId, security, responses } of described) {
      const isOpen = operationId === 'getXapiAbout';
      expect([operationId, security.length === 0, '401' in responses]).toEqual([operationId, isOpen, !isOpen]);
    }
  });

  it('come with everything they need from this server', async () => {
    const page = await (await hub.fetch('/docs')).text();
    const references = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, reference]) => reference!);
    expect(references.length).toBeGreaterThan(2);
    for (const reference of references) {
      expect(reference).toMatch(/^\//);
      expect((await hub.fetch(reference)).status).toBe(200);
    }
  });
});

describe('GET /metrics', () => {
  it('needs an administrator’s key', async () => {
    expect((await hub.fetch('/metrics')).status).toBe(401);
    expect((await hub.fetch('/metrics', { key: await hub.newKey() })).status).toBe(403);
    const text = await (await hub.fetch('/metrics', { key: await hub.adminKey() })).text();
    expect(text).toContain('hub_http_requests_total');
  });
});
