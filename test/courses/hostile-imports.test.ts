import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateRawSync } from 'node:zlib';
import { manifestOf, scormCourse, zipOf } from '../support/course-packages';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { type HubWorkers, startWorkers } from '../support/hub-workers';
import { type CallCourseApi, courseApi, ended } from '../support/scorm-cloud';
import { devServer } from '../support/temporal';
import { buildZip, type EntryDraft } from '../support/zips';

let hub: TestHub;
let workers: HubWorkers;
let key: TestKey;
let call: CallCourseApi;

beforeAll(async () => {
  hub = await startHub({
    env: {
      MAX_UPLOAD_BYTES: '300000',
      PACKAGE_MAX_ENTRIES: '50',
      PACKAGE_MAX_UNPACKED_BYTES: '20000000',
      PACKAGE_MAX_RATIO: '100',
      OUTGOING_ALLOW_PRIVATE: '127.0.0.2/32',
      FETCH_PATIENCE_SECONDS: '1',
    },
  });
  workers = await startWorkers(hub, await devServer(), ['imports']);
  key = await hub.newKey();
  call = courseApi(hub, key);
});
afterAll(async () => {
  await workers.stop();
  await (await devServer()).remove();
  await hub.close();
});

const course: EntryDraft[] = [
  { name: 'imsmanifest.xml', content: manifestOf() },
  { name: 'index.html', content: '<!doctype html><title>Lesson</title>' },
];
const withEntry = (...drafts: EntryDraft[]): Buffer => buildZip([...course, ...drafts]);
const withManifest = (manifest: string): Promise<Buffer> => zipOf({ ...scormCourse(), 'imsmanifest.xml': manifest });

const entities = (declarations: string): string =>
  manifestOf().replace('<manifest', `<!DOCTYPE manifest [${declarations}]><manifest`).replace('The Course', '&x;');

let count = 0;
async function refused(file: Buffer, options: object = {}): Promise<string> {
  const courseId = `hostile-${(count += 1)}`;
  const { data } = await call<{ result: string }>('createUploadAndImportCourseJob', courseId, { file, ...options });
  const job = await ended(call, data.result);
  expect(job).toMatchObject({ status: 'ERROR', message: expect.any(String) });
  expect(job.importResult).toBeUndefined();
  expect((await call('getCourse', courseId, {})).status).toBe(404);
  return job.message;
}

/** What imports leave in the database and in the content store. */
async function remains(): Promise<Record<string, number>> {
  const { db, content } = hub.resources;
  const tables = ['blobs', 'packages', 'package_entries', 'courses', 'course_versions', 'outbox'];
  const counts: Record<string, number> = {};
  for (const table of tables) counts[table] = Number((await db(table).count<{ count: string }[]>('*'))[0]!.count);
  let files = 0;
  for await (const _ of content.list({ olderThan: new Date(Date.now() + 60_000) })) files += 1;
  return { ...counts, files, unfinished: await content.removeAbandoned({ olderThan: new Date(Date.now() + 60_000) }) };
}
const nothing = {
  blobs: 0,
  packages: 0,
  package_entries: 0,
  courses: 0,
  course_versions: 0,
  outbox: 0,
  files: 0,
  unfinished: 0,
};

/** A job's end is told before its file is gone. Answers what is left when nothing is, or after a while. */
async function settled(): Promise<Record<string, number>> {
  for (const giveUp = Date.now() + 10_000; ;) {
    const left = await remains();
    if (Date.now() > giveUp || Object.values(left).every((remaining) => remaining === 0)) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('a hostile package ends in ERROR with its cause, and nothing stays:', () => {
  it.each<[string, () => Buffer | Promise<Buffer>, RegExp]>([
    ['a name that climbs out', () => withEntry({ name: '../../etc/passwd', content: 'x' }), /\.\.\/\.\.\/etc\/passwd/],
    ['one with backslashes', () => withEntry({ name: '..\\..\\evil.dll', content: 'x' }), /evil\.dll/],
    ['an absolute name', () => withEntry({ name: '/etc/passwd', content: 'x' }), /\/etc\/passwd/],
    ['a drive letter', () => withEntry({ name: 'C:\\evil.exe', content: 'x' }), /evil\.exe/],
    ['a symbolic link', () => withEntry({ name: 'link', content: '/etc/passwd', mode: 0o120777 }), /link/],
    ['a wrong checksum', () => withEntry({ name: 'a.js', content: 'x'.repeat(99), crc32: 1 }), /a\.js/],
    [
      'an encrypted file',
      () => withEntry({ name: 'locked.html', content: 'x', flags: 1 }),
      /locked\.html.*password|encrypt/i,
    ],
    ['a file twice', () => withEntry({ name: 'a.js', content: '1' }, { name: 'a.js', content: '2' }), /a\.js/],
    [
      'overlapping files',
      () => withEntry({ name: 'a.js', content: 'x' }, { name: 'b.js', content: 'x', offset: 0 }),
      /./,
    ],
    [
      'too many files',
      () => withEntry(...Array.from({ length: 60 }, (_, i) => ({ name: `${i}.js`, content: 'x' }))),
      /50/,
    ],
    ['too much inside', () => withEntry({ name: 'big.bin', content: Buffer.alloc(21_000_000) }), /large|20/i],
    ['a bomb', () => withEntry({ name: 'bomb.bin', content: Buffer.alloc(19_000_000) }), /times|ratio|compress/i],
    [
      'a bomb that lies about its size',
      () => withEntry({ name: 'bomb.bin', content: 'x', data: deflateRawSync(Buffer.alloc(15_000_000)), size: 10 }),
      /bomb\.bin/,
    ],
    ['a zip that is cut off', async () => (await zipOf(scormCourse())).subarray(0, 300), /./],
    ['no zip', () => Buffer.from('This is a letter, not a package.'), /zip/i],
    ['an empty file', () => Buffer.alloc(0), /empty/i],
    ['a zip without files', () => buildZip([]), /no file|empty/i],
    [
      'a manifest one folder down',
      () => zipOf({ 'course/imsmanifest.xml': manifestOf(), 'course/index.html': 'x' }),
      /contents of that folder/,
    ],
    ['no manifest', () => zipOf({ 'readme.txt': 'hello' }), /imsmanifest\.xml/],
    ['a manifest that is not well formed', () => withManifest('<manifest><organizations></manifest>'), /line \d+/],
    ['an external entity', () => withManifest(entities('<!ENTITY x SYSTEM "file:///etc/passwd">')), /entit/i],
    ['entity expansion', () => withManifest(entities('<!ENTITY y "yyyyyyyy"><!ENTITY x "&y;&y;&y;&y;&y;">')), /entit/i],
    ['a package with nothing to launch', () => withManifest(manifestOf({ resources: '<resources/>' })), /launch/i],
  ])('%s', async (_, build, cause) => {
    expect(await refused(await build())).toMatch(cause);
    expect(await settled()).toEqual(nothing);
  });

  it('a package that is said to be a video', async () => {
    const message = await refused(await zipOf(scormCourse()), { uploadedContentType: 'video/mp4' });
    expect(message).toContain('video/mp4');
    expect(await settled()).toEqual(nothing);
  });
});

describe('a body larger than the limit', () => {
  const url = () => `${hub.url}/api/v2/courses/importJobs/upload?courseId=large`;

  it('is 413, whether its length is announced or not, and nothing stays', async () => {
    const file = Buffer.alloc(500_000);
    const form = new FormData();
    form.append('file', new Blob([file]), 'large.zip');
    expect(
      (await hub.fetch('/api/v2/courses/importJobs/upload?courseId=large', { method: 'POST', key, body: form })).status,
    ).toBe(413);

    const boundary = 'b';
    async function* body() {
      yield Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="x.zip"\r\n\r\n`);
      for (let sent = 0; sent < file.length; sent += 50_000) yield file.subarray(sent, sent + 50_000);
      yield Buffer.from(`\r\n--${boundary}--\r\n`);
    }
    const answer = await fetch(url(), {
      method: 'POST',
      headers: { authorization: key.basic, 'content-type': `multipart/form-data; boundary=${boundary}` },
      body: body() as unknown as ReadableStream,
      duplex: 'half',
    });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toEqual({ message: expect.stringContaining('300000') });
    expect(await settled()).toEqual(nothing);
  });

  it('that breaks off leaves nothing', async () => {
    const stop = new AbortController();
    async function* body() {
      yield Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="x.zip"\r\n\r\nPK');
      yield Buffer.alloc(100_000);
      setTimeout(() => stop.abort(), 100);
      await new Promise((resolve) => setTimeout(resolve, 5000).unref());
    }
    await fetch(url(), {
      method: 'POST',
      headers: { authorization: key.basic, 'content-type': 'multipart/form-data; boundary=b' },
      body: body() as unknown as ReadableStream,
      duplex: 'half',
      signal: stop.signal,
    }).catch(() => undefined);
    for (let i = 0; i < 100 && (await remains())['files'] !== 0; i += 1) await new Promise((r) => setTimeout(r, 20));
    expect(await settled()).toEqual(nothing);
    expect((await call('getCourse', 'large', {})).status).toBe(404);
  });
});

describe('a fetch', () => {
  const fetched = async (url: string): Promise<string> => {
    const { data } = await call<{ result: string }>(
      'createFetchAndImportCourseJob',
      `fetch-${(count += 1)}`,
      { url },
      {},
    );
    const job = await ended(call, data.result);
    expect(job.status).toBe('ERROR');
    expect(await settled()).toEqual(nothing);
    return job.message;
  };

  it.each([
    'http://127.0.0.1:8181/x.zip',
    'http://10.1.2.3/x.zip',
    'http://169.254.169.254/latest',
    'http://[::1]/x.zip',
    'http://0x7f.1/x.zip',
    'http://localhost/x.zip',
  ])('of %s is refused: the address is private', async (url) => {
    expect(await fetched(url)).toMatch(/OUTGOING_ALLOW_PRIVATE/);
  });

  it('that is endless, or larger than the limit, is ended', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200);
      const write = (): void => {
        while (response.write(Buffer.alloc(65_536)) && !response.destroyed);
        response.once('drain', write);
      };
      write();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.2', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      expect(await fetched(`http://127.0.0.2:${port}/endless.zip`)).toMatch(/larger/);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
