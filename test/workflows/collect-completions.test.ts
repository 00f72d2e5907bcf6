import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createEnrollmentLifecycleActivities } from '../../activities/enrollment-lifecycle';
import { putMapping } from '../../src/programs/completion-mapping';
import { recordWaiting } from '../../src/programs/relay-completions';
import { type Relay, startRelay } from '../../src/temporal/relay';
import { eventOf, eventStore } from '../support/events';
import { recordHistory, replay } from '../support/histories';
import { startHub, type TestHub } from '../support/hub';
import { ProgramFixture } from '../support/programs';
import { quietRuntime, timeSkipping, workflowBundle } from '../support/temporal';
import { untilStarted } from '../support/workflows';

jest.setTimeout(120_000);

/** Of Temporal's IndexedValueType. */
const keyword = 2;

let hub: TestHub;
let env: TestWorkflowEnvironment;
let relay: Relay;
let worker: Worker;
let running: Promise<void>;

beforeAll(async () => {
  quietRuntime();
  [hub, env] = await Promise.all([startHub(), timeSkipping()]);
  const searchAttributes = { HubApplicationId: keyword };
  await env.connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes });
  const { db, log, config } = hub.resources;
  relay = startRelay({ db, databaseUrl: config.database.url, client: env.client, log }, ['enrollments']);
  worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: 'enrollments',
    workflowBundle: workflowBundle(),
    activities: createEnrollmentLifecycleActivities(hub.resources),
  });
  running = worker.run();
});
afterAll(async () => {
  await relay.stop();
  worker.shutdown();
  await running;
  await env.teardown();
  await hub.close();
});

/** An application that published for a program of its own: events of this type complete `course-0`, `course-1`… */
async function publisher(program: string, type: string, count: number): Promise<string> {
  const key = await hub.newKey({ programs: [program] });
  const store = eventStore(hub, key);
  for (let nth = 0; nth < count; nth += 1) {
    const event = eventOf(program, { EventType: type, EventData: { courseId: `course-${nth}` } });
    expect((await store.put(`${program}-${nth}`, event)).status).toBe(200);
  }
  return key.applicationId;
}

async function collected(applicationId: string): Promise<string[]> {
  while ((await recordWaiting(hub.resources)) > 0);
  const courses = await hub.resources
    .db('completions')
    .where({ application_id: applicationId })
    .pluck<string[]>('course_id');
  return courses.sort();
}

test('events from before the first program are asked by the default mapping', async () => {
  const applicationId = await publisher('EARLY', 'AI_COMP_SUCCESS', 3);
  await ProgramFixture.of(hub.resources.db, applicationId).program();
  const handle = env.client.workflow.getHandle(`collect-completions/${applicationId}`);
  await untilStarted(handle);
  await handle.result();
  expect(await collected(applicationId)).toEqual(['course-0', 'course-1', 'course-2']);
  await recordHistory('collect-completions.collected', handle);
});

test('events from before a mapping that is the first are asked by it', async () => {
  const applicationId = await publisher('MAPPED', 'DONE', 2);
  await putMapping(applicationId, { events: { types: ['DONE'] } }, () => undefined, hub.resources);
  const handle = env.client.workflow.getHandle(`collect-completions/${applicationId}`);
  await untilStarted(handle);
  await handle.result();
  expect(await collected(applicationId)).toEqual(['course-0', 'course-1']);
  await recordHistory('collect-completions.mapped', handle);
});

test.each(['collected', 'mapped'])('a recorded history is replayed without a difference: %s', async (name) => {
  await expect(replay(`collect-completions.${name}`)).resolves.toBeUndefined();
});
