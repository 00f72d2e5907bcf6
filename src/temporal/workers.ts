import path from 'node:path';
import type { Client } from '@temporalio/client';
import { type NativeConnection, Worker } from '@temporalio/worker';
import { createDrainDeliveriesActivities } from '../../activities/drain-deliveries';
import { createEnrollmentLifecycleActivities } from '../../activities/enrollment-lifecycle';
import { createFinishLaunchActivities } from '../../activities/finish-launch';
import { createHousekeepingActivities } from '../../activities/housekeeping';
import { createImportActivities } from '../../activities/import-course';
import { createRecoverEndpointActivities } from '../../activities/recover-endpoint';
import { createRetryDeliveryActivities } from '../../activities/retry-delivery';
import type { Config, TaskQueue } from '../config';
import type { Resources } from '../resources';
import { namespaceOf } from './connection';

/** Where the build puts the workflows' bundle. */
const builtBundle = path.resolve(__dirname, '../../workflow-bundle.js');

/** After the grace, running activities are told to stop; this long later the process goes, and Temporal gives them to another. */
const forceAfterGraceSeconds = 10;

/** What the workers of a process share. */
export interface WorkerParts {
  resources: Resources;
  connection: NativeConnection;
  client: Client;
  /** Aborted when the process is told to stop. */
  stopping: AbortSignal;
}

interface QueueWork {
  activities: object;
  /** Activities of this queue that a worker runs at once. */
  concurrency: number;
}

/** What each task queue's worker does. */
const workOf: Readonly<Record<TaskQueue, (parts: WorkerParts) => QueueWork>> = {
  imports: ({ resources }) => ({
    activities: createImportActivities(resources),
    concurrency: resources.config.worker.concurrentImports,
  }),
  enrollments: ({ resources }) => ({
    activities: createEnrollmentLifecycleActivities(resources),
    // Short transactions: more would only wait for connections.
    concurrency: resources.config.database.poolSize,
  }),
  deliveries: ({ resources, stopping }) => ({
    activities: {
      ...createDrainDeliveriesActivities(resources, stopping),
      ...createRecoverEndpointActivities(resources),
      ...createRetryDeliveryActivities(resources),
    },
    // The drains of all shards hold one each for as long as they run.
    concurrency: 100,
  }),
  housekeeping: ({ resources, client }) => ({
    activities: { ...createHousekeepingActivities(resources, client), ...createFinishLaunchActivities(resources) },
    concurrency: 4,
  }),
};

export function createWorker(queue: TaskQueue, parts: WorkerParts): Promise<Worker> {
  const { config } = parts.resources;
  const { activities, concurrency } = workOf[queue](parts);
  return Worker.create({
    connection: parts.connection,
    namespace: namespaceOf(config),
    taskQueue: queue,
    workflowBundle: { codePath: config.worker.bundlePath ?? builtBundle },
    activities,
    maxConcurrentActivityTaskExecutions: concurrency,
    // The default holds back heartbeats for 30 s and more, which a time-out of 8 s could not be told from death.
    maxHeartbeatThrottleInterval: '2 s',
    shutdownGraceTime: config.worker.graceSeconds * 1000,
    shutdownForceTime: (config.worker.graceSeconds + forceAfterGraceSeconds) * 1000,
    ...versioning(config),
  });
}

/** With a build id, running workflows move to the newest deployed version (AUTO_UPGRADE); see docs/operations.md. */
function versioning({ worker: { buildId, deploymentName } }: Config): object {
  if (buildId === undefined) return {};
  return {
    workerDeploymentOptions: {
      useWorkerVersioning: true,
      version: { deploymentName, buildId },
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
  };
}
