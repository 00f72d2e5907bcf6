import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { type HubWorkers, startWorkers } from '../support/hub-workers';
import { scormCourse, zipOf } from '../support/course-packages';
import { type CallCourseApi, courseApi, ended } from '../support/scorm-cloud';
import { devServer } from '../support/temporal';

let hub: TestHub;
let workers: HubWorkers;
let key: TestKey;
let call: CallCourseApi;

/** Serves files to be fetched, and takes postbacks. */
let partner: Server;
let partnerUrl: string;
const served = new Map<string, { body: Buffer; type?: string; status?: number; location?: string }>();
const postbacks: { path: string; body: Record<string, unknown> }[] = [];

beforeAll(async () => {
  hub = await startHub({ env: { FETCH_PATIENCE_SECONDS: '2' } });
  workers = await startWorkers(hub, await devServer(), ['imports', 'deliveries', 'housekeeping']);
  key = await hub.newKey();
  call = courseApi(hub, key);
  partner = createServer((request, response) => {
    const path = request.url ?? '/';
    if (request.method === 'POST') {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        postbacks.push({ path, body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown> });
        response.writeHead(200).end();
      });
      return;
    }
    const file = served.get(path.split('?')[0]!);
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(file.status ?? 200, {
      ...(file.type === undefined ? {} : { 'content-type': file.type }),
      ...(file.location === undefined ? {} : { location: file.location }),
    });
    response.end(file.body);
  });
  await new Promise<void>((resolve) => partner.listen(0, '127.0.0.1', resolve));
  partnerUrl = `http://127.0.0.1:${(partner.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await workers.stop();
  await (await devServer()).remove();
  await hub.close();
  partner.close();
});

const scorm12Package = ({ title = 'A course' }: { title?: string }): Promise<Buffer> => {
  const item = '<item identifier="item" identifierref="res"><title>The Lesson</title></item>';
  const organization = `<organization identifier="org"><title>${title}</title>${item}</organization>`;
  return zipOf(scormCourse({ organizations: `<organizations default="org">${organization}</organizations>` }));
};

let count = 0;
const newId = (): string => `course ${(count += 1)}/é`;

async function upload(courseId: string, file: Buffer, options: object = {}) {
  return call<{ result: string }>('createUploadAndImportCourseJob', courseId, { file, ...options });
}
async function imported(courseId: string, file: Buffer, options: object = {}) {
  const { status, data } = await upload(courseId, file, options);
  expect(status).toBe(200);
  return ended(call, data.result);
}
const blobCount = async (): Promise<number> =>
  Number((await hub.resources.db('blobs').count<{ count: string }[]>('*'))[0]!.count);

describe('an uploaded package', () => {
  it('becomes version 0 of the course, with its activities, and the answer is exactly {result}', async () => {
    const courseId = newId();
    const form = new FormData();
    form.append('file', new Blob([await scorm12Package({ title: 'Golf' })]), 'golf.zip');
    const query = new URLSearchParams({ courseId });
    const answer = await hub.fetch(`/api/v2/courses/importJobs/upload?${query.toString()}`, {
      method: 'POST',
      key,
      body: form,
    });
    const body = (await answer.json()) as { result: string };
    expect(Object.keys(body)).toEqual(['result']);
    const job = await ended(call, body.result);
    expect(job).toMatchObject({
      jobId: body.result,
      status: 'COMPLETE',
      importResult: {
        parserWarnings: [],
        course: { id: courseId, title: 'Golf', version: 0, courseLearningStandard: 'SCORM12' },
      },
    });
    const { data: course } = await call('getCourse', courseId, {
      includeCourseMetadata: true,
    });
    expect(course).toMatchObject({ id: courseId, title: 'Golf', version: 0, metadata: { title: 'Golf' } });
    expect(course['rootActivity']).toMatchObject({ title: 'Golf', children: [{ activityType: 'SCO' }] });
  });

  it('from a Buffer without file name and type, as the vendor’s client sends it, is taken', async () => {
    expect(await imported(newId(), await scorm12Package({}))).toMatchObject({ status: 'COMPLETE' });
  });

  it('puts its tags on the course', async () => {
    const courseId = newId();
    const form = new FormData();
    form.append('tags', 'red,blue');
    form.append('file', new Blob([await scorm12Package({})]));
    const query = new URLSearchParams({ courseId });
    const answer = await hub.fetch(`/api/v2/courses/importJobs/upload?${query.toString()}`, {
      method: 'POST',
      key,
      body: form,
    });
    await ended(call, ((await answer.json()) as { result: string }).result);
    const { data } = await call<{ tags: string[] }>('getCourse', courseId, {});
    expect(data.tags.sort()).toEqual(['blue', 'red']);
  });

  it('with the same content as another is stored once', async () => {
    const file = await scorm12Package({ title: 'Stored once' });
    const before = await blobCount();
    await imported(newId(), file);
    await imported(newId(), file);
    expect((await blobCount()) - before).toBe(1);
  });
});

describe('versions', () => {
  it('count 0, 1, 2 with mayCreateNewVersion; without it an existing course is 409', async () => {
    const courseId = newId();
    await imported(courseId, await scorm12Package({ title: 'One' }));
    const refused = await upload(courseId, await scorm12Package({ title: 'Two' }));
    expect(refused.status).toBe(409);
    expect(refused.error?.message).toContain('mayCreateNewVersion');
    for (const [version, title] of [
      [1, 'Two'],
      [2, 'Three'],
    ] as const) {
      const job = await imported(courseId, await scorm12Package({ title }), { mayCreateNewVersion: true });
      expect(job.importResult?.course).toMatchObject({ version, title });
    }
    expect((await call('getCourse', courseId, {})).data).toMatchObject({ version: 2, title: 'Three' });
  });

  it('a failed import of a new version leaves the old state', async () => {
    const courseId = newId();
    await imported(courseId, await scorm12Package({ title: 'Good' }));
    const job = await imported(courseId, Buffer.from('PK\u0003\u0004 not a zip at all'), { mayCreateNewVersion: true });
    expect(job.status).toBe('ERROR');
    expect((await call('getCourse', courseId, {})).data).toMatchObject({ version: 0, title: 'Good' });
  });

  it('two imports of one new course id at the same moment: one wins, the other gets 409', async () => {
    const courseId = newId();
    const file = await scorm12Package({});
    const answers = await Promise.all([upload(courseId, file), upload(courseId, file), upload(courseId, file)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
    const winner = answers.find(({ status }) => status === 200)!;
    expect(await ended(call, winner.data.result)).toMatchObject({ status: 'COMPLETE' });
  });

  it('an id is free again after an import that failed', async () => {
    const courseId = newId();
    expect((await imported(courseId, Buffer.from('nothing'))).status).toBe('ERROR');
    expect((await call('getCourse', courseId, {})).status).toBe(404);
    expect((await imported(courseId, await scorm12Package({}))).status).toBe('COMPLETE');
  });
});

describe('a file that cannot be a course', () => {
  it('ends the job in ERROR with a message, and leaves nothing behind', async () => {
    const before = await blobCount();
    const job = await imported(newId(), Buffer.concat([Buffer.from('PK\u0003\u0004'), randomBytes(500)]));
    expect(job.status).toBe('ERROR');
    expect(job.message.length).toBeGreaterThan(20);
    expect(job.importResult).toBeUndefined();
    // Its file goes after the commit that the status shows.
    for (let i = 0; i < 100 && (await blobCount()) > before; i += 1) await new Promise((go) => setTimeout(go, 50));
    expect(await blobCount()).toBe(before);
    const keys: string[] = [];
    for await (const blob of hub.resources.content.list({ olderThan: new Date(Date.now() + 1000) })) keys.push(blob);
    expect(keys).toHaveLength(before);
  });
});

describe('a fetched package', () => {
  const fetchJob = (url: string, body: object = {}, courseId = newId()) =>
    call<{ result: string }>('createFetchAndImportCourseJob', courseId, { url, ...body }, {});

  it('is fetched, redirects included, and imported', async () => {
    served.set('/golf.zip', { body: await scorm12Package({ title: 'Fetched' }), type: 'application/zip' });
    served.set('/moved.zip', { body: Buffer.alloc(0), status: 302, location: '/golf.zip' });
    const { data } = await fetchJob(`${partnerUrl}/moved.zip`);
    expect(await ended(call, data.result)).toMatchObject({
      status: 'COMPLETE',
      importResult: { course: { title: 'Fetched' } },
    });
  });

  it('works through the noUpload operation as well', async () => {
    served.set('/again.zip', { body: await scorm12Package({ title: 'Again' }) });
    const request = { fetchRequest: { url: `${partnerUrl}/again.zip` } };
    const { data } = await call<{ result: string }>('createNoUploadAndImportCourseJob', newId(), request, {});
    expect((await ended(call, data.result)).status).toBe('COMPLETE');
  });

  it.each([
    ['that is not there', '/missing.zip', /404/],
    ['that redirects to a private address', '/inside.zip', /private|refused|allow/i],
    ['that redirects for ever', '/loop.zip', /redirect/i],
  ])('%s ends in ERROR with the cause', async (_, path, cause) => {
    served.set('/inside.zip', { body: Buffer.alloc(0), status: 302, location: 'http://10.0.0.1/x.zip' });
    served.set('/loop.zip', { body: Buffer.alloc(0), status: 302, location: '/loop.zip' });
    const { data } = await fetchJob(`${partnerUrl}${path}`);
    const job = await ended(call, data.result);
    expect(job.status).toBe('ERROR');
    expect(job.message).toMatch(cause);
  });

  it('from a server that does not answer is tried again, then ends in ERROR', async () => {
    const { data } = await fetchJob('http://127.0.0.1:9999/golf.zip');
    const job = await ended(call, data.result);
    expect(job.status).toBe('ERROR');
    expect(job.message).toContain('127.0.0.1:9999');
  });

  it.each([
    ['no URL', {}, 'url'],
    ['a relative URL', { url: '/golf.zip' }, 'url'],
    ['another scheme', { url: 'file:///etc/passwd' }, 'url'],
    ['an empty URL', { url: '' }, 'url'],
    ['a number', { url: 7 }, 'url'],
  ])('with %s is 400 that names it', async (_, body, member) => {
    const answer = await call('createFetchAndImportCourseJob', newId(), body, {});
    expect(answer.status).toBe(400);
    expect(answer.error?.message).toContain(member);
  });
});

describe('a media file', () => {
  const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF');

  it('becomes a course with the title and description that came with it', async () => {
    const metadata = { title: 'A paper', description: 'Two pages', contentLanguage: 'de', estimatedDuration: 90 };
    const job = await imported(newId(), pdf, {
      uploadedContentType: 'application/pdf',
      contentMetadata: JSON.stringify(metadata),
    });
    expect(job).toMatchObject({
      status: 'COMPLETE',
      importResult: { courseLanguages: ['de'], course: { title: 'A paper', metadata: { description: 'Two pages' } } },
    });
  });

  it('whose declared type is another ends in ERROR that names both', async () => {
    const job = await imported(newId(), pdf, { uploadedContentType: 'video/mp4' });
    expect(job.status).toBe('ERROR');
    expect(job.message).toMatch(/video\/mp4/);
    expect(job.message).toMatch(/pdf/i);
  });

  it('by reference plays from its URL, and is not fetched', async () => {
    const url = 'https://media.example.com/lecture.mp4';
    const request = {
      mediaFileReferenceRequest: { url, contentType: 'video/mp4', mediaFileMetadata: { title: 'Lecture' } },
    };
    const courseId = newId();
    const { data } = await call<{ result: string }>('createNoUploadAndImportCourseJob', courseId, request, {});
    const job = await ended(call, data.result);
    expect(job).toMatchObject({ status: 'COMPLETE', importResult: { course: { title: 'Lecture' } } });
    expect(JSON.stringify((await call('getCourse', courseId, {})).data)).toContain(url);
  });

  it('from a connector is refused with a message that says so', async () => {
    const request = { connectorReferenceRequest: { connectorId: 'x', connectorIdForContent: 'y' } };
    const answer = await call('createNoUploadAndImportCourseJob', newId(), request, {});
    expect(answer.status).toBe(400);
    expect(answer.error?.message).toContain('connector');
  });
});

describe('requests that are not well formed', () => {
  const query = (parameters: Record<string, string>) =>
    `/api/v2/courses/importJobs/upload?${new URLSearchParams(parameters).toString()}`;
  const form = async (): Promise<FormData> => {
    const body = new FormData();
    body.append('file', new Blob([await scorm12Package({})]), 'golf.zip');
    return body;
  };

  it.each([
    ['no courseId', {}, 'courseId'],
    ['an empty courseId', { courseId: '' }, 'courseId'],
    ['a courseId over 255 characters', { courseId: 'x'.repeat(256) }, 'courseId'],
    [
      'a mayCreateNewVersion that is no boolean',
      { courseId: 'a', mayCreateNewVersion: 'perhaps' },
      'mayCreateNewVersion',
    ],
    ['a postbackUrl that is none', { courseId: 'a', postbackUrl: 'not a url' }, 'postbackUrl'],
  ])('%s: 400 that names it', async (_, parameters, name) => {
    const answer = await hub.fetch(query(parameters), {
      method: 'POST',
      key,
      body: await form(),
    });
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { message: string }).message).toContain(name);
  });

  it('a courseId of 255 characters is taken', async () => {
    const answer = await hub.fetch(query({ courseId: 'é'.repeat(255) }), { method: 'POST', key, body: await form() });
    expect(answer.status).toBe(200);
  });

  it('a form without a file, with two, or with contentMetadata that is not JSON: 400, and no blob stays', async () => {
    const before = await blobCount();
    const empty = new FormData();
    empty.append('contentMetadata', '{}');
    const two = await form();
    two.append('file', new Blob(['again']), 'again.zip');
    const odd = await form();
    odd.append('contentMetadata', '{title');
    for (const body of [empty, two, odd]) {
      const answer = await hub.fetch(query({ courseId: newId() }), { method: 'POST', key, body });
      expect(answer.status).toBe(400);
    }
    expect(await blobCount()).toBe(before);
  });

  it('a body that is not multipart is 415', async () => {
    const answer = await hub.fetch(query({ courseId: 'a' }), {
      method: 'POST',
      key,
      body: 'PK',
      headers: { 'content-type': 'application/zip' },
    });
    expect(answer.status).toBe(415);
  });

  it('True and False of the Python client are booleans, unknown parameters are ignored', async () => {
    const answer = await hub.fetch(query({ courseId: newId(), mayCreateNewVersion: 'False', colour: 'red' }), {
      method: 'POST',
      key,
      body: await form(),
    });
    expect(answer.status).toBe(200);
  });
});

describe('the postback', () => {
  it('carries the job’s result, whichever way it ended', async () => {
    const good = await imported(newId(), await scorm12Package({}), { postbackUrl: `${partnerUrl}/good?x=1` });
    const bad = await imported(newId(), Buffer.from('nothing'), { postbackUrl: `${partnerUrl}/bad` });
    const arrived = async (path: string) => {
      for (let i = 0; i < 200; i += 1) {
        const found = postbacks.find((postback) => postback.path === path);
        if (found) return found.body;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`no postback at ${path}`);
    };
    // The vendor's client turns dates into Date objects.
    expect(await arrived('/good?x=1')).toEqual(JSON.parse(JSON.stringify(good)));
    expect(await arrived('/bad')).toEqual({ jobId: bad.jobId, status: 'ERROR', message: bad.message });
  });
});

describe('tenants', () => {
  it('do not see each other’s courses and jobs: 404', async () => {
    const courseId = newId();
    const { data } = await upload(courseId, await scorm12Package({}));
    await ended(call, data.result);
    const stranger = courseApi(hub, await hub.newKey());
    expect((await stranger('getImportJobStatus', data.result)).status).toBe(404);
    expect((await stranger('getCourse', courseId, {})).status).toBe(404);
    expect((await stranger('deleteCourse', courseId)).status).toBe(404);
    expect((await stranger<{ courses: unknown[] }>('getCourses', {})).data.courses).toEqual([]);
    expect((await call('getCourse', courseId, {})).status).toBe(200);
  });

  it('may use the same course id', async () => {
    const courseId = newId();
    await imported(courseId, await scorm12Package({ title: 'Mine' }));
    const other = courseApi(hub, await hub.newKey());
    const { data } = await other<{ result: string }>('createUploadAndImportCourseJob', courseId, {
      file: await scorm12Package({ title: 'Theirs' }),
    });
    expect((await ended(other, data.result)).importResult?.course.title).toBe('Theirs');
    expect((await call<{ title: string }>('getCourse', courseId, {})).data.title).toBe('Mine');
  });
});

describe('getImportJobStatus', () => {
  it('is 404 for what is no job, and a week after the job ended', async () => {
    expect((await call('getImportJobStatus', 'nonsense')).status).toBe(404);
    expect((await call('getImportJobStatus', '5d0c5a6e-0000-4000-8000-000000000000')).status).toBe(404);
    const { data } = await upload(newId(), await scorm12Package({}));
    await ended(call, data.result);
    await hub.resources.db.raw("update import_jobs set finished_at = now() - interval '7 days 1 minute' where id = ?", [
      data.result,
    ]);
    expect((await call('getImportJobStatus', data.result)).status).toBe(404);
  });
});

describe('deleteCourse', () => {
  it('makes the course invisible at once, frees its id, and its content goes', async () => {
    const courseId = newId();
    const file = await scorm12Package({ title: `To delete ${courseId}` });
    await imported(courseId, file);
    const sha256 = createHash('sha256').update(file).digest();
    expect(await hub.resources.db('blobs').where({ sha256 })).toHaveLength(1);
    expect((await call('deleteCourse', courseId)).status).toBe(204);
    expect((await call('getCourse', courseId, {})).status).toBe(404);
    expect((await call('deleteCourse', courseId)).status).toBe(404);
    for (let i = 0; i < 200 && (await hub.resources.db('blobs').where({ sha256 })).length > 0; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await hub.resources.db('blobs').where({ sha256 })).toHaveLength(0);
    expect(await imported(courseId, file)).toMatchObject({
      status: 'COMPLETE',
      importResult: { course: { version: 0 } },
    });
  });

  it('keeps content that another course uses', async () => {
    const [kept, deleted] = [newId(), newId()];
    const file = await scorm12Package({ title: 'Shared content' });
    await imported(kept, file);
    await imported(deleted, file);
    await call('deleteCourse', deleted);
    const { client } = workers;
    const rows = await hub.resources.db('courses').where({ course_id: deleted }).select<{ id: string }[]>('id');
    if (rows[0])
      await client.workflow
        .getHandle(`delete-course/${rows[0].id}`)
        .result()
        .catch(() => undefined);
    const sha256 = createHash('sha256').update(file).digest();
    expect(await hub.resources.db('blobs').where({ sha256 })).toHaveLength(1);
    expect((await call('getCourse', kept, {})).status).toBe(200);
  });
});

describe('in the Temporal Web UI', () => {
  it('an import is one workflow, named after its job, with ids and state to search by and a summary', async () => {
    const courseId = newId();
    const { data } = await upload(courseId, await scorm12Package({}));
    await ended(call, data.result);
    const handle = workers.client.workflow.getHandle(`import/${data.result}`);
    await expect(handle.result()).resolves.toEqual({ status: 'COMPLETE' });
    const description = await handle.describe();
    expect(description.type).toBe('importCourse');
    expect(await description.staticSummary()).toContain('upload');
    const attributes = Object.fromEntries(
      description.typedSearchAttributes.getAll().map(({ key: { name }, value }) => [name, value]),
    );
    expect(attributes).toMatchObject({
      HubApplicationId: key.applicationId,
      HubCourseId: courseId,
      HubJobId: data.result,
      HubState: 'COMPLETE',
    });
  });
});
