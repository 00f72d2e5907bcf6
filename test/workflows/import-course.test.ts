import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { recordHistory, replay } from '../support/histories';
import { scormCourse, zipOf } from '../support/course-packages';
import { startHub, type TestHub } from '../support/hub';
import { type HubWorkers, startWorkers } from '../support/hub-workers';
import { type CallCourseApi, courseApi, ended, type JobStatus } from '../support/scorm-cloud';
import { devServer } from '../support/temporal';

let hub: TestHub;
let workers: HubWorkers;
let call: CallCourseApi;
let partner: Server;
let partnerUrl: string;
let golf: Buffer;

beforeAll(async () => {
  hub = await startHub();
  workers = await startWorkers(hub, await devServer(), ['imports', 'housekeeping']);
  call = courseApi(hub, await hub.newKey());
  golf = await zipOf(scormCourse());
  let requests = 0;
  partner = createServer(({ url }, response) => {
    if (url === '/hangs.zip') return;
    requests += 1;
    // The first answer is a fault that passes.
    response.writeHead(requests === 1 ? 503 : 200).end(golf);
  });
  await new Promise<void>((resolve) => partner.listen(0, '127.0.0.1', resolve));
  partnerUrl = `http://127.0.0.1:${(partner.address() as AddressInfo).port}`;
});
afterAll(async () => {
  partner.closeAllConnections();
  partner.close();
  await workers.stop();
  await (await devServer()).remove();
  await hub.close();
});

const handleOf = (jobId: string) => workers.client.workflow.getHandle(`import/${jobId}`);

async function finished(operation: string, ...args: unknown[]): Promise<JobStatus> {
  const { data } = await call<{ result: string }>(operation, ...args);
  const job = await ended(call, data.result);
  await handleOf(data.result).result();
  return job;
}

async function activitiesOf(jobId: string): Promise<string[]> {
  const { events } = await handleOf(jobId).fetchHistory();
  return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
    scheduled ? [scheduled.activityType?.name ?? ''] : [],
  );
}

describe('importCourse', () => {
  it('checks and publishes an upload, with no step more', async () => {
    const job = await finished('createUploadAndImportCourseJob', 'upload', { file: golf });
    expect(job.status).toBe('COMPLETE');
    expect(await activitiesOf(job.jobId)).toEqual(['checkPackage', 'publishCourse']);
    await recordHistory('import-course.upload', handleOf(job.jobId));
  });

  it('fetches first what is elsewhere, and tries again what can pass', async () => {
    const job = await finished('createFetchAndImportCourseJob', 'fetch', { url: `${partnerUrl}/a.zip` }, {});
    expect(job.status).toBe('COMPLETE');
    expect(await activitiesOf(job.jobId)).toEqual(['fetchPackage', 'checkPackage', 'publishCourse']);
    await recordHistory('import-course.fetch', handleOf(job.jobId));
  });

  it('does not try again a package that is bad, and ends well with the job in ERROR', async () => {
    const job = await finished('createUploadAndImportCourseJob', 'refused', { file: Buffer.from('a letter') });
    expect(job.status).toBe('ERROR');
    expect(await activitiesOf(job.jobId)).toEqual(['checkPackage', 'failImport']);
    expect((await handleOf(job.jobId).describe()).status.name).toBe('COMPLETED');
    await recordHistory('import-course.refused', handleOf(job.jobId));
  });

  it('cancelled by an operator ends the job in ERROR that says so', async () => {
    const { data } = await call<{ result: string }>(
      'createFetchAndImportCourseJob',
      'cancelled',
      { url: `${partnerUrl}/hangs.zip` },
      {},
    );
    const handle = handleOf(data.result);
    while (!(await started(data.result))) await new Promise((resolve) => setTimeout(resolve, 50));
    await handle.cancel();
    await handle.result();
    const job = await ended(call, data.result);
    expect(job).toMatchObject({ status: 'ERROR', message: expect.stringContaining('operator') });
    await recordHistory('import-course.cancelled', handle);
  });
});

/** Whether the workflow's first activity runs. */
async function started(jobId: string): Promise<boolean> {
  const { raw } = await handleOf(jobId)
    .describe()
    .catch(() => ({ raw: undefined }));
  return (raw?.pendingActivities ?? []).some(({ lastStartedTime }) => lastStartedTime);
}

describe('recorded histories of importCourse', () => {
  it.each(['upload', 'fetch', 'refused', 'cancelled'])('%s replays on the present code', async (name) => {
    await expect(replay(`import-course.${name}`)).resolves.toBeUndefined();
  });

  it('one that took another way does not: the check can fail', async () => {
    const renamed = replay('import-course.upload', (json) => json.replaceAll('checkPackage', 'inspectPackage'));
    await expect(renamed).rejects.toThrow(/[Nn]ondeterminism/);
  });
});
