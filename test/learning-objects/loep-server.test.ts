import { languageCodes, languageNumber } from '../../src/learning-objects/language-codes';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { type Answer, registerObject, send } from '../support/learning-objects';

let hub: TestHub;
let key: TestKey;
let repository: string;

beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey();
  const application = await hub.resources.db('applications').where({ id: key.applicationId }).first();
  repository = application.name;
});
afterAll(() => hub.close());

const golf = { name: 'Golf basics', url: 'https://example.org/golf' };
const post = (lo: unknown, by: TestKey | string = key) => send(hub, by, 'POST', '/api/v1/los', { lo });
const postForm = (form: string) => send(hub, key, 'POST', '/api/v1/los', new URLSearchParams(form));

describe('POST /api/v1/los', () => {
  it('creates an object and answers it in full', async () => {
    const { status, headers, body } = await post({
      ...golf,
      id_repository: 'Excursion:83',
      lotype: 'slideshow',
      technology: 'html',
      lanCode: 'ES',
      hasText: true,
      hasImages: '0',
      scope: 'Public',
      metadata_url: 'http://example.org/golf.xml',
      tag_list: 'golf, sport,,golf',
      madeUp: 'ignored',
    });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('application/json');
    expect(body).toMatchObject({
      ...golf,
      id: expect.any(Number),
      repository,
      id_repository: 'Excursion:83',
      lotype: 'slideshow',
      language_id: languageNumber('es'),
      lanCode: 'es',
      hasText: true,
      hasImages: false,
      hasVideos: null,
      tag_list: 'golf, sport',
      owner_id: null,
      app_id: expect.any(Number),
      created_at: expect.stringMatching(/^\d\d\/\d\d\/\d{4} \d\d:\d\d (am|pm)$/),
    });
    expect(body).not.toHaveProperty('madeUp');
  });

  it('takes the form that Rails nests', async () => {
    const { status, body } = await postForm(
      'lo[name]=Form&lo[url]=https://example.org/f&lo[id_repository]=form:1&lo[tag_list]=a, b&lo[hasText]=true' +
        `&lo[hasWebs]=1&lo[hasQuizzes]=&lo[language_id]=${languageNumber('en')}`,
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: 'Form', tag_list: 'a, b', hasText: true, hasWebs: true, hasQuizzes: null });
    expect(body).toMatchObject({ lanCode: 'en', id_repository: 'form:1' });
    const listed = await postForm('lo[id_repository]=form:1&lo[tag_list][]=x&lo[tag_list][]=y');
    expect(listed.body).toMatchObject({ id: body['id'], name: 'Form', tag_list: 'x, y' });
  });

  it('changes the object of the same repository and id, and only the members that are sent', async () => {
    const first = (await post({ ...golf, id_repository: 'twice', description: 'old', tag_list: ['a'] })).body;
    const second = await post({ id_repository: 'twice', name: 'New' });
    expect(second.body).toMatchObject({
      id: first['id'],
      name: 'New',
      url: golf.url,
      description: 'old',
      tag_list: 'a',
    });
    const elsewhere = await post({ ...golf, id_repository: 'twice', repository: 'another' });
    expect(elsewhere.body['id']).not.toBe(first['id']);
  });

  it('makes an object of its own each time when there is no id_repository', async () => {
    const [a, b] = await Promise.all([post(golf), post({ ...golf, id_repository: '' })]);
    expect(a.body['id']).not.toBe(b.body['id']);
    expect(b.body['id_repository']).toBeNull();
  });

  it('makes one object of many requests at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, at) => post({ ...golf, name: `Golf ${at}`, id_repository: 'at once' })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(12).fill(200));
    expect(new Set(answers.map(({ body }) => body['id'])).size).toBe(1);
  });

  it('leaves an object as it is, to its time of change, when nothing changes', async () => {
    const id = await registerObject(hub, key, { id_repository: 'same', tag_list: 'a, b' });
    const read = () => hub.resources.db('learning_objects').where({ id }).first();
    const before = await read();
    await registerObject(hub, key, { id_repository: 'same', tag_list: ['a', 'b'] });
    expect(await read()).toEqual(before);
    await registerObject(hub, key, { id_repository: 'same', tag_list: ['a', 'c'] });
    expect((await read()).updated_at.getTime()).toBeGreaterThan(before.updated_at.getTime());
  });

  it.each([
    ['no url', { name: 'x' }, { url: ['is required'] }],
    ['neither name nor url', {}, { name: ['is required'], url: ['is required'] }],
    ['an empty name', { ...golf, name: ' ' }, { name: [expect.stringContaining('empty')] }],
    ['a relative url', { ...golf, url: '/golf' }, { url: [expect.stringContaining('http')] }],
    ['another scheme', { ...golf, url: 'ftp://example.org' }, { url: [expect.stringContaining('http')] }],
    ['an unknown lotype', { ...golf, lotype: 'game' }, { lotype: [expect.stringContaining('slideshow')] }],
    ['an unknown technology', { ...golf, technology: 'steam' }, { technology: [expect.any(String)] }],
    ['an unknown scope', { ...golf, scope: 'public' }, { scope: [expect.stringContaining('Public')] }],
    ['an unknown language', { ...golf, lanCode: 'xx' }, { lanCode: [expect.stringContaining('639-1')] }],
    ['an unknown language_id', { ...golf, language_id: 9999 }, { language_id: [expect.any(String)] }],
    ['a fraction of a language', { ...golf, language_id: '1.5' }, { language_id: [expect.any(String)] }],
    ['two languages', { ...golf, lanCode: 'en', language_id: 1 }, { language_id: [expect.stringContaining('aa')] }],
    ['a flag of neither kind', { ...golf, hasText: 'maybe' }, { hasText: [expect.stringContaining('true')] }],
    ['a flag of 2', { ...golf, hasText: 2 }, { hasText: [expect.any(String)] }],
    ['a number for a name', { ...golf, name: 5 }, { name: [expect.any(String)] }],
    ['a tag that is none', { ...golf, tag_list: ['a', 5] }, { tag_list: [expect.any(String)] }],
    ['too long a tag', { ...golf, tag_list: 'x'.repeat(256) }, { tag_list: [expect.stringContaining('255')] }],
    ['too long a name', { ...golf, name: 'x'.repeat(256) }, { name: [expect.any(String)] }],
    ['no object', 'golf', { lo: [expect.stringContaining('object')] }],
    ['nothing', undefined, { lo: ['is required'] }],
  ])('refuses %s with 400 and a list of messages for the field', async (_, lo, problems) => {
    const { status, body } = await post(lo);
    expect(status).toBe(400);
    expect(body).toEqual(problems);
  });

  it.each([
    ['what is not JSON', '{"lo":', 'application/json', 400, { base: [expect.stringContaining('JSON')] }],
    ['a list', '[]', 'application/json', 400, { base: [expect.any(String)] }],
    ['another media type', 'x', 'text/plain', 415, { error: expect.stringContaining('text/plain') }],
    [
      'a form that contradicts itself',
      'lo=1&lo[name]=x',
      'application/x-www-form-urlencoded',
      400,
      { base: [expect.any(String)] },
    ],
    ['U+0000 in a form', 'lo[name]=%00', 'application/x-www-form-urlencoded', 400, { base: [expect.any(String)] }],
    [
      'over a megabyte',
      `lo[name]=${'x'.repeat(1024 * 1024)}`,
      'application/x-www-form-urlencoded',
      413,
      { error: expect.any(String) },
    ],
  ])('refuses %s', async (_, body, type, status, answer) => {
    const response = await hub.fetch('/api/v1/los', { method: 'POST', key, body, headers: { 'content-type': type } });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual(answer);
  });
});

describe('GET /api/v1/los', () => {
  it('pages by Link, each object of the application once', async () => {
    const own = await hub.newKey();
    const ids: number[] = [];
    for (let at = 0; at < 5; at++) ids.push(await registerObject(hub, own, { id_repository: `page ${at}` }));
    const seen: number[] = [];
    let path: string | undefined = '/api/v1/los?limit=2';
    while (path !== undefined) {
      const page: Answer<{ id: number }[]> = await send(hub, own, 'GET', path);
      expect(page.status).toBe(200);
      seen.push(...page.body.map(({ id }) => id));
      path = /^<(.+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1]?.slice(hub.url.length);
    }
    expect(seen).toEqual(ids);
  });

  it.each(['limit=0', 'limit=1001', 'after=x'])('refuses %s', async (query) => {
    const { status, body } = await send(hub, key, 'GET', `/api/v1/los?${query}`);
    expect(status).toBe(400);
    expect(body).toEqual({ [query.split('=')[0]!]: [expect.any(String)] });
  });
});

describe('GET, PUT and DELETE /api/v1/los/:id', () => {
  const one = (id: number | string, query = '') => `/api/v1/los/${encodeURIComponent(id)}${query}`;

  it('find an object by the application’s id, within a repository, or by LOEP’s', async () => {
    const id = await registerObject(hub, key, { id_repository: 'a/b c:1' });
    const other = await registerObject(hub, key, { id_repository: 'a/b c:1', repository: 'other' });
    const found = async (path: string) => (await send(hub, key, 'GET', path)).body['id'];
    expect(await found(one('a/b c:1'))).toBe(id);
    expect(await found(one('a/b c:1', '?repository=other'))).toBe(other);
    expect(await found(one(other, '?use_id_loep=true'))).toBe(other);
    expect((await send(hub, key, 'GET', one('a/b c:1', '?repository=none'))).status).toBe(404);
  });

  it('change the members that are sent', async () => {
    const id = await registerObject(hub, key, { id_repository: 'to change', description: 'old' });
    const { status, body } = await send(hub, key, 'PUT', one('to change'), { lo: { description: null, hasWebs: 1 } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, name: 'Golf basics', description: null, hasWebs: true });
    const moved = await send(
      hub,
      key,
      'PUT',
      one(id, '?use_id_loep=true'),
      new URLSearchParams('lo[id_repository]=moved'),
    );
    expect(moved.body).toMatchObject({ id, id_repository: 'moved' });
  });

  it('refuse an id_repository that another object has', async () => {
    await registerObject(hub, key, { id_repository: 'taken' });
    await registerObject(hub, key, { id_repository: 'free' });
    const { status, body } = await send(hub, key, 'PUT', one('free'), { lo: { id_repository: 'taken' } });
    expect(status).toBe(400);
    expect(body).toEqual({ id_repository: [expect.stringContaining('another')] });
  });

  it('delete an object with what hangs on it', async () => {
    const id = await registerObject(hub, key, { id_repository: 'to delete' });
    const work = { model: 'SUS', reviewer: 'ann' };
    await send(hub, key, 'POST', `/hub/v1/learning-objects/${id}/assignments`, work);
    await send(hub, key, 'POST', `/hub/v1/learning-objects/${id}/evaluations`, { ...work, items: Array(10).fill(3) });
    expect((await send(hub, key, 'DELETE', one('to delete'))).status).toBe(204);
    expect((await send(hub, key, 'DELETE', one('to delete'))).status).toBe(404);
    for (const table of ['assignments', 'evaluations', 'model_totals']) {
      expect(await hub.resources.db(table).where({ learning_object_id: id })).toEqual([]);
    }
  });

  it.each(['GET', 'PUT', 'DELETE'])('%s of another application’s object, or of none, is 404', async (method) => {
    const id = await registerObject(hub, key, { id_repository: 'mine' });
    const stranger = await hub.newKey();
    const body = method === 'PUT' ? { lo: { name: 'x' } } : undefined;
    for (const path of [one('mine'), one(id, '?use_id_loep=true'), one('no number', '?use_id_loep=true')]) {
      const answer = await send(hub, stranger, method, path, body);
      expect(answer.status).toBe(404);
      expect(answer.body).toEqual({ error: expect.any(String) });
    }
  });
});

describe('credentials', () => {
  it.each([
    ['none', undefined],
    ['a wrong secret', `Basic ${btoa('nobody:wrong')}`],
  ])('%s: 401 with {error}', async (_, credentials) => {
    const { status, headers, body } = await send(hub, credentials, 'POST', '/api/v1/los', { lo: golf });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toContain('Basic');
    expect(body).toEqual({ error: expect.any(String) });
  });

  it.each([
    ['read', 200, 403],
    ['read:hub', 200, 403],
    ['write', 403, 200],
    ['write:hub', 403, 200],
  ] as const)('the scope %s: reading %i, writing %i', async (scope, reading, writing) => {
    const limited = await hub.newKey({ scopes: [scope] });
    expect((await send(hub, limited, 'GET', '/api/v1/los')).status).toBe(reading);
    expect((await post(golf, limited)).status).toBe(writing);
  });

  it('an administrator’s key is of no application: 403', async () => {
    const { status, body } = await post(golf, await hub.adminKey());
    expect(status).toBe(403);
    expect(body).toEqual({ error: expect.any(String) });
  });
});

describe('the list of languages', () => {
  it('has each code once, and each number leads to its code', () => {
    expect(new Set(languageCodes).size).toBe(languageCodes.length);
    expect(languageCodes.map((code) => languageNumber(code))).toEqual(languageCodes.map((_, at) => at + 1));
  });
});
