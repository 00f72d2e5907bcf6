import { Readable } from 'node:stream';
import { Client, Connection } from '@temporalio/client';
import { sweepImports } from '../../src/courses/sweep-imports';
import { removeOrphans } from '../../src/storage/remove-orphans';
import { scormCourse, zipOf } from '../support/course-packages';
import { startHub, type TestHub } from '../support/hub';
import { startWorkers } from '../support/hub-workers';
import { type CallCourseApi, courseApi, ended } from '../support/scorm-cloud';
import { devServer } from '../support/temporal';

let hub: TestHub;
let call: CallCourseApi;
let client: Client;

beforeAll(async () => {
  hub = await startHub();
  call = courseApi(hub, await hub.newKey());
  client = new Client({ connection: await Connection.connect({ address: (await devServer()).address }) });
});
afterAll(async () => {
  await client.connection.close();
  await (await devServer()).remove();
  await hub.close();
});

let count = 0;
const upload = async (): Promise<string> => {
  const file = await zipOf(scormCourse({}, { 'own.txt': `package ${(count += 1)}` }));
  return (await call<{ result: string }>('createUploadAndImportCourseJob', `swept-${count}`, { file })).data.result;
};
const inTwoHours = (): Date => new Date(Date.now() + 2 * 3600 * 1000);
const sweep = (now: Date) => sweepImports(now, hub.resources, client);
const statusOf = async (jobId: string) =>
  (await call<{ status: string; message: string }>('getImportJobStatus', jobId)).data;

describe('the sweep of imports', () => {
  it('leaves alone what waits in the outbox, and what was heard of lately', async () => {
    const jobId = await upload();
    expect(await sweep(inTwoHours())).toBe(0);
    expect(await sweep(new Date())).toBe(0);
    expect(await statusOf(jobId)).toMatchObject({ status: 'RUNNING' });
    await hub.resources.db('outbox').delete();
    await hub.resources.db('import_jobs').where({ id: jobId }).delete();
  });

  it('starts an import again whose workflow Temporal has lost', async () => {
    const jobId = await upload();
    await hub.resources.db('outbox').delete();
    expect(await sweep(inTwoHours())).toBe(1);
    const workers = await startWorkers(hub, await devServer(), ['imports']);
    expect(await ended(call, jobId)).toMatchObject({ status: 'COMPLETE' });
    await workers.stop();
  });

  it('ends the job of a workflow that an operator terminated', async () => {
    const jobId = await upload();
    await hub.resources.db('outbox').delete();
    // No worker runs here, so that it stays where it is.
    const handle = await client.workflow.start('importCourse', {
      workflowId: `import/${jobId}`,
      taskQueue: 'imports',
      args: [{ jobId, fetch: false }],
    });
    expect(await sweep(inTwoHours())).toBe(0);
    await handle.terminate('a test');
    expect(await sweep(inTwoHours())).toBe(1);
    expect(await statusOf(jobId)).toMatchObject({ status: 'ERROR', message: expect.stringContaining('operator') });
  });
});

describe('the collection of content', () => {
  it('removes files without a row once they are a day old, and no others', async () => {
    const { content, db } = hub.resources;
    const orphan = await content.write(Readable.from([Buffer.from('nobody knows me')]), { maxBytes: 100 });
    const kept = (await db('blobs').pluck('key')) as string[];
    expect(kept.length).toBeGreaterThan(0);
    expect(await removeOrphans(hub.resources, new Date(), () => undefined)).toBe(0);
    const tomorrow = new Date(Date.now() + 25 * 3600 * 1000);
    expect(await removeOrphans(hub.resources, tomorrow, () => undefined)).toBe(1);
    await expect(content.open(orphan.key)).rejects.toMatchObject({ kind: 'not-found' });
    for (const key of kept) await (await content.open(key)).close();
  });

  it('is a workflow that a schedule starts, and that ends well', async () => {
    const workers = await startWorkers(hub, await devServer(), ['housekeeping']);
    const handle = await client.workflow.start('housekeeping', {
      workflowId: 'housekeeping/test',
      taskQueue: 'housekeeping',
    });
    await expect(handle.result()).resolves.toBeUndefined();
    await workers.stop();
  });
});
