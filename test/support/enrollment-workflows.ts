import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createEnrollmentLifecycleActivities } from '../../activities/enrollment-lifecycle';
import type { Enrollment } from '../../src/programs/enrollment.rules';
import { type Relay, startRelay } from '../../src/temporal/relay';
import type { enrollmentLifecycle } from '../../workflows';
import { startHub, type TestHub } from './hub';
import { ProgramFixture } from './programs';
import { quietRuntime, timeSkipping, workflowBundle } from './temporal';

interface RunningWorker {
  stop(): Promise<void>;
}

/** Of Temporal's IndexedValueType. */
const [keyword, datetime] = [2, 6];

/** A hub with a relay, a worker, and a server on which time is passed by `env.sleep`. */
export class EnrollmentWorkflows {
  private constructor(
    readonly hub: TestHub,
    readonly env: TestWorkflowEnvironment,
    readonly programs: ProgramFixture,
    private readonly relay: Relay,
    private worker: RunningWorker,
  ) {}

  static async start(): Promise<EnrollmentWorkflows> {
    quietRuntime();
    const [hub, env] = await Promise.all([startHub(), timeSkipping()]);
    const ids = ['HubApplicationId', 'HubProgramId', 'HubLearnerId', 'HubEnrollmentId', 'HubState', 'HubCourseId'];
    const searchAttributes = { ...Object.fromEntries(ids.map((name) => [name, keyword])), HubNextWake: datetime };
    await env.connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes });
    const { db, log, config, wake } = hub.resources;
    const relay = startRelay({ db, databaseUrl: config.database.url, client: env.client, log }, ['enrollments']);
    const programs = await ProgramFixture.create(db, wake);
    return new EnrollmentWorkflows(hub, env, programs, relay, await startWorker(hub, env));
  }

  async close(): Promise<void> {
    await this.relay.stop();
    await this.worker.stop();
    await this.env.teardown();
    await this.hub.close();
  }

  /** As in a deployment: the new one is there before the old one goes. */
  async replaceWorker(): Promise<void> {
    const old = this.worker;
    this.worker = await startWorker(this.hub, this.env);
    await old.stop();
  }

  /** The server's. */
  now = async (): Promise<Date> => new Date(await this.env.currentTimeMs());

  handleOf = ({ id }: Pick<Enrollment, 'id'>): WorkflowHandle<typeof enrollmentLifecycle> =>
    this.env.client.workflow.getHandle<typeof enrollmentLifecycle>(`enrollment/${id}`);

  /** What a running workflow says that it does. */
  async detailsOf(enrollment: Pick<Enrollment, 'id'>): Promise<string> {
    const handle = this.handleOf(enrollment);
    return (await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails;
  }
}

/** A worker as a process of its own has it: with its own connection. */
async function startWorker({ resources }: TestHub, { address }: TestWorkflowEnvironment): Promise<RunningWorker> {
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    taskQueue: 'enrollments',
    // No sticky queue: on this server, a task that waits in that of a worker which has gone holds time up.
    maxCachedWorkflows: 0,
    workflowBundle: workflowBundle(),
    activities: createEnrollmentLifecycleActivities(resources),
  });
  const running = worker.run();
  return {
    async stop() {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
