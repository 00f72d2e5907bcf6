import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { removeCourse } from '../../src/courses/delete-course';
import { collectBlobs } from '../../src/storage/collect-blobs';
import { readZipIndex } from '../../src/courses/packages/zip-index';
import { defaultPackageLimits } from '../../src/courses/packages/package-limits';
import { ZipPackage } from '../../src/courses/packages/zip-package';
import { scormCourse, zipOf } from '../support/course-packages';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { type HubWorkers, startWorkers } from '../support/hub-workers';
import { type CallCourseApi, courseApi, ended } from '../support/scorm-cloud';
import { devServer } from '../support/temporal';
import { MemorySource, packZip } from '../support/zips';

interface FileItem {
  path: string;
  size: number;
  modified: Date;
}

const maxAssetBytes = 512 * 1024;
let hub: TestHub;
let workers: HubWorkers;
let key: TestKey;
let call: CallCourseApi;
let partner: Server;
let partnerUrl: string;

beforeAll(async () => {
  hub = await startHub({ env: { MAX_ASSET_BYTES: String(maxAssetBytes), PACKAGE_MAX_ENTRIES: '12' } });
  workers = await startWorkers(hub, await devServer(), ['imports']);
  key = await hub.newKey();
  call = courseApi(hub, key);
  partner = createServer((request, response) => {
    if (request.url === '/logo.png') response.end('a fetched logo');
    else if (request.url === '/broken') {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('part', () => response.destroy());
    } else if (request.url === '/large') response.end(Buffer.alloc(maxAssetBytes + 1));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => partner.listen(0, '127.0.0.1', resolve));
  partnerUrl = `http://127.0.0.1:${(partner.address() as AddressInfo).port}`;
}, 60_000);
afterAll(async () => {
  await workers.stop();
  await (await devServer()).remove();
  await hub.close();
  partner.close();
});

let count = 0;
const newId = (): string => `assets ${(count += 1)}/é`;

async function importCourse(
  file: Buffer,
  { courseId = newId(), ...options }: { courseId?: string; mayCreateNewVersion?: boolean } = {},
) {
  const { data } = await call<{ result: string }>('createUploadAndImportCourseJob', courseId, { file, ...options });
  const job = await ended(call, data.result);
  expect(job).toMatchObject({ status: 'COMPLETE' });
  return courseId;
}
const newCourse = async (more: Record<string, string | Buffer> = {}): Promise<string> =>
  importCourse(await zipOf(scormCourse({}, { 'lesson/one.txt': `lesson one of ${count}`, ...more })));

const put = (courseId: string, destination: string, text: string | Buffer, options: object = {}) =>
  call<{ filename: string; destination: string }>('uploadCourseAssetFile', courseId, destination, {
    file: Buffer.from(text),
    ...options,
  });
async function read(courseId: string, path: string): Promise<string | number> {
  const { status, data } = await call<Buffer>('getCourseAsset', courseId, path);
  return status === 200 ? data.toString() : status;
}
async function list(courseId: string): Promise<FileItem[]> {
  return (await call<{ files: FileItem[] }>('getCourseFileList', courseId)).data.files;
}
const pathsOf = async (courseId: string): Promise<string[]> => (await list(courseId)).map(({ path }) => path);
async function unzip(zip: Buffer): Promise<Record<string, string>> {
  const source = new MemorySource(zip);
  const files = new ZipPackage(source, await readZipIndex(source, defaultPackageLimits));
  const contents = files.paths.map(async (path) => [path, (await files.readFile(path, 1e7)).toString()] as const);
  return Object.fromEntries(await Promise.all(contents));
}
const versionRow = (courseId: string) =>
  hub.resources
    .db('course_versions')
    .join('courses', 'courses.id', 'course_versions.course_id')
    .where({ 'courses.course_id': courseId })
    .first<{ revision: number; id: string; course_id: string }>('course_versions.*');
const storedKeys = async (): Promise<string[]> => {
  const keys: string[] = [];
  for await (const blob of hub.resources.content.list({ olderThan: new Date(Date.now() + 60_000) })) keys.push(blob);
  return keys.sort();
};
const urlOf = (courseId: string, rest: string): string => `/api/v2/courses/${encodeURIComponent(courseId)}${rest}`;

describe('an asset', () => {
  it('that is uploaded is added, read, listed, replaced and deleted', async () => {
    const id = await newCourse();
    expect(await put(id, '/media/new.txt', 'first')).toMatchObject({
      status: 200,
      data: { filename: 'new.txt', destination: 'media/new.txt' },
    });
    expect(await read(id, 'media/new.txt')).toBe('first');
    expect((await put(id, 'media/new.txt', 'second')).status).toBe(200);
    expect(await read(id, 'media/new.txt')).toBe('second');
    expect(await pathsOf(id)).toEqual(['imsmanifest.xml', 'index.html', 'lesson/one.txt', 'media/new.txt']);
    expect((await call('deleteCourseAsset', id, 'media/new.txt')).status).toBe(204);
    expect(await read(id, 'media/new.txt')).toBe(404);
    expect((await call('deleteCourseAsset', id, 'media/new.txt')).status).toBe(404);
    expect(await pathsOf(id)).toEqual(['imsmanifest.xml', 'index.html', 'lesson/one.txt']);
  });

  it('replaces and hides files of the package, which is listed with sizes and times', async () => {
    const id = await newCourse();
    expect(await read(id, 'lesson/one.txt')).toContain('lesson one');
    await put(id, 'lesson/one.txt', 'changed');
    await call('deleteCourseAsset', id, 'index.html');
    expect(await read(id, 'lesson/one.txt')).toBe('changed');
    expect(await read(id, 'index.html')).toBe(404);
    const files = await list(id);
    expect(files).toMatchObject([{ path: 'imsmanifest.xml' }, { path: 'lesson/one.txt', size: 7 }]);
    expect(files[1]!.modified.getTime()).toBeGreaterThan(files[0]!.modified.getTime());
    await put(id, 'index.html', 'back');
    expect(await read(id, 'index.html')).toBe('back');
  });

  it('may come after its destination in the form, with a name of its own', async () => {
    const id = await newCourse();
    const form = new FormData();
    form.append('destination', 'a/b.html');
    form.append('file', new Blob(['later']), 'own.html');
    const answer = await hub.fetch(urlOf(id, '/asset/upload'), { method: 'POST', key, body: form });
    expect(await answer.json()).toEqual({ filename: 'own.html', destination: 'a/b.html' });
    expect(await read(id, 'a/b.html')).toBe('later');
  });

  it('is fetched from a URL', async () => {
    const id = await newCourse();
    const request = { fetchUrl: `${partnerUrl}/logo.png`, destination: 'img/brand.png' };
    expect(await call('importCourseAssetFile', id, request, {})).toMatchObject({
      status: 200,
      data: { filename: 'logo.png', destination: 'img/brand.png' },
    });
    expect(await read(id, 'img/brand.png')).toBe('a fetched logo');
  });

  it.each([
    ['/nothing', '404'],
    ['/broken', ''],
    ['/large', ''],
    ['ftp://example.com/x', 'http'],
    ['http://169.254.169.254/latest', ''],
  ])('that cannot be fetched (%s) is 400 with the cause, and nothing stays', async (path, cause) => {
    const id = await newCourse();
    const before = await storedKeys();
    const fetchUrl = path.startsWith('/') ? `${partnerUrl}${path}` : path;
    const answer = await call('importCourseAssetFile', id, { fetchUrl, destination: 'a.txt' }, {});
    expect(answer.status).toBe(400);
    expect(answer.error?.message).toContain('fetchUrl');
    expect(answer.error?.message).toContain(cause);
    expect(await storedKeys()).toEqual(before);
    expect(await versionRow(id)).toMatchObject({ revision: 1 });
  });

  it('obeys updateAssetPolicy; a refused one leaves neither change nor blob', async () => {
    const id = await newCourse();
    const before = await storedKeys();
    const strict = await put(id, 'new.txt', 'strict new', { updateAssetPolicy: 'strict' });
    expect(strict).toMatchObject({ status: 400, error: { message: expect.stringContaining('strict') } });
    const reject = await put(id, 'index.html', 'reject old', { updateAssetPolicy: 'reject' });
    expect(reject).toMatchObject({ status: 400, error: { message: expect.stringContaining('reject') } });
    const unknown = await put(id, 'index.html', 'what', { updateAssetPolicy: 'maybe' });
    expect(unknown).toMatchObject({ status: 400, error: { message: expect.stringContaining('updateAssetPolicy') } });
    expect(await storedKeys()).toEqual(before);
    expect((await put(id, 'new.txt', '1', { updateAssetPolicy: 'reject' })).status).toBe(200);
    expect((await put(id, 'new.txt', '2', { updateAssetPolicy: 'strict' })).status).toBe(200);
    await call('deleteCourseAsset', id, 'new.txt');
    expect((await put(id, 'new.txt', '3', { updateAssetPolicy: 'strict' })).status).toBe(400);
  });

  it.each(['../up.txt', 'a/../../up.txt', '//abs', 'C:/abs', 'a\\b', '', 'a/', 'a\u0000b', 'x'.repeat(1025)])(
    'whose path is %j is 400 that names it, and nothing stays',
    async (path) => {
      const id = await newCourse();
      const before = await storedKeys();
      const { status, error } = await put(id, path, 'bad');
      expect(status).toBe(400);
      expect(error?.message).toMatch(/destination|U\+0000/);
      const fetched = await call(
        'importCourseAssetFile',
        id,
        {
          fetchUrl: `${partnerUrl}/logo.png`,
          destination: path,
        },
        {},
      );
      expect(fetched.status).toBe(400);
      const query = new URLSearchParams({ relativePath: path });
      expect((await hub.fetch(urlOf(id, `/asset?${query.toString()}`), { key })).status).toBe(400);
      expect(await storedKeys()).toEqual(before);
    },
  );

  it('that is missing, or twice there, or too large is refused', async () => {
    const id = await newCourse();
    const before = await storedKeys();
    const post = (form: FormData) => hub.fetch(urlOf(id, '/asset/upload'), { method: 'POST', key, body: form });
    const noFile = new FormData();
    noFile.append('destination', 'a.txt');
    expect((await post(noFile)).status).toBe(400);
    const noDestination = new FormData();
    noDestination.append('file', new Blob(['x']));
    const answer = await post(noDestination);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { message: string }).message).toContain('destination');
    expect((await put(id, 'large.bin', Buffer.alloc(maxAssetBytes + 1))).status).toBe(413);
    expect(await storedKeys()).toEqual(before);
  });

  it('cannot be a file where a folder is, nor the other way round', async () => {
    const id = await newCourse();
    expect((await put(id, 'lesson', 'a file')).error?.message).toContain('lesson/one.txt');
    expect((await put(id, 'index.html/inner.txt', 'a file')).error?.message).toContain('index.html');
    await call('deleteCourseAsset', id, 'lesson/one.txt');
    expect((await put(id, 'lesson', 'a file')).status).toBe(200);
  });

  it('more than a package may have files is refused', async () => {
    const id = await newCourse();
    for (let n = 0; n < 9; n += 1) expect((await put(id, `f${n}.txt`, 'x')).status).toBe(200);
    expect((await put(id, 'one-more.txt', 'x')).error?.message).toContain('12');
    expect((await put(id, 'f1.txt', 'still replaced')).status).toBe(200);
  });

  it('with the content of another is stored once', async () => {
    const id = await newCourse();
    await put(id, 'one.txt', 'the same bytes');
    const before = await storedKeys();
    await put(id, 'two.txt', 'the same bytes');
    expect(await storedKeys()).toEqual(before);
    expect(await read(id, 'two.txt')).toBe('the same bytes');
  });
});

describe('concurrent writes', () => {
  it('to one version come one after another, and all stay', async () => {
    const id = await newCourse();
    const paths = Array.from({ length: 8 }, (_, index) => `parallel/${index}.txt`);
    const answers = await Promise.all(paths.map((path) => put(id, path, `content of ${path}`)));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200));
    expect(await Promise.all(paths.map((path) => read(id, path)))).toEqual(paths.map((path) => `content of ${path}`));
    expect(await versionRow(id)).toMatchObject({ revision: 9 });
  });

  it('of one new file with reject: exactly one wins', async () => {
    const id = await newCourse();
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((text) => put(id, 'once.txt', text, { updateAssetPolicy: 'reject' })),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 400, 400]);
  });
});

describe('a reader beside writers', () => {
  it('sees the old file or the new one, never a mixture or nothing', async () => {
    const id = await newCourse();
    const texts = ['a', 'b'].map((letter) => letter.repeat(200_000));
    await put(id, 'lesson/one.txt', texts[0]!);
    const writer = { isDone: false };
    const writing = (async () => {
      for (let round = 0; round < 20; round += 1) await put(id, 'lesson/one.txt', texts[round % 2]!);
      writer.isDone = true;
    })();
    const seen = new Set<string | number>();
    while (!writer.isDone) seen.add(await read(id, 'lesson/one.txt'));
    await writing;
    expect(texts).toEqual(expect.arrayContaining([...seen]));
  });
});

describe('versions', () => {
  it('that share their content do not share its changes; the course means its newest', async () => {
    const file = await zipOf(scormCourse({}, { 'own.txt': `shared ${count}` }));
    const id = await importCourse(file);
    await importCourse(file, { courseId: id, mayCreateNewVersion: true });
    const other = await importCourse(file);
    await put(id, 'own.txt', 'newest');
    await call('uploadCourseVersionAssetFile', id, 0, 'own.txt', { file: Buffer.from('oldest') });
    const readVersion = async (version: number): Promise<string> =>
      (await call<Buffer>('getCourseVersionAsset', id, version, 'own.txt')).data.toString();
    expect(await readVersion(0)).toBe('oldest');
    expect(await readVersion(1)).toBe('newest');
    expect(await read(id, 'own.txt')).toBe('newest');
    expect(await read(other, 'own.txt')).toContain('shared');
    const request = { fetchUrl: `${partnerUrl}/logo.png`, destination: 'own.txt' };
    expect((await call('importCourseVersionAssetFile', id, 0, request, {})).status).toBe(200);
    expect(await readVersion(0)).toBe('a fetched logo');
    expect((await call('deleteCourseVersionAsset', id, 0, 'own.txt')).status).toBe(204);
    const { data } = await call<{ files: FileItem[] }>('getCourseVersionFileList', id, 0);
    expect(data.files.map(({ path }) => path)).toEqual(['imsmanifest.xml', 'index.html']);
    expect(Object.keys(await unzip((await call<Buffer>('getVersionedCourseZip', id, 0)).data)).sort()).toEqual([
      'imsmanifest.xml',
      'index.html',
    ]);
    expect((await call('getCourseVersionFileList', id, 7)).error?.message).toContain('no version 7');
  });

  it('of another application, and without the scope, are closed', async () => {
    const id = await newCourse();
    const stranger = courseApi(hub, await hub.newKey());
    for (const [name, ...args] of [
      ['getCourseAsset', 'index.html'],
      ['deleteCourseAsset', 'index.html'],
      ['getCourseFileList'],
      ['getCourseZip'],
      ['uploadCourseAssetFile', 'a.txt', { file: Buffer.from('x') }],
      ['importCourseAssetFile', { fetchUrl: `${partnerUrl}/logo.png`, destination: 'a.txt' }, {}],
    ] as [string, ...unknown[]][]) {
      expect([name, (await stranger(name, id, ...args)).status]).toEqual([name, 404]);
    }
    const reader = { key: { ...(await hub.newKey({ scopes: ['read:course'] })) } };
    const answer = await hub.fetch(urlOf(id, '/asset?relativePath=index.html'), { ...reader, method: 'DELETE' });
    expect(answer.status).toBe(403);
    const writer = { key: await hub.newKey({ scopes: ['write:course'] }) };
    expect((await hub.fetch(urlOf(id, '/zip'), writer)).status).toBe(403);
  });

  it('are marked as updated, and the course too', async () => {
    const id = await newCourse();
    const before = (await call<{ updated: Date }>('getCourse', id, {})).data.updated;
    await put(id, 'index.html', 'new');
    const after = (await call<{ updated: Date }>('getCourse', id, {})).data.updated;
    expect(after.getTime()).toBeGreaterThan(before.getTime());
  });
});

describe('a file that is read', () => {
  it('is a download that no browser runs, and 304 for who has it', async () => {
    const id = await newCourse();
    const path = urlOf(id, '/asset?relativePath=index.html');
    const answer = await hub.fetch(path, { key });
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="index.html"');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-length')).toBe(String((await answer.arrayBuffer()).byteLength));
    const etag = answer.headers.get('etag')!;
    expect(
      (await hub.fetch(path, { key, headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' } })).status,
    ).toBe(304);
    await put(id, 'index.html', 'new');
    expect(
      (await hub.fetch(path, { key, headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' } })).status,
    ).toBe(200);
    expect((await hub.fetch(path, { key, method: 'HEAD' })).status).toBe(200);
  });

  it('of an unknown kind is bytes', async () => {
    const id = await newCourse({ 'odd.zzz': 'what' });
    const answer = await hub.fetch(urlOf(id, '/asset?relativePath=odd.zzz'), { key });
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(await answer.text()).toBe('what');
  });

  it('needs its relativePath', async () => {
    const answer = await hub.fetch(urlOf(await newCourse(), '/asset'), { key });
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { message: string }).message).toContain('relativePath');
  });

  it('whose bytes are lost breaks the connection off instead of passing a part for the whole', async () => {
    const id = await newCourse({ 'big.bin': randomBytes(3_000_000) });
    const { id: versionId } = await versionRow(id);
    const { package_key } = await hub.resources
      .db('course_revisions')
      .where({ version_id: versionId })
      .first<{ package_key: string }>('package_key');
    await hub.resources.db('package_entries').where({ package_key, path: 'big.bin' }).update({ size: 3_000_001 });
    const answer = await hub.fetch(urlOf(id, '/asset?relativePath=big.bin'), { key });
    await expect(answer.arrayBuffer()).rejects.toThrow('terminated');
    await put(id, 'other.txt', 'so that it is zipped anew');
    const zip = await hub.fetch(urlOf(id, '/zip'), { key });
    await expect(zip.arrayBuffer()).rejects.toThrow('terminated');
  });
});

describe('a course’s zip', () => {
  it('without assets is the package as it came', async () => {
    const file = await zipOf(scormCourse({}, { 'own.txt': `as it came ${count}` }));
    const id = await importCourse(file, { courseId: 'a/zip' });
    const answer = await hub.fetch(urlOf(id, '/zip'), { key, headers: { accept: 'application/json' } });
    expect(answer.headers.get('content-type')).toBe('application/zip');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="a-zip.zip"');
    expect(answer.headers.get('content-length')).toBe(String(file.length));
    expect(Buffer.from(await answer.arrayBuffer()).equals(file)).toBe(true);
    expect((await call<Buffer>('getCourseZip', id)).data.equals(file)).toBe(true);
  });

  it('has the assets, and imports again', async () => {
    const picture = Buffer.alloc(300_000, 'png');
    const id = await importCourse(
      await packZip(
        Object.entries(scormCourse({}, { 'gone.txt': 'x', 'p.png': picture, 'v.mp4': 'film', 'empty.txt': '' })),
      ),
    );
    await put(id, 'index.html', 'changed');
    await put(id, 'deep/ü.txt', 'added');
    await call('deleteCourseAsset', id, 'gone.txt');
    const { data: zip } = await call<Buffer>('getCourseZip', id);
    const expected = { 'index.html': 'changed', 'deep/ü.txt': 'added', 'v.mp4': 'film', 'empty.txt': '' };
    const files = await unzip(zip);
    expect(files).toMatchObject({ ...expected, 'p.png': picture.toString() });
    expect(Object.keys(files)).not.toContain('gone.txt');
    const again = await importCourse(zip);
    expect(await pathsOf(again)).toEqual(await pathsOf(id));
    expect(await read(again, 'deep/ü.txt')).toBe('added');
  });

  it('of a media file holds the file', async () => {
    const id = await importCourse(Buffer.from('%PDF-1.7 a document'));
    const [file, ...others] = await list(id);
    expect(others).toEqual([]);
    expect(file).toMatchObject({ path: 'media.pdf', size: 19 });
    expect(await read(id, 'media.pdf')).toBe('%PDF-1.7 a document');
    await put(id, 'captions.vtt', 'WEBVTT');
    expect(await unzip((await call<Buffer>('getCourseZip', id)).data)).toEqual({
      'media.pdf': '%PDF-1.7 a document',
      'captions.vtt': 'WEBVTT',
    });
    expect((await put(id, 'media.pdf', 'x', { updateAssetPolicy: 'reject' })).status).toBe(400);
  });

  it('of a course that plays from a URL is 404 that says so', async () => {
    const id = newId();
    const mediaFileReferenceRequest = { url: 'https://example.com/film.mp4', contentType: 'video/mp4' };
    const { data } = await call<{ result: string }>(
      'createNoUploadAndImportCourseJob',
      id,
      {
        mediaFileReferenceRequest,
      },
      {},
    );
    await ended(call, data.result);
    const answer = await hub.fetch(urlOf(id, '/zip'), { key });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({ message: expect.stringContaining('URL') });
    expect(await list(id)).toEqual([]);
  });
});

describe('a deleted course', () => {
  it('takes its assets with it, replaced ones too, but not what another course has', async () => {
    const id = await newCourse();
    const other = await newCourse();
    const before = await storedKeys();
    await put(other, 'kept.txt', 'kept by another');
    const kept = await storedKeys();
    expect(kept.length).toBe(before.length + 1);
    await put(id, 'kept.txt', 'kept by another');
    await put(id, 'a.txt', 'the first a');
    await put(id, 'a.txt', 'the second a');
    const { course_id } = await versionRow(id);
    await call('deleteCourse', id);
    await removeCourse(course_id, hub.resources);
    expect(await storedKeys()).toHaveLength(kept.length - 1); // Its package is gone as well.
    expect(await read(other, 'kept.txt')).toBe('kept by another');
    expect(await hub.resources.db('course_assets').where({ path: 'a.txt' })).toEqual([]);
  });
});

describe('a deleted version', () => {
  it('lets go of its package and assets, but not of what another version has', async () => {
    const id = await newCourse();
    await put(id, 'own.txt', 'of version 0 alone');
    const zip = await zipOf(scormCourse({}, { 'own.txt': `version 1 of ${id}` }));
    await importCourse(zip, { courseId: id, mayCreateNewVersion: true });
    await put(id, 'later.txt', 'of version 1');
    const before = await storedKeys();
    expect((await call('deleteCourseVersion', id, 0)).status).toBe(204);
    const work = await hub.resources
      .db('outbox')
      .where({ workflow_type: 'collectContent' })
      .orderBy('id', 'desc')
      .first<{ args: [{ blobs: string[] }] }>('args');
    expect(await collectBlobs(work.args[0].blobs, hub.resources)).toBe(2);
    expect(await storedKeys()).toHaveLength(before.length - 2);
    expect(await read(id, 'later.txt')).toBe('of version 1');
    expect(await read(id, 'own.txt')).toBe(`version 1 of ${id}`);
  });
});
