import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { scormCourse, zipOf } from '../support/course-packages';
import { untilSomebodyWaits } from '../support/database';
import { freePort, startProcess, type TestProcess } from '../support/processes';
import { type CallCourseApi, courseApi, ended } from '../support/scorm-cloud';
import { createTcpGate, type TcpGate } from '../support/tcp-gate';
import { DevServer } from '../support/temporal';

/** A dead worker is noticed after 8 s without a heartbeat, a dead relay's rows come back after 15 s. */
jest.setTimeout(120_000);
const patienceMs = 90_000;

let hub: TestHub;
let key: TestKey;
let call: CallCourseApi;
let temporal: DevServer;
let gate: TcpGate;

beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey();
  call = courseApi(hub, key);
  temporal = await DevServer.create();
  await temporal.start();
  gate = await createTcpGate(temporal.address);
});
afterAll(async () => {
  await gate.close();
  await temporal.remove();
  await hub.close();
});

const startWorker = (): Promise<TestProcess> =>
  startProcess({
    entry: 'src/worker',
    env: { ...hub.env, LOG_LEVEL: 'info', TEMPORAL_ADDRESS: gate.address, TEMPORAL_NAMESPACE: 'default' },
    readyEvent: 'worker.ready',
  });

async function withWorker(test: (worker: TestProcess) => Promise<void>): Promise<void> {
  const worker = await startWorker();
  try {
    await test(worker);
  } finally {
    await worker.kill();
    gate.open();
  }
}

let count = 0;
const newId = (): string => `killed-${(count += 1)}`;

/** A package of its own each time, so that no step is skipped because equal content was checked before. */
const newPackage = (): Promise<Buffer> => zipOf(scormCourse({}, { 'own.txt': `package ${count} ${Math.random()}` }));

const upload = async (courseId: string): Promise<string> =>
  (await call<{ result: string }>('createUploadAndImportCourseJob', courseId, { file: await newPackage() })).data
    .result;

/** Asserts that the import completed, with exactly one version published. */
async function expectOneVersion(courseId: string, jobId: string): Promise<void> {
  expect(await ended(call, jobId, patienceMs)).toMatchObject({
    status: 'COMPLETE',
    importResult: { course: { id: courseId, version: 0 } },
  });
  const versions = await hub.resources
    .db('course_versions')
    .join('courses', 'courses.id', 'course_versions.course_id')
    .where({ 'courses.course_id': courseId, application_id: key.applicationId });
  expect(versions).toHaveLength(1);
}

/** Holds a lock in Postgres while `during` runs, so that a step can be met in its middle. */
async function whileLocked(lock: string, during: () => Promise<void>): Promise<void> {
  const tx = await hub.resources.db.transaction();
  try {
    await tx.raw(lock);
    await during();
  } finally {
    await tx.rollback();
  }
}

describe('an import whose worker is killed with SIGKILL', () => {
  it('before it was started at all completes with the next worker', async () => {
    const courseId = newId();
    const jobId = await upload(courseId);
    await withWorker(() => expectOneVersion(courseId, jobId));
  });

  it('while the relay hands it to Temporal', async () => {
    const courseId = newId();
    await withWorker(async (worker) => {
      gate.holdAnswers();
      const jobId = await upload(courseId);
      const isClaimed = async () =>
        (
          await hub.resources
            .db('outbox')
            .where({ workflow_id: `import/${jobId}` })
            .where('attempts', '>', 0)
        ).length > 0;
      while (!(await isClaimed())) await new Promise((resolve) => setTimeout(resolve, 20));
      await new Promise((resolve) => setTimeout(resolve, 200)); // Temporal has it by now; the relay does not know.
      await worker.kill();
      gate.open();
      await withWorker(async () => {
        await expectOneVersion(courseId, jobId);
        // The dead relay's row comes back, and that the work is there already counts as done.
        while ((await hub.resources.db('outbox').where({ workflow_id: `import/${jobId}` })).length > 0) {
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      });
    });
  });

  it('while the file is fetched', async () => {
    const courseId = newId();
    const file = await newPackage();
    let requests = 0;
    let tellFirst = (): void => undefined;
    const firstRequest = new Promise<void>((resolve) => (tellFirst = resolve));
    const partner: Server = createServer((_, response) => {
      requests += 1;
      tellFirst();
      response.writeHead(200, { 'content-length': file.length });
      // The first time it stops in the middle.
      if (requests > 1) response.end(file);
      else response.write(file.subarray(0, 100));
    });
    await new Promise<void>((resolve) => partner.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(partner.address() as AddressInfo).port}/golf.zip`;
      await withWorker(async (worker) => {
        const { data } = await call<{ result: string }>('createFetchAndImportCourseJob', courseId, { url }, {});
        await firstRequest;
        await worker.kill();
        await withWorker(() => expectOneVersion(courseId, data.result));
      });
      expect(requests).toBe(2);
    } finally {
      partner.closeAllConnections();
      partner.close();
    }
  });

  it.each([
    ['while the package’s index is written', 'package_entries'],
    ['in the middle of publishing', 'course_revisions'],
  ])('%s', async (_, table) => {
    const courseId = newId();
    await withWorker(async (worker) => {
      let jobId = '';
      await whileLocked(`lock table ${table} in exclusive mode`, async () => {
        jobId = await upload(courseId);
        await untilSomebodyWaits(hub.resources.db);
        await worker.kill();
      });
      await withWorker(() => expectOneVersion(courseId, jobId));
    });
  });

  it('after it published, before Temporal knew', async () => {
    const courseId = newId();
    await withWorker(async (worker) => {
      let jobId = '';
      await whileLocked('lock table course_revisions in exclusive mode', async () => {
        jobId = await upload(courseId);
        await untilSomebodyWaits(hub.resources.db);
        gate.holdRequests();
      });
      await ended(call, jobId, patienceMs); // The record says so; the workflow still waits for the step.
      await worker.kill();
      gate.open();
      await withWorker(async () => {
        await expectOneVersion(courseId, jobId);
        const connection = await Connection.connect({ address: temporal.address });
        const result = await new Client({ connection }).workflow.getHandle(`import/${jobId}`).result();
        await connection.close();
        expect(result).toEqual({ status: 'COMPLETE' });
      });
    });
  });
});

describe('an import whose api is killed with SIGKILL', () => {
  it('once it was answered completes all the same', async () => {
    const courseId = newId();
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const env = { ...hub.env, NODE_ENV: 'production', PORT: String(port), PUBLIC_URL: url };
    const api = await startProcess({ entry: 'src/api', env, readyUrl: `${url}/health/ready` });
    const form = new FormData();
    form.append('file', new Blob([await newPackage()]), 'golf.zip');
    const answer = await fetch(`${url}/api/v2/courses/importJobs/upload?courseId=${courseId}`, {
      method: 'POST',
      headers: { authorization: key.basic },
      body: form,
    });
    const { result } = (await answer.json()) as { result: string };
    await api.kill('SIGKILL');
    await withWorker(() => expectOneVersion(courseId, result));
  });
});

describe('an import while Temporal is stopped', () => {
  it('is accepted, and completes when Temporal is back', async () => {
    const courseId = newId();
    await withWorker(async () => {
      await temporal.stop();
      const jobId = await upload(courseId);
      expect((await call<{ status: string }>('getImportJobStatus', jobId)).data.status).toBe('RUNNING');
      await temporal.start();
      await expectOneVersion(courseId, jobId);
    });
  });
});
