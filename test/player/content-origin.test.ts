import { gunzipSync } from 'node:zlib';
import { request as rawRequest } from 'node:http';
import { scormCourse } from '../support/course-packages';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { importCourse, linkTo } from '../support/player';
import { type CallCourseApi, courseApi } from '../support/scorm-cloud';
import { packZip } from '../support/zips';

let hub: TestHub;
let key: TestKey;
let call: CallCourseApi;

beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey();
  call = courseApi(hub, key);
  await importCourse(
    hub,
    call,
    'golf',
    scormCourse({}, { 'a b/é.css': 'p { color: red }'.repeat(20), 'empty.txt': '' }),
  );
});
afterAll(() => hub.close());

/** Opens a link and answers the address of the session, which ends in a slash. */
async function open(link: string): Promise<string> {
  const answer = await fetch(link, { redirect: 'manual' });
  expect(answer.status).toBe(302);
  return new URL(answer.headers.get('location')!, link).href.replace(/player$/, '');
}
const openCourse = async (course = 'golf'): Promise<string> => open(await linkTo(call, course));

/** As it is on the wire: `fetch` resolves `..` and unpacks. */
const rawGet = (address: string, path: string, headers: Record<string, string> = {}, method = 'GET') =>
  new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }>((resolve, reject) => {
    const { hostname, port } = new URL(address);
    rawRequest({ hostname, port, path, headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });
const pathIn = (session: string, path: string): string => new URL(session).pathname + path;

describe('launch links', () => {
  it('open the player, again within their life, and always the same session', async () => {
    const link = await linkTo(call, 'golf');
    const session = await open(link);
    expect(await open(link)).toBe(session);
    const page = await fetch(`${session}player`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<h1>The Course</h1>');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  });

  it('that were changed open nothing', async () => {
    const link = await linkTo(call, 'golf');
    const other = await linkTo(call, 'golf');
    const [id] = new URL(link).pathname.slice('/launch/'.length).split('.');
    const [, signature] = new URL(other).pathname.slice('/launch/'.length).split('.');
    for (const token of [`${id}.${signature}`, `${id}`, `${link.slice(link.lastIndexOf('/') + 1)}x`, '%00']) {
      const answer = await fetch(`${hub.config.player.url}/launch/${token}`, { redirect: 'manual' });
      expect(answer.status).toBe(404);
      expect(await answer.text()).toContain('This link is not whole');
    }
  });

  it('that have expired say so, opened before or not', async () => {
    const [fresh, used] = [await linkTo(call, 'golf'), await linkTo(call, 'golf')];
    const session = await open(used);
    await hub.resources.db('launches').update({ link_expires_at: new Date(Date.now() - 1000) });
    for (const link of [fresh, used]) {
      const answer = await fetch(link, { redirect: 'manual' });
      expect(answer.status).toBe(410);
      expect(await answer.text()).toContain('This link has expired');
    }
    // The session that was opened goes on.
    expect((await fetch(`${session}player`)).status).toBe(200);
  });

  it('live from 10 to 300 seconds, 120 unless told', async () => {
    const lifeOf = async (request: object): Promise<number> => {
      const before = Date.now();
      await linkTo(call, 'golf', request);
      const [row] = await hub.resources.db('launches').orderBy('created_at', 'desc').limit(1);
      return Math.round((row!.link_expires_at.getTime() - before) / 1000);
    };
    expect(await lifeOf({})).toBe(120);
    expect(await lifeOf({ expiry: 10 })).toBe(10);
    expect(await lifeOf({ expiry: 300 })).toBe(300);
    for (const expiry of [9, 301, 12.5]) {
      expect(await call('buildCoursePreviewLaunchLink', 'golf', { expiry })).toMatchObject({ status: 400 });
    }
  });

  it('take all that the vendor’s schema has, of a version too', async () => {
    const request = {
      expiry: 60,
      redirectOnExitUrl: 'closer',
      tracking: true,
      startSco: 'item',
      culture: 'de-DE',
      cssUrl: 'https://cdn.example.com/own.css',
      learnerTags: ['a'],
      courseTags: ['b'],
      registrationTags: ['c'],
      additionalvalues: [{ item: 'x', value: 'y z' }],
      launchAuth: { type: 'vault', options: { ipAddress: true, fingerprint: true, expiry: 5, slidingExpiry: 5 } },
    };
    const { status, data } = await call<{ launchLink: string }>(
      'buildCoursePreviewLaunchLinkWithVersion',
      'golf',
      0,
      request,
    );
    expect(status).toBe(200);
    const session = await open(data.launchLink);
    const page = await (await fetch(`${session}player`)).text();
    expect(page).toContain('<link rel="stylesheet" href="https://cdn.example.com/own.css">');
    const state = await (await fetch(`${session}state`)).text();
    expect(JSON.parse(state)).toMatchObject({ startAt: 'item', addedQuery: 'x=y+z', exitUrl: '../../exit/closer' });
    expect(page + state).not.toContain(key.secret);
  });

  it('take a style sheet in the query as well', async () => {
    const answer = await hub.fetch('/api/v2/courses/golf/preview?cssUrl=https%3A%2F%2Fcdn.example.com%2Fq.css', {
      method: 'POST',
      key,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirectOnExitUrl: 'message' }),
    });
    const { launchLink } = (await answer.json()) as { launchLink: string };
    const page = await fetch(`${await open(launchLink)}player`);
    expect(await page.text()).toContain('https://cdn.example.com/q.css');
    expect(page.headers.get('content-security-policy')).toContain('https://cdn.example.com');
  });

  it.each([
    ['no such course', 'none', {}, 404],
    ['an item that is not there', 'golf', { startSco: 'other' }, 400],
    ['a style sheet that is a script', 'golf', { cssUrl: 'javascript:alert(1)' }, 400],
  ])('are refused for %s', async (_what, course, request, status) => {
    expect(await call('buildCoursePreviewLaunchLink', course, request)).toMatchObject({ status });
  });

  it('are for the application’s own courses, whatever the version', async () => {
    const stranger = courseApi(hub, await hub.newKey());
    expect(await stranger('buildCoursePreviewLaunchLink', 'golf', {})).toMatchObject({ status: 404 });
    expect(await call('buildCoursePreviewLaunchLinkWithVersion', 'golf', 7, {})).toMatchObject({ status: 404 });
  });

  it('end with their course', async () => {
    await importCourse(hub, call, 'short', scormCourse());
    const link = await linkTo(call, 'short');
    const session = await openCourse('short');
    await call('deleteCourse', 'short');
    await new Promise((resolve) => setTimeout(resolve, 1100)); // Sessions are remembered for a second.
    expect((await fetch(`${session}content/index.html`)).status).toBe(404);
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(302);
    expect((await fetch(`${await open(link)}player`)).status).toBe(404);
  });
});

describe('a course’s files', () => {
  it('come as they lie in the package: gzip with the right length and sum', async () => {
    const session = await openCourse();
    const path = pathIn(session, `content/${encodeURI('a b/é.css')}`);
    const { status, headers, body } = await rawGet(session, path, { 'accept-encoding': 'gzip, br' });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/css',
      'content-encoding': 'gzip',
      'content-length': String(body.length),
      vary: 'Accept-Encoding',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin',
    });
    expect(headers['content-security-policy']).toContain("'unsafe-eval'");
    expect(headers['permissions-policy']).toContain('camera=()');
    expect(gunzipSync(body).toString()).toBe('p { color: red }'.repeat(20));
  });

  it('come unpacked to who takes no gzip', async () => {
    const session = await openCourse();
    for (const encoding of ['identity', 'gzip;q=0', 'br']) {
      const { headers, body } = await rawGet(session, pathIn(session, 'content/a%20b/%C3%A9.css'), {
        'accept-encoding': encoding,
      });
      expect(headers['content-encoding']).toBeUndefined();
      expect(body.toString()).toBe('p { color: red }'.repeat(20));
    }
  });

  it('are named by their content, and known ones are not sent again', async () => {
    const session = await openCourse();
    const first = await fetch(`${session}content/index.html`);
    const etag = first.headers.get('etag')!;
    expect(first.headers.get('cache-control')).toBe('private, max-age=86400, immutable');
    const again = await rawGet(session, pathIn(session, 'content/index.html'), {
      'if-none-match': `"other", ${etag}`,
      'accept-encoding': 'gzip',
    });
    expect(again).toMatchObject({ status: 304 });
    expect(again.body).toHaveLength(0);
  });

  it('can be empty, and be asked for their head alone', async () => {
    const session = await openCourse();
    expect(await rawGet(session, pathIn(session, 'content/empty.txt'))).toMatchObject({ status: 200 });
    const head = await rawGet(session, pathIn(session, 'content/index.html'), {}, 'HEAD');
    expect(head.headers['content-type']).toBe('text/html');
    expect(head.body).toHaveLength(0);
  });

  it('are the package’s, and nothing else', async () => {
    const session = await openCourse();
    for (const path of [
      'content/',
      'content/none.html',
      'content/INDEX.html',
      'content/../../../etc/passwd',
      'content/..%2f..%2fetc/passwd',
      'content/%2e%2e/%2e%2e/etc/passwd',
      'content/index.html%00.css',
      'content/%ff',
      'content//index.html',
      'other/index.html',
      'constructor/x',
    ]) {
      expect(await rawGet(session, pathIn(session, path))).toMatchObject({ status: 404 });
    }
  });

  it('are shown to nobody without the session’s token', async () => {
    const session = await openCourse();
    const token = new URL(session).pathname.split('/')[2]!;
    for (const wrong of [`${token}x`, token.slice(1), token.split('.')[0]!, `${token.split('.')[0]}.`, '']) {
      expect((await fetch(`${hub.config.player.url}/s/${wrong}/content/index.html`)).status).toBe(404);
    }
    // A link tells its launch, not the session.
    const link = await linkTo(call, 'golf');
    const linked = link.slice(link.lastIndexOf('/') + 1);
    expect((await fetch(`${hub.config.player.url}/s/${linked}/content/index.html`)).status).toBe(404);
  });

  it('of audio and video come in ranges', async () => {
    const movie = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));
    const entries: [string, Buffer | string][] = Object.entries(scormCourse());
    await importCourse(hub, call, 'movie', await packZip([...entries, ['clip.mp4', movie]]));
    const session = await openCourse('movie');
    const path = pathIn(session, 'content/clip.mp4');
    const part = await rawGet(session, path, { range: 'bytes=100-199', 'accept-encoding': 'gzip' });
    expect(part).toMatchObject({ status: 206, body: movie.subarray(100, 200) });
    expect(part.headers).toMatchObject({ 'content-range': 'bytes 100-199/5000', 'content-type': 'video/mp4' });
    expect(await rawGet(session, path, { range: 'bytes=5000-' })).toMatchObject({ status: 416 });
    expect(await rawGet(session, path, { range: 'bytes=1-2', 'if-range': '"old"' })).toMatchObject({ status: 200 });
    expect(await rawGet(session, path)).toMatchObject({ status: 200, body: movie });
  });

  it('are those of the revision that was launched', async () => {
    await importCourse(hub, call, 'fixed', scormCourse());
    const before = await openCourse('fixed');
    await call('uploadCourseAssetFile', 'fixed', 'index.html', { file: Buffer.from('changed') });
    expect(await (await fetch(`${before}content/index.html`)).text()).toContain('Hello');
  });
});

describe('the content origin', () => {
  it('gives each launch an origin of its own where names can be made', async () => {
    const own = await startHub({ env: { PLAYER_URL: 'http://*.localhost:8099' } });
    try {
      const ownCall = courseApi(own, await own.newKey());
      await importCourse(own, ownCall, 'golf', scormCourse());
      const [one, two] = [new URL(await linkTo(ownCall, 'golf')), new URL(await linkTo(ownCall, 'golf'))];
      expect(one.hostname).toMatch(/^[0-9a-f]{32}\.localhost$/);
      expect(one.hostname).not.toBe(two.hostname);
    } finally {
      await own.close();
    }
  });

  it('has nothing of the api', async () => {
    for (const path of [
      '/',
      '/api/v2/courses',
      '/docs',
      '/hub/v1/endpoints',
      '/player/none.js',
      '/player/..%2f..%2fx',
    ]) {
      expect((await fetch(`${hub.config.player.url}${path}`)).status).toBe(404);
    }
    expect((await fetch(`${hub.config.player.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${hub.config.player.url}/player/player.css`, { method: 'DELETE' })).status).toBe(405);
    expect(await (await fetch(`${hub.config.player.url}/player/scorm12.min.js`)).text()).toContain('Scorm12API');
  });
});
