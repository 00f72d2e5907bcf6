import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createEnrollmentLifecycleActivities } from '../../activities/enrollment-lifecycle';
import { deleteProgram } from '../../src/programs/delete-program';
import { type Relay, startRelay } from '../../src/temporal/relay';
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
let programs: ProgramFixture;

beforeAll(async () => {
  quietRuntime();
  [hub, env] = await Promise.all([startHub(), timeSkipping()]);
  const searchAttributes = { HubApplicationId: keyword, HubProgramId: keyword };
  await env.connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes });
  const { db, log, config } = hub.resources;
  programs = await ProgramFixture.create(db);
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

test('whoever is enrolled in a program that is deleted is removed, and their records stay', async () => {
  const [program, other] = [await programs.program(), await programs.program()];
  const learners = await programs.learners(450);
  const refs = learners.map(({ id }) => ({ id }));
  await programs.enroll(program.id, refs);
  await programs.enroll(other.id, refs.slice(0, 1));
  await programs.complete({ learner: refs[0]!, courseId: 'golf' });
  await deleteProgram({ applicationId: programs.applicationId, programId: program.id }, programs.needs);
  const handle = env.client.workflow.getHandle(`empty-program/${program.id}`);
  await untilStarted(handle);
  await handle.result();
  const presences = (programId: number) =>
    hub.resources.db('enrollments').where({ program_id: programId }).distinct().pluck<string[]>('presence');
  expect(await presences(program.id)).toEqual(['deleted']);
  expect(await presences(other.id)).toEqual(['live']);
  const enrollment = await programs.enrollment(program.id, refs[0]!.id);
  expect(await programs.story(enrollment)).toEqual(['enrolled', 'source_added', 'step_completed', 'removed']);
  expect((await programs.events(enrollment)).at(-1)).toBe('HUB_ENROLLMENT_REMOVED');
  await recordHistory('empty-program.emptied', handle);
});

test('nobody gets into a program that is deleted at the same moment', async () => {
  const program = await programs.program();
  const learners = await programs.learners(30);
  const choice = { applicationId: programs.applicationId, programId: program.id };
  const outcomes = await Promise.allSettled([
    ...learners.slice(0, 15).map(({ id }) => programs.enroll(program.id, [{ id }])),
    deleteProgram(choice, programs.needs),
    ...learners.slice(15).map(({ id }) => programs.enroll(program.id, [{ id }])),
  ]);
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as object] : []));
  for (const failure of failures) expect(failure).toMatchObject({ kind: 'not-found' });
  const handle = env.client.workflow.getHandle(`empty-program/${program.id}`);
  await untilStarted(handle);
  await handle.result();
  const live = await hub.resources.db('enrollments').where({ program_id: program.id, presence: 'live' }).pluck('id');
  expect(live).toEqual([]);
});

test('a recorded history is replayed without a difference', async () => {
  await expect(replay('empty-program.emptied')).resolves.toBeUndefined();
});
