import { ensureDemoKey } from '../../src/applications/bootstrap';
import { createKey } from '../../src/applications/create-key';
import { sealToken } from '../../src/applications/access-tokens.rules';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { authenticationApi, courseApi } from '../support/scorm-cloud';
import { askToken, bearerOf, type Form } from '../support/tokens';

let hub: TestHub;
let key: TestKey;

beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey({ scopes: ['read', 'write:course'] });
});
afterAll(() => hub.close());

const grant = { grant_type: 'client_credentials' };
const scormCloudPath = '/api/v2/oauth/authenticate/application/token';
const courses = (authorization: string) => hub.fetch('/api/v2/courses', { key: authorization });

interface TokenAnswer {
  access_token: string;
  token_type: string;
  expires_in: number;
  scope: string;
}

describe('POST /oauth/token', () => {
  it('gives a Bearer token for a key, with all its scopes and for an hour; nobody keeps the answer', async () => {
    const answer = await askToken(hub, grant, key);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('pragma')).toBe('no-cache');
    const body = (await answer.json()) as TokenAnswer;
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'read write:course',
    });
    expect((await courses(`Bearer ${body.access_token}`)).status).toBe(200);
  });

  it.each<[string, (key: TestKey) => [Form, string?]]>([
    ['in the form', ({ id, secret }) => [{ ...grant, client_id: id, client_secret: secret }]],
    ['in the header, with the id in the form too', ({ id, basic }) => [{ ...grant, client_id: id }, basic]],
    [
      'in the header, form-encoded',
      ({ id, secret }) => [grant, `Basic ${btoa(`${id.replaceAll('-', '%2D')}:${secret.replaceAll('-', '%2d')}`)}`],
    ],
    ['beside parameters that are not known, and a charset', ({ basic }) => [{ ...grant, audience: 'x' }, basic]],
    ['beside parameters without a value', ({ basic }) => [{ ...grant, scope: '', client_secret: '' }, basic]],
  ])('takes the key %s', async (_, request) => {
    const [form, basic] = request(key);
    expect((await askToken(hub, form, basic)).status).toBe(200);
  });

  it('gives what is asked for and no more', async () => {
    const answer = await askToken(hub, { ...grant, scope: 'write:course read:course' }, key);
    expect(await answer.json()).toMatchObject({ scope: 'write:course read:course' });
    const readOnly = await bearerOf(hub, key, 'read:course');
    expect((await courses(readOnly)).status).toBe(200);
    const write = await hub.fetch('/api/v2/courses/importJobs/noUpload?courseId=x', { method: 'POST', key: readOnly });
    expect(write.status).toBe(403);
    expect(await write.json()).toEqual({ message: expect.stringContaining('write:course') });
  });

  it.each<[string, (key: TestKey) => [Form, string?], number, string, string]>([
    ['no credentials', () => [grant], 401, 'invalid_client', 'Credentials are missing'],
    ['an id without a secret', ({ id }) => [{ ...grant, client_id: id }], 401, 'invalid_client', 'secret'],
    ['a wrong secret', ({ id }) => [{ ...grant, client_id: id, client_secret: 'x' }], 401, 'invalid_client', 'key'],
    ['a wrong secret in the header', ({ id }) => [grant, `Basic ${btoa(`${id}:x`)}`], 401, 'invalid_client', 'key'],
    ['an unknown key', () => [grant, `Basic ${btoa('nobody:x')}`], 401, 'invalid_client', 'key'],
    ['a header that is not Basic', () => [grant, 'Bearer x'], 401, 'invalid_client', 'Basic'],
    ['a header without a colon', () => [grant, `Basic ${btoa('nobody')}`], 401, 'invalid_client', 'base64'],
    [
      'the secret twice',
      ({ secret, basic }) => [{ ...grant, client_secret: secret }, basic],
      400,
      'invalid_request',
      'once',
    ],
    ['two ids', ({ basic }) => [{ ...grant, client_id: 'other' }, basic], 400, 'invalid_request', 'client_id'],
    ['no grant type', ({ basic }) => [{ scope: 'read' }, basic], 400, 'invalid_request', 'grant_type'],
    ['an empty grant type', ({ basic }) => [{ grant_type: '' }, basic], 400, 'invalid_request', 'grant_type'],
    [
      'another grant type',
      ({ basic }) => [{ grant_type: 'password' }, basic],
      400,
      'unsupported_grant_type',
      'grant_type',
    ],
    [
      'a scope that is not known',
      ({ basic }) => [{ ...grant, scope: 'read:"\\é' }, basic],
      400,
      'invalid_scope',
      'read:',
    ],
    [
      'a scope that the key lacks',
      ({ basic }) => [{ ...grant, scope: 'read delete' }, basic],
      400,
      'invalid_scope',
      'delete',
    ],
    [
      'a parameter twice',
      ({ basic }) => ['grant_type=client_credentials&scope=read&scope=read', basic],
      400,
      'invalid_request',
      'scope',
    ],
    [
      'a parameter twice, once without a value',
      ({ basic }) => ['grant_type=client_credentials&scope=&scope=read', basic],
      400,
      'invalid_request',
      'scope',
    ],
    ['U+0000', ({ basic }) => [{ ...grant, scope: 'a\u0000b' }, basic], 400, 'invalid_request', 'U+0000'],
    [
      'U+0000 in the id',
      () => [{ ...grant, client_id: 'a\u0000', client_secret: 'b' }],
      400,
      'invalid_request',
      'U+0000',
    ],
    [
      'more than 16 KiB',
      ({ basic }) => [{ ...grant, scope: 'x'.repeat(16 * 1024) }, basic],
      400,
      'invalid_request',
      '16384',
    ],
  ])('refuses %s in the words of the standard', async (_, request, status, error, named) => {
    const [form, basic] = request(key);
    const answer = await askToken(hub, form, basic);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const body = (await answer.json()) as { error_description: string };
    expect(body).toEqual({ error, error_description: expect.stringContaining(named) });
    expect(body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    const challenge = status === 401 ? 'Basic realm="Learning Hub", charset="UTF-8"' : null;
    expect(answer.headers.get('www-authenticate')).toBe(challenge);
  });

  it.each([
    ['a JSON body', { 'content-type': 'application/json' }],
    ['no media type', { 'content-type': '' }],
  ])('refuses %s', async (_, headers) => {
    const body = JSON.stringify(grant);
    const answer = await hub.fetch('/oauth/token', { method: 'POST', key, body, headers });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: 'invalid_request' });
  });

  it('is nothing to GET', async () => {
    const answer = await hub.fetch('/oauth/token');
    expect(answer.status).toBe(405);
    expect(await answer.json()).toMatchObject({ error: 'invalid_request' });
  });

  it('gives no token for a token: it would never end', async () => {
    expect((await askToken(hub, grant, await bearerOf(hub, key))).status).toBe(401);
  });

  it('gives no more time than the key has', async () => {
    const { key: row, secret } = await createKey({ expiresAt: new Date(Date.now() + 60_000) }, hub.resources);
    const answer = await askToken(hub, { ...grant, client_id: row.id, client_secret: secret });
    const { expires_in } = (await answer.json()) as TokenAnswer;
    expect(expires_in).toBeGreaterThan(0);
    expect(expires_in).toBeLessThanOrEqual(60);
  });

  it('is where the metadata says, with what it says', async () => {
    const metadata = (await (await hub.fetch('/.well-known/oauth-authorization-server')).json()) as {
      token_endpoint: string;
    };
    expect(metadata).toMatchObject({
      issuer: hub.url,
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
      scopes_supported: expect.arrayContaining(['read:course']),
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    });
    const headers = { authorization: key.basic };
    const answer = await fetch(metadata.token_endpoint, { method: 'POST', body: new URLSearchParams(grant), headers });
    expect(answer.status).toBe(200);
  });
});

describe('POST /api/v2/oauth/authenticate/application/token', () => {
  interface ApplicationToken {
    accessToken: string;
    expiresIn: number;
    tokenType: string;
  }
  const getAppToken = (scope: string, options: object = {}) =>
    authenticationApi(hub, key)<ApplicationToken>('getAppToken', scope, options);

  it('gives the vendor’s client a token with which its other calls work', async () => {
    const { status, data } = await getAppToken('read:course');
    expect(status).toBe(200);
    expect(data).toMatchObject({ expiresIn: 300, tokenType: 'Bearer' });
    const call = courseApi(hub, { accessToken: data.accessToken });
    expect((await call('getCourses', {})).status).toBe(200);
    const refused = await call('deleteCourse', 'x');
    expect(refused.status).toBe(403);
    expect(refused.error?.message).toContain('delete:course');
  });

  it('answers with exactly what the client knows, and nobody keeps it', async () => {
    const body = new URLSearchParams({ scope: 'read' });
    const answer = await hub.fetch(scormCloudPath, { method: 'POST', key, body });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const token = (await answer.json()) as object;
    expect(Object.keys(token).sort()).toEqual(['access_token', 'expires_in', 'token_type']);
  });

  it('gives the time that is asked for', async () => {
    expect((await getAppToken('read', { expiration: 86_400 })).data.expiresIn).toBe(86_400);
    expect((await getAppToken('read', { expiration: 1 })).data.expiresIn).toBe(1);
  });

  it.each([
    ['no scope', '', {}, 'scope'],
    ['a scope that the key lacks', 'write', {}, 'scope write'],
    ['a scope that is not known', 'read:registration', {}, 'read:registration'],
    ['no time at all', 'read', { expiration: 0 }, 'expiration'],
    ['more than a day', 'read', { expiration: 86_401 }, 'expiration'],
    ['half a second', 'read', { expiration: 0.5 }, 'expiration'],
    ['words for a time', 'read', { expiration: 'long' }, 'expiration'],
  ])('refuses %s with 400 that names it', async (_, scope, options, named) => {
    const { status, error } = await getAppToken(scope, options);
    expect(status).toBe(400);
    expect(error).toEqual({ message: expect.stringContaining(named) });
  });

  it('refuses a wrong secret, and a body that is not a form, in SCORM Cloud’s words', async () => {
    const { status, error } = await authenticationApi(hub, { ...key, secret: 'x' })('getAppToken', 'read', {});
    expect(status).toBe(401);
    expect(error).toEqual({ message: expect.any(String), error: expect.any(String) });
    const headers = { 'content-type': 'application/json' };
    const answer = await hub.fetch(scormCloudPath, { method: 'POST', key, headers, body: '{"scope":"read"}' });
    expect(answer.status).toBe(415);
    expect(await answer.json()).toEqual({ message: expect.stringContaining('x-www-form-urlencoded') });
    const large = await hub.fetch(scormCloudPath, {
      method: 'POST',
      key,
      body: new URLSearchParams({ scope: 'x'.repeat(20_000) }),
    });
    expect(large.status).toBe(413);
  });
});

describe('a token', () => {
  /** What others than the api change it notices within a second. */
  const aSecondLater = ({ id }: TestKey): void => hub.resources.keys.forget(id);
  const expectRefused = async (authorization: string) => {
    const answer = await courses(authorization);
    expect(answer.status).toBe(401);
    const challenge = answer.headers.get('www-authenticate');
    expect(challenge).toMatch(/^Basic realm="Learning Hub", charset="UTF-8", Bearer realm="Learning Hub", /);
    expect(challenge).toContain('error="invalid_token", error_description="');
    expect(challenge).toMatch(/^[\x20-\x7e]+$/);
  };

  it('ends at once when its key is revoked', async () => {
    const [mine, admin] = [await hub.newKey(), await hub.adminKey()];
    const bearer = await bearerOf(hub, mine);
    expect((await courses(bearer)).status).toBe(200);
    expect((await hub.fetch(`/hub/v1/keys/${mine.id}`, { method: 'DELETE', key: admin })).status).toBe(204);
    await expectRefused(bearer);
  });

  it('ends when its key expires', async () => {
    const mine = await hub.newKey();
    const bearer = await bearerOf(hub, mine);
    await hub.resources
      .db('api_keys')
      .where({ id: mine.id })
      .update({ expires_at: new Date(Date.now() - 1) });
    aSecondLater(mine);
    await expectRefused(bearer);
  });

  it('ends when its application is deleted', async () => {
    const mine = await hub.newKey();
    const bearer = await bearerOf(hub, mine);
    await hub.resources.db('applications').where({ id: mine.applicationId }).delete();
    aSecondLater(mine);
    await expectRefused(bearer);
  });

  it('loses what its key loses', async () => {
    const mine = await hub.newKey({ scopes: ['read', 'write'] });
    const bearer = await bearerOf(hub, mine, 'read:course');
    await hub.resources
      .db('api_keys')
      .where({ id: mine.id })
      .update({ scopes: ['write'] });
    aSecondLater(mine);
    expect((await courses(bearer)).status).toBe(403);
  });

  it('ends by itself', async () => {
    const expiresAt = new Date(Date.now() - 1000);
    await expectRefused(`Bearer ${sealToken({ keyId: key.id, scopes: ['read'], expiresAt }, hub.resources.secrets)}`);
  });

  it.each(['Bearer', 'Bearer x', `Bearer lh_e30.${'A'.repeat(43)}`, 'bearer a b', 'Bearer a\u00e9'])(
    'is refused when the hub did not give it: %j',
    (authorization) => expectRefused(authorization),
  );

  it('may be announced in any case', async () => {
    const bearer = await bearerOf(hub, key);
    expect((await courses(bearer.replace('Bearer', 'bEARER'))).status).toBe(200);
  });

  it('sees its own application alone', async () => {
    const bearer = await bearerOf(hub, await hub.newKey());
    expect((await hub.fetch('/api/v2/courses/not-mine', { key: bearer })).status).toBe(404);
  });

  it('that lacks a scope is told which would do; a key is told in the message alone', async () => {
    const byToken = await hub.fetch('/api/v2/courses/x', { method: 'DELETE', key: await bearerOf(hub, key) });
    expect(byToken.status).toBe(403);
    expect(byToken.headers.get('www-authenticate')).toBe(
      'Bearer realm="Learning Hub", error="insufficient_scope", scope="delete delete:course"',
    );
    const byKey = await hub.fetch('/api/v2/courses/x', { method: 'DELETE', key });
    expect(byKey.status).toBe(403);
    expect(byKey.headers.get('www-authenticate')).toBeNull();
  });

  it('of an administrator’s key opens the hub API and the metrics', async () => {
    const bearer = await bearerOf(hub, await hub.adminKey());
    expect((await hub.fetch('/hub/v1/applications', { key: bearer })).status).toBe(200);
    expect((await hub.fetch('/metrics', { key: bearer })).status).toBe(200);
    const another = await hub.fetch('/hub/v1/applications', { key: await bearerOf(hub, key) });
    expect(another.status).toBe(403);
    expect((await hub.fetch('/hub/v1/applications', { key: 'Bearer x' })).status).toBe(401);
  });

  it('notes that its key was used', async () => {
    const mine = await hub.newKey();
    const bearer = await bearerOf(hub, mine);
    await hub.resources.db('api_keys').where({ id: mine.id }).update({ last_used_at: null });
    aSecondLater(mine);
    await courses(bearer);
    expect(await hub.resources.db('api_keys').where({ id: mine.id }).first()).toMatchObject({
      last_used_at: expect.any(Date),
    });
  });

  it('of the demo key is refused where that key is', async () => {
    await ensureDemoKey(hub.resources);
    const claims = { keyId: 'demo', scopes: ['read'] as const, expiresAt: new Date(Date.now() + 60_000) };
    await expectRefused(`Bearer ${sealToken(claims, hub.resources.secrets)}`);
  });
});

describe('a request without credentials', () => {
  it('is told both ways in, and of no error', async () => {
    const answer = await hub.fetch('/api/v2/courses');
    expect(answer.headers.get('www-authenticate')).toBe(
      'Basic realm="Learning Hub", charset="UTF-8", Bearer realm="Learning Hub"',
    );
  });
});
